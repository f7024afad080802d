package io.pairbatch.chaos.asl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The whole workflow with given answers, a file of `statemachine/runs`. It shows what no state shows alone: that it
/// waits, and that the next state finds the variables which the last one has set.
///
/// @param answers by state, one for each of its calls: `result`, or `error` with `Error` and `Cause`
/// @param states all that are entered, in this order
/// @param end `SUCCEEDED`, or `FAILED ERROR: CAUSE`
/// @param variables all of them at the end: those that `Begin` sets, and what came of them
public record RunCase(String name, JsonNode answers, List<String> states, String end, ObjectNode variables) {

    private static final Path FOLDER = Path.of("../statemachine/runs");

    /// The cases of all files.
    public static List<RunCase> all() {
        JsonNode begin = StateCase.definition().path("States").path("Begin").required("Assign");
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<RunCase> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                JsonNode content = JsonMapper.shared().readTree(Files.readString(file));
                List<String> states = new ArrayList<>();
                content.required("states").forEach(state -> states.add(state.stringValue()));
                all.add(new RunCase(
                        file.getFileName().toString().replace(".json", ""),
                        content.required("answers"),
                        states,
                        content.required("end").stringValue(),
                        StateCase.merged(begin, content.required("variables"))));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
