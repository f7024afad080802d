package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cli.fault.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {

    @TempDir
    private Path folder;

    private final List<List<String>> recorded = new ArrayList<>();
    private final Children children = new Children(
            () -> Programs.python().path(),
            processes ->
                    recorded.add(processes.stream().map(RunningProcess::name).toList()));

    @AfterEach
    void end() {
        children.close();
    }

    @Test
    void everyProcessIsWrittenDownWhenItStartsAndWhenItHasEndedByItself() {
        start("first", "sleep 600");
        run("second", "true");
        assertThat(recorded).containsExactly(List.of("first"), List.of("first", "second"), List.of("first"));
    }

    @Test
    void aProcessGetsTheGivenEnvironmentAndNothingElse() throws Exception {
        run("env", "env");
        assertThat(Files.readAllLines(log())).contains("MARK=1").noneMatch(line -> line.startsWith("HOME="));
    }

    @Test
    void aFailedCommandShowsTheEndOfItsLog() {
        assertThatThrownBy(() -> run("it", "echo first; seq 1 30; echo the reason; exit 3"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("it ended with status 3")
                .hasMessageContaining("the reason")
                .hasMessageNotContaining("first");
    }

    @Test
    void closingEndsWhatRunsAndNothingCanBeStartedAfterwards() throws InterruptedException {
        Process process = start("long", "sleep 600");
        children.close();
        // The JDK hears of it on a thread of its own.
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> start("late", "true")).isInstanceOf(CliException.class);
    }

    @Test
    void aProcessHasASessionOfItsOwnSoThatTheTerminalsCtrlCDoesNotReachIt() throws Exception {
        run("session", "ps -o sid= -p $$; echo $$");
        List<String> lines = Files.readAllLines(log());
        assertThat(lines.getFirst().strip()).isEqualTo(lines.getLast().strip());
    }

    private Process start(String name, String script) {
        return children.start(name, command(script), environment(), folder, log());
    }

    private void run(String name, String script) {
        children.run(name, command(script), environment(), folder, log());
    }

    private static List<String> command(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    private static Map<String, String> environment() {
        return Map.of("PATH", System.getenv("PATH"), "MARK", "1");
    }

    private Path log() {
        return folder.resolve("log");
    }
}
