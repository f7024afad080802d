package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.text.Json;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A specification as JSON, with each of the [JobFields] in its place.
public final class JobSpecJson {

    private JobSpecJson() {}

    /// What identifies a job, on one line: equal specifications give equal texts.
    public static String canonical(JobSpec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            write(json, spec, false);
        }
        return text.toString();
    }

    public static void write(JsonGenerator json, JobSpec spec) {
        write(json, spec, true);
    }

    private static void write(JsonGenerator json, JobSpec spec, boolean all) {
        List<Field<?>> fields = JobFields.all();
        json.writeStartObject();
        fields.subList(0, JobFields.BEFORE_OPTIONS).forEach(field -> field.freeze(json, spec, all));
        spec.options().write(json);
        fields.subList(JobFields.BEFORE_OPTIONS, fields.size()).forEach(field -> field.freeze(json, spec, all));
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
