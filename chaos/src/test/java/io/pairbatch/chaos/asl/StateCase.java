package io.pairbatch.chaos.asl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One state of the workflow, entered alone: what it finds, what its call answers, and where it goes. The cases are the
/// files in `statemachine/cases`; whatever interprets the workflow must agree with them.
///
/// @param variables all of them: those that `Begin` sets, then the file's, then the case's own
/// @param result what a task's call, or all iterations of a Map, return; null where there is no call or it fails
/// @param error `Error` and `Cause` of the call's failure
/// @param retries how often the call has been tried again already
/// @param arguments of the call, or the items of a Map; null if the case does not say
/// @param way `to STATE`, `to STATE after N s` for a wait, `retry after N s`, `ends`, or `fails ERROR: CAUSE`
/// @param output what it passes on; the result, the error or the input if the file says nothing
/// @param assigns the variables that it sets
public record StateCase(
        String name,
        String state,
        JsonNode input,
        ObjectNode variables,
        @Nullable JsonNode result,
        @Nullable JsonNode error,
        int retries,
        @Nullable JsonNode arguments,
        String way,
        JsonNode output,
        JsonNode assigns) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path DEFINITION = Path.of("../statemachine/pairwise-batch.asl.json");
    private static final Path FOLDER = Path.of("../statemachine/cases");

    /// Whether it goes on in this run: neither tried again nor failed, so that it has an output.
    public boolean leaves() {
        return way.startsWith("to ") || way.equals("ends");
    }

    /// The workflow's file.
    public static JsonNode definition() {
        return JSON.readTree(read(DEFINITION));
    }

    /// The cases of all files.
    public static List<StateCase> all() {
        JsonNode begin = definition().path("States").path("Begin").required("Assign");
        List<StateCase> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                JsonNode content = JSON.readTree(read(file));
                for (JsonNode node : content.required("cases")) {
                    add(node, merged(begin, content.required("variables"), node.path("variables")), cases);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    /// A case for each of its states and errors.
    private static void add(JsonNode node, ObjectNode variables, List<StateCase> cases) {
        JsonNode input = node.has("input") ? node.required("input") : JSON.readTree("{\"any\": true}");
        JsonNode result = node.get("result");
        for (String state : texts(node, "state")) {
            for (JsonNode error : errors(node)) {
                JsonNode passed = error.isMissingNode() ? Objects.requireNonNullElse(result, input) : error;
                String with =
                        node.has("errors") ? " (" + error.required("Error").stringValue() + ")" : "";
                cases.add(new StateCase(
                        state + ": " + node.required("name").stringValue() + with,
                        state,
                        input,
                        variables,
                        result,
                        error.isMissingNode() ? null : error,
                        node.path("retries").asInt(0),
                        node.get("arguments"),
                        node.required("way").stringValue(),
                        node.has("output") ? node.required("output") : passed,
                        node.has("assigns") ? node.required("assigns") : JSON.createObjectNode()));
            }
        }
    }

    /// Its error, one for each of its names, or a missing node where nothing fails.
    private static List<JsonNode> errors(JsonNode node) {
        List<JsonNode> errors = new ArrayList<>();
        for (JsonNode name : node.path("errors")) {
            errors.add(JSON.createObjectNode().put("Error", name.stringValue()).put("Cause", "down"));
        }
        return errors.isEmpty()
                ? List.of(node.has("error") ? node.required("error") : JsonNodeFactory.instance.missingNode())
                : errors;
    }

    private static List<String> texts(JsonNode node, String name) {
        List<String> texts = new ArrayList<>();
        node.path(name + "s").forEach(text -> texts.add(text.stringValue()));
        return texts.isEmpty() ? List.of(node.required(name).stringValue()) : texts;
    }

    static ObjectNode merged(JsonNode... objects) {
        ObjectNode merged = JSON.createObjectNode();
        for (JsonNode object : objects) {
            object.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        }
        return merged;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
