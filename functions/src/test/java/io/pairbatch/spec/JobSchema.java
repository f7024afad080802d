package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.text.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Generates docs/job.schema.json from the declared fields, and from what the readers of the providers' options accept.
final class JobSchema {

    /// Each option accepts at least one of these: the types of the accepted values are its types in the schema.
    private static final List<String> SAMPLES = List.of(
            "true",
            "0.5",
            "1",
            "1024",
            "\"none\"",
            "\"low\"",
            "\"auto\"",
            "\"responses\"",
            "\"text/plain\"",
            "\"2023-06-01\"",
            "\"v1beta\"",
            "\"24h\"",
            "[\"x\"]",
            "[{\"type\": \"text\", \"text\": \"x\"}]",
            "[{\"category\": \"HARM_CATEGORY_HARASSMENT\", \"threshold\": \"OFF\"}]",
            "{}",
            "{\"type\": \"text\"}",
            "{\"type\": \"ephemeral\"}",
            "{\"parts\": [{\"text\": \"x\"}]}");

    private JobSchema() {}

    static String text() throws IOException {
        ObjectNode schema = object();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "job.json of Pairbatch")
                .put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        JobFields.all().forEach(field -> properties.set(field.name(), declared(field)));
        optionNames(Set.of(Backend.values()))
                .forEach(name -> properties
                        .putObject(name)
                        .put(
                                "description",
                                "an option of " + SpecNames.owners(name, Providers::options) + ": docs/PROVIDERS.md"));
        schema.put("additionalProperties", false);
        ObjectNode alone = required("model");
        alone.putArray("anyOf")
                .add(required("trait_name"))
                .add(required("trait_description"))
                .add(required("adopted_batches"));
        schema.putArray("anyOf").add(alone).add(severalJudges());
        // null counts as left out, so both must be numbers.
        ObjectNode both = schema.putObject("not");
        both.putArray("required").add("batch_size").add("n_segments");
        both.putObject("properties")
                .set("batch_size", object().put("type", "integer"))
                .set("n_segments", object().put("type", "integer"));
        for (Backend backend : Backend.values()) {
            schema.withArray("allOf").add(optionsOf(backend));
        }
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    }

    private static <T> ObjectNode declared(Field<T> field) {
        ObjectNode property = object();
        property.put("description", field.meaning().replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1"));
        field.kind().constraint().accept(property);
        if (!field.equals(JobFields.MODEL)) {
            allowNull(property);
        }
        JsonNode fallback = JobFieldTables.fallback(field);
        if (field.unset().isEmpty() && !fallback.isNull()) {
            property.set("default", fallback);
        }
        return property;
    }

    private static void allowNull(ObjectNode property) {
        JsonNode type = property.path("type");
        if (type.isString()) {
            property.putArray("type").add(type.stringValue()).add("null");
        } else if (type.isArray()) {
            property.withArray("type").add("null");
        } else if (!property.withArray("enum").valueStream().anyMatch(JsonNode::isNull)) {
            property.withArray("enum").addNull();
        }
    }

    private static ObjectNode optionsOf(Backend backend) throws IOException {
        ObjectNode rule = object();
        ObjectNode condition = rule.putObject("if");
        // Beside several judges an option may be of the provider of any of them.
        condition.set("not", severalJudges());
        // A job that does not name its provider uses the default one.
        if (backend == JobFields.BACKEND.fallback()) {
            condition
                    .putObject("properties")
                    .putObject("backend")
                    .putArray("enum")
                    .add(backend.code())
                    .addNull();
        } else {
            condition.putArray("required").add("backend");
            condition.putObject("properties").putObject("backend").put("const", backend.code());
        }
        ObjectNode options = rule.putObject("then").putObject("properties");
        SortedSet<String> own = optionNames(Set.of(backend));
        for (String name : optionNames(Set.of(Backend.values()))) {
            if (own.contains(name)) {
                types(backend, name).forEach(options.putObject(name).putArray("type")::add);
            } else {
                options.put(name, false);
            }
        }
        return rule;
    }

    /// Each judge may have its own model and trait.
    private static ObjectNode severalJudges() {
        ObjectNode schema = required("judges");
        schema.putObject("properties").putObject("judges").put("type", "array").put("minItems", 1);
        return schema;
    }

    private static SortedSet<String> optionNames(Set<Backend> backends) {
        SortedSet<String> names = new TreeSet<>();
        Arrays.stream(Backend.values())
                .filter(backends::contains)
                .map(Providers::options)
                .forEach(reader -> {
                    names.addAll(reader.texts());
                    names.addAll(reader.others());
                });
        return names;
    }

    private static SortedSet<String> types(Backend backend, String name) throws IOException {
        SortedSet<String> types = new TreeSet<>();
        for (String sample : SAMPLES) {
            if (accepts(backend, name, sample)) {
                types.add(typeOf(Json.MAPPER.readTree(sample)));
            }
        }
        if (types.isEmpty()) {
            throw new IllegalStateException("none of JobSchema.SAMPLES is a value that `" + name + "` of "
                    + backend.code() + " accepts: add one");
        }
        if (types.contains("number")) {
            types.remove("integer");
        }
        types.add("null");
        return types;
    }

    private static boolean accepts(Backend backend, String name, String value) throws IOException {
        byte[] json = ("{\"" + name + "\": " + value + "}").getBytes(StandardCharsets.UTF_8);
        SpecFields fields = new SpecFields(List.of(SpecLayer.parse("job.json", new ByteArrayInputStream(json))));
        Providers.options(backend).read(fields);
        // A conflict concerns other options, which a whole job may have.
        return fields.problems().stream().noneMatch(problem -> problem.code() == ErrorCode.SPEC_INVALID_VALUE);
    }

    private static String typeOf(JsonNode value) {
        if (value.isString()) {
            return "string";
        }
        if (value.isNumber()) {
            return value.isIntegralNumber() ? "integer" : "number";
        }
        return value.isBoolean() ? "boolean" : value.isArray() ? "array" : "object";
    }

    private static ObjectNode required(String name) {
        ObjectNode schema = object();
        schema.putArray("required").add(name);
        return schema;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
