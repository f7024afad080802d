package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTreesTest {

    @TempDir
    private Path folder;

    @Test
    void whatAProcessStartedEndsWithIt() throws IOException {
        Process process = shell("sleep 600 & sh -c 'sleep 600 & touch ready; wait' & wait");
        List<ProcessHandle> all = process.toHandle().descendants().toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(3);

        assertThat(ProcessTrees.stop(List.of(process.toHandle()), Duration.ofSeconds(5)))
                .isTrue();
        assertThat(all).noneMatch(ProcessHandle::isAlive);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aProcessThatIgnoresTheRequestIsEndedAfterTheGrace() throws IOException {
        Process process = shell("trap '' TERM; touch ready; while :; do sleep 0.05; done");
        Instant begin = Instant.now();

        assertThat(ProcessTrees.stop(List.of(process.toHandle()), Duration.ofMillis(300)))
                .isTrue();
        assertThat(Duration.between(begin, Instant.now())).isBetween(Duration.ofMillis(300), Duration.ofSeconds(4));
    }

    @Test
    void aChildThatIsStartedDuringTheEndEndsToo() throws IOException {
        Process process = shell(
                "trap 'sleep 601 & echo $! > late; sleep 0.3; exit 0' TERM; touch ready; while :; do sleep 0.05; done");

        assertThat(ProcessTrees.stop(List.of(process.toHandle()), Duration.ofSeconds(5)))
                .isTrue();
        long late = Long.parseLong(Files.readString(folder.resolve("late")).strip());
        assertThat(ProcessHandle.of(late).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private Process shell(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Instant deadline = Instant.now().plusSeconds(10);
        while (!Files.exists(folder.resolve("ready")) && Instant.now().isBefore(deadline)) {
            ProcessTrees.sleep(Duration.ofMillis(10));
        }
        assertThat(folder.resolve("ready")).exists();
        return process;
    }
}
