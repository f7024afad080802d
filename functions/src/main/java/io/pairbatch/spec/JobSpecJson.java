package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.text.Json;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A specification as JSON, with each of the [JobFields] in its place.
public final class JobSpecJson {

    private JobSpecJson() {}

    /// All that says what is judged, on one line: equal specifications give equal texts.
    public static String judged(JobSpec spec) {
        JsonNode judged = Json.MAPPER.readTree(text(spec, field -> field.part() == Part.JUDGED, true));
        return normal(judged).toString();
    }

    /// What a job file says about what is judged: files of which this is equal are of one job.
    public static ObjectNode judged(ObjectNode jobFile) {
        ObjectNode judged = jobFile.deepCopy();
        JobFields.all().stream()
                .filter(field -> field.part() != Part.JUDGED)
                .forEach(field -> judged.remove(field.name()));
        return (ObjectNode) normal(judged);
    }

    /// What a job file says of the names of its table's columns, as far as that can be read.
    public static Map<String, String> columns(ObjectNode jobFile) {
        return ColumnsField.of(jobFile.path(JobFields.COLUMNS.name()));
    }

    /// A specification as a frozen job holds it.
    public static ObjectNode tree(JobSpec spec) {
        return (ObjectNode) Json.MAPPER.readTree(text(spec, field -> true, true));
    }

    /// The specification that one of a job's judges judges by; its work is done as the job's is.
    public static JobSpec judge(JobSpec job, Judge judge, OptionsReaders readers) {
        return read(judge.in(tree(job.judging(List.of()))), readers);
    }

    /// The same value with its members in order and its numbers without zeros at their end.
    private static JsonNode normal(JsonNode value) {
        if (value.isObject()) {
            ObjectNode sorted = Json.MAPPER.createObjectNode();
            value.propertyNames().stream().sorted().forEach(name -> sorted.set(name, normal(value.path(name))));
            return sorted;
        }
        if (value.isArray()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            value.forEach(element -> array.add(normal(element)));
            return array;
        }
        return value.isNumber()
                ? Json.MAPPER
                        .getNodeFactory()
                        .stringNode(value.decimalValue().stripTrailingZeros().toPlainString())
                : value;
    }

    /// Every field with its value, whether the job set it or not, and all options: a valid job file that makes the same
    /// job. What only an editor reads, or is not available, is left out.
    public static void writeResolved(JsonGenerator json, JobSpec spec) {
        List<Field<?>> fields = JobFields.all().stream()
                .filter(field -> field.section() != Section.EDITOR && field.section() != Section.REFUSED)
                .toList();
        json.writeStartObject();
        fields.forEach(field -> field.write(json, spec));
        spec.options().write(json);
        json.writeEndObject();
    }

    /// How the work of a specification is done, as a frozen job holds it.
    ///
    /// @param reading the specification that says how answers are read
    public static ObjectNode policy(JobSpec spec, JobSpec reading) {
        return part(Part.POLICY, spec).setAll(part(Part.READING, reading));
    }

    /// A frozen specification whose work is done, and whose answers are read, in another way.
    ///
    /// @param policy what [#policy] gave; that of an older version says nothing on answers
    public static ObjectNode with(ObjectNode frozen, ObjectNode policy) {
        boolean reads = policy.has(JobFields.TAG_MODE.name());
        ObjectNode changed = frozen.deepCopy();
        JobFields.all().stream()
                .filter(field -> field.part() == Part.POLICY || (reads && field.part() == Part.READING))
                .forEach(field -> changed.remove(field.name()));
        changed.setAll(policy);
        return changed;
    }

    /// A specification whose answers are read in another way.
    ///
    /// @param rules the fields that change, as in a job file
    /// @throws JobRejectedException `SPEC_UNKNOWN_FIELD` or `SPEC_INVALID_VALUE`
    public static JobSpec readBy(JobSpec spec, ObjectNode rules, OptionsReaders readers) {
        SpecFields fields = new SpecFields(List.of(new SpecLayer("the new rules", rules)));
        ObjectNode changed = tree(spec);
        for (String name : rules.propertyNames()) {
            JobFields.all().stream()
                    .filter(field ->
                            field.part() == Part.READING && field.name().equals(name))
                    .findFirst()
                    .ifPresentOrElse(
                            field -> field.read(fields),
                            () -> fields.problem(
                                    ErrorCode.SPEC_UNKNOWN_FIELD,
                                    name,
                                    "a field that says nothing on how answers are read",
                                    "tag_prefix, tag_suffix, tag_mode, ambiguous or verdict_labels"));
        }
        if (!fields.problems().isEmpty()) {
            throw new JobRejectedException(fields.problems());
        }
        return read(changed.setAll(rules), readers);
    }

    private static ObjectNode part(Part part, JobSpec spec) {
        return (ObjectNode) Json.MAPPER.readTree(text(spec, field -> field.part() == part, false));
    }

    /// Of what the ids of jobs were made before they were drawn, on one line, with the defaults of that time.
    public static String canonical(JobSpec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            write(
                    json,
                    spec,
                    field -> field.part() != Part.LIMIT,
                    true,
                    (field, generator) -> field.freezeFormerly(generator, spec));
        }
        return text.toString();
    }

    private static String text(JobSpec spec, Predicate<Field<?>> wanted, boolean options) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            write(json, spec, wanted, options, (field, generator) -> field.freeze(generator, spec));
        }
        return text.toString();
    }

    public static void write(JsonGenerator json, JobSpec spec) {
        write(json, spec, field -> true, true, (field, generator) -> field.freeze(generator, spec));
    }

    private static void write(
            JsonGenerator json,
            JobSpec spec,
            Predicate<Field<?>> wanted,
            boolean options,
            BiConsumer<Field<?>, JsonGenerator> freeze) {
        List<Field<?>> fields = JobFields.all();
        json.writeStartObject();
        fields.subList(0, JobFields.BEFORE_OPTIONS).stream()
                .filter(wanted)
                .forEach(field -> freeze.accept(field, json));
        if (options) {
            spec.options().write(json);
        }
        fields.subList(JobFields.BEFORE_OPTIONS, fields.size()).stream()
                .filter(wanted)
                .forEach(field -> freeze.accept(field, json));
        json.writeEndObject();
    }

    public static JobSpec read(JsonNode json, OptionsReaders readers) {
        FieldValues values = FieldValues.thaw(json);
        return JobSpec.of(values, readOptions(json, readers, values.get(JobFields.BACKEND)));
    }

    /// As they were accepted, regardless of what this version accepts: new rules must not strand a paid batch.
    private static ProviderOptions readOptions(JsonNode json, OptionsReaders readers, Backend backend) {
        SpecFields fields = SpecFields.ofFrozen(new SpecLayer("job.json", (ObjectNode) json));
        ProviderOptions options = readers.options(backend).read(fields);
        if (!fields.problems().isEmpty()) {
            throw new IllegalStateException("the frozen job has options that cannot be read: "
                    + new JobRejectedException(fields.problems()).getMessage());
        }
        return options;
    }
}
