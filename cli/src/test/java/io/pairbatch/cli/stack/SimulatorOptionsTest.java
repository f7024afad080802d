package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.StackOptions.Simulated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorOptionsTest {

    private static final Simulated NONE = new Simulated(List.of(), true);

    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path stack;

    @Test
    void aStartWithoutOptionsHasThoseOfTheLastOneAndSaysSo() {
        Simulated mine = new Simulated(List.of("--qualities", "mine.jsonl"), true, Path.of("/home/me/study"));
        SimulatorOptions.write(start(mine), stack);
        assertThat(said).isEmpty();

        assertThat(start(NONE)).isEqualTo(mine);
        assertThat(said)
                .containsExactly("The simulator has the options of its last start: --qualities mine.jsonl (in"
                        + " /home/me/study). To start without them: ./pairbatch down, then"
                        + " ./pairbatch up --simulator-defaults");
    }

    @Test
    void otherOptionsTakeTheirPlace() {
        SimulatorOptions.write(new Simulated(List.of("--qualities", "mine.jsonl"), true), stack);
        Simulated others = new Simulated(List.of("--batch-seconds", "1"), true);

        assertThat(start(others)).isEqualTo(others);
        SimulatorOptions.write(others, stack);
        assertThat(start(NONE)).isEqualTo(others);
    }

    @Test
    void theyCanBeForgotten() {
        SimulatorOptions.write(new Simulated(List.of("--batch-seconds", "1"), true), stack);
        SimulatorOptions.forget(stack);

        assertThat(start(NONE)).isEqualTo(NONE);
        assertThat(said).isEmpty();
    }

    @Test
    void theSameOptionsWrittenInAnotherWayAreNoOthers() {
        Path home = Path.of("/home/me");
        List<String> first = List.of("--qualities", "study/mine.jsonl", "--batch-seconds=1", "--no-shuffle");
        SimulatorOptions.write(new Simulated(first, true, home), stack);
        List<String> again = List.of("--no-shuffle", "--batch-seconds", "1", "--qualities=mine.jsonl");

        assertThat(SimulatorOptions.difference(new Simulated(again, true, home.resolve("study")), stack))
                .isEmpty();
        assertThat(SimulatorOptions.difference(new Simulated(again, true, home), stack))
                .contains("Its simulator has --qualities study/mine.jsonl --batch-seconds=1 --no-shuffle (in /home/me),"
                        + " not --no-shuffle --batch-seconds 1 --qualities=mine.jsonl (in /home/me).");
    }

    @Test
    void usualOptionsAreOthersThanThoseOfTheStart() {
        Simulated mine = new Simulated(List.of("--batch-seconds", "1"), true, Path.of("/home/me"));
        assertThat(SimulatorOptions.difference(mine, stack))
                .contains("Its simulator has its usual options, not --batch-seconds 1 (in /home/me).");
        SimulatorOptions.write(mine, stack);

        assertThat(SimulatorOptions.difference(NONE, stack))
                .contains("Its simulator has --batch-seconds 1 (in /home/me), not its usual options.");
    }

    @Test
    void aFileThatHasChangedSinceTheStartIsNamed(@TempDir Path home) throws IOException {
        Path faults = Files.writeString(home.resolve("faults.json"), "[]");
        Simulated mine = new Simulated(List.of("--faults", "faults.json", "--seed", "2"), true, home);
        SimulatorOptions.write(mine, stack);
        assertThat(SimulatorOptions.changed(stack)).isEmpty();

        Files.writeString(faults, "[{}]");
        assertThat(SimulatorOptions.difference(mine, stack)).isEmpty();
        assertThat(SimulatorOptions.changed(stack))
                .contains(faults + " has changed since the simulator started. It reads it only then, so what was"
                        + " changed is not in effect.");
    }

    @Test
    void whatAnOlderVersionHasWrittenSaysNothingOfFiles() throws IOException {
        Files.writeString(
                stack.resolve("simulator-options.json"),
                "{\"arguments\": [\"--faults\", \"faults.json\"], \"folder\": \"/home/me\"}");
        assertThat(SimulatorOptions.changed(stack)).isEmpty();
    }

    private Simulated start(Simulated given) {
        return SimulatorOptions.of(given, stack, said::add);
    }
}
