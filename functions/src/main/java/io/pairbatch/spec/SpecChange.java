package io.pairbatch.spec;

import io.pairbatch.text.Json;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/// A field that two specifications of one job have otherwise. What is judged is the same in both.
///
/// @param name as in job.json
/// @param before its value in JSON; empty where it is not set
/// @param after the same in the later specification
/// @param part what the field decides
public record SpecChange(String name, String before, String after, Part part) {

    private static final int SHOWN = 60;

    /// All of them, in the order of the fields' declaration.
    public static List<SpecChange> between(JobSpec before, JobSpec after) {
        List<SpecChange> changes = new ArrayList<>();
        for (Field<?> field : JobFields.all()) {
            if (field.part() == Part.JUDGED) {
                continue;
            }
            String old = value(field, before);
            String now = value(field, after);
            if (!old.equals(now) && !field.isUnsaid(before, after)) {
                changes.add(new SpecChange(field.name(), old, now, field.part()));
            }
        }
        return changes;
    }

    /// Those in options that ask for no other answer. They are frozen like the plan.
    ///
    /// @param names of these options
    public static List<SpecChange> ofOptions(JobSpec before, JobSpec after, Set<String> names) {
        ObjectNode old = JobSpecJson.tree(before);
        ObjectNode now = JobSpecJson.tree(after);
        return names.stream()
                .sorted()
                .filter(name -> !old.path(name).equals(now.path(name)))
                .map(name -> new SpecChange(
                        name, old.path(name).toString(), now.path(name).toString(), Part.PLAN))
                .toList();
    }

    /// Those in how answers are read, in words, separated by commas.
    public static String inReading(JobSpec before, JobSpec after) {
        return between(before, after).stream()
                .filter(change -> change.part() == Part.READING)
                .map(SpecChange::toString)
                .collect(Collectors.joining(", "));
    }

    private static String value(Field<?> field, JobSpec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            field.freeze(json, spec);
            json.writeEndObject();
        }
        return Json.MAPPER.readTree(text.toString()).path(field.name()).toString();
    }

    /// Whether it is how much the job may cost.
    public boolean isOfMoney() {
        return name.equals(JobFields.MAX_COST_USD.name());
    }

    /// In words, such as `batch_size 50 instead of 100`.
    @Override
    public String toString() {
        return name + " " + shown(after) + " instead of " + shown(before);
    }

    private static String shown(String value) {
        if (value.isEmpty() || value.equals("null")) {
            return "not set";
        }
        return value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    }
}
