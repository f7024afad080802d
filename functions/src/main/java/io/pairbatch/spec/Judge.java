package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.text.Json;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One of the judges of a job: it judges every pair of the job as the job's own fields say, but for its own.
///
/// @param name as in the results, unlike that of any other judge of the job
/// @param own its fields as in a job file; a null says that it has none, where the job has one
public record Judge(String name, ObjectNode own) {

    static final String NAME = "name";

    public Judge {
        own = own.deepCopy();
    }

    /// What makes one specification of another.
    static Judge of(String name, ObjectNode job, ObjectNode judge) {
        ObjectNode own = Json.MAPPER.createObjectNode();
        judge.properties().stream()
                .filter(field -> !field.getValue().equals(job.get(field.getKey())))
                .forEach(field -> own.set(field.getKey(), field.getValue()));
        job.propertyNames().stream().filter(field -> !judge.has(field)).forEach(own::putNull);
        return new Judge(name, own);
    }

    /// The specification that it judges by.
    ///
    /// @param job that of the job without its judges
    ObjectNode in(ObjectNode job) {
        return SpecLayer.merged(own, job);
    }

    /// Its provider.
    ///
    /// @param job that of the job
    Backend backend(Backend job) {
        JsonNode own = this.own.path(JobFields.BACKEND.name());
        return own.isString() ? Backend.of(own.stringValue()) : job;
    }

    void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty(NAME, name);
        own.properties().forEach(field -> {
            json.writeName(field.getKey());
            json.writeTree(field.getValue());
        });
        json.writeEndObject();
    }

    /// What [#write] wrote.
    static Judge thaw(JsonNode written) {
        ObjectNode own = (ObjectNode) written.deepCopy();
        String name = own.required(NAME).stringValue();
        own.remove(NAME);
        return new Judge(name, own);
    }
}
