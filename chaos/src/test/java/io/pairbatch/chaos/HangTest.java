package io.pairbatch.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.Weather.Hang;
import io.pairbatch.chaos.asl.StateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A job waits for a provider that hangs: no function is killed because of it, and nothing is lost.
class HangTest {

    private final StateMachine machine = ChaosCommand.machine(Path.of(".."));
    private final List<String> trace = new ArrayList<>();

    HangTest() throws IOException {}

    /// From before the first upload, in the middle of the creates, and while many, few or one batch is running.
    @ParameterizedTest
    @CsvSource({
        "OPENAI, 1, 0, 20, 2",
        "OPENAI, 2, 0, 20, 6",
        "OPENAI, 3, 1, 20, 6",
        "OPENAI, 4, 2, 20, 4",
        "OPENAI, 5, 5, 20, 8",
        "OPENAI, 6, 30, 20, 1",
        "OPENAI, 7, 45, 20, 5",
        "OPENAI, 8, 90, 120, 8",
        "OPENAI, 9, 0, 600, 3",
        "ANTHROPIC, 1, 0, 20, 4",
        "ANTHROPIC, 2, 1, 20, 8",
        "ANTHROPIC, 3, 30, 120, 5",
        "GEMINI, 1, 0, 20, 4",
        "GEMINI, 2, 1, 20, 8",
        "GEMINI, 3, 30, 120, 5"
    })
    void aJobSurvivesAProviderThatHangs(Backend backend, long seed, int fromMinutes, int minutes, int segments) {
        Hang hang = new Hang(Duration.ofMinutes(fromMinutes), Duration.ofMinutes(minutes));
        Scenario scenario = Scenario.calm(seed, backend, segments).with(Weather.FAIR.hanging(List.of(hang)));
        Life life = Life.of(scenario, machine, Fates.KIND, trace::add);
        assertThat(life.violation()).isNull();
        assertThat(life.state()).isEqualTo("DONE");
        assertThat(life.faults().getOrDefault("wire broken", 0))
                .as("calls that hung")
                .isPositive();
        assertThat(trace).noneMatch(line -> line.contains("Sandbox.Timedout"));
    }
}
