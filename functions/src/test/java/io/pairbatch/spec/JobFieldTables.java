package io.pairbatch.spec;

import io.pairbatch.text.Json;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Writes the declared fields into the tables of docs/JOB.md: each into the first table under its section's heading,
/// before the providers' options that are there too.
final class JobFieldTables {

    private static final List<String> HEAD = List.of("| field | type | default | meaning |", "|---|---|---|---|");

    private JobFieldTables() {}

    /// The document as it should be.
    static String in(String document) {
        List<String> lines = new ArrayList<>(document.lines().toList());
        for (Section section : Section.values()) {
            int heading = lines.indexOf("### " + section.title());
            if (heading < 0) {
                throw new IllegalStateException("docs/JOB.md has no heading `" + section.title() + "`");
            }
            int start = heading + 1 + lines.subList(heading + 1, lines.size()).indexOf(HEAD.getFirst());
            int end = start;
            while (lines.get(end).startsWith("|")) {
                end++;
            }
            List<String> table = new ArrayList<>(HEAD);
            JobFields.all().stream()
                    .filter(field -> field.section() == section)
                    .map(JobFieldTables::row)
                    .forEach(table::add);
            lines.subList(start + HEAD.size(), end).stream()
                    .filter(row -> section == Section.PROVIDER && !isDeclared(row))
                    .forEach(table::add);
            lines.subList(start, end).clear();
            lines.addAll(start, table);
        }
        return String.join("\n", lines) + "\n";
    }

    private static boolean isDeclared(String row) {
        return JobFields.all().stream().anyMatch(field -> row.startsWith("| `" + field.name() + "` |"));
    }

    private static String row(Field<?> field) {
        String unset = field.unset().isEmpty() ? shown(fallback(field)) : field.unset();
        return "| `" + field.name() + "` | " + field.kind().words() + " |" + (unset.isEmpty() ? "" : " " + unset)
                + " | " + field.meaning() + " |";
    }

    private static String shown(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (value.isNumber() && value.doubleValue() == value.intValue()) {
            return String.format(Locale.ROOT, "%,d", value.intValue());
        }
        return value.isBoolean() ? value.toString() : "`" + (value.isString() ? value.stringValue() : value) + "`";
    }

    /// The default as a job would give it.
    static <T> JsonNode fallback(Field<T> field) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            field.kind().writer().write(json, field.name(), field.fallback());
            json.writeEndObject();
        }
        return Json.MAPPER.readTree(text.toString()).path(field.name());
    }
}
