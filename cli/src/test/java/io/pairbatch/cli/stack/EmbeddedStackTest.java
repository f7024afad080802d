package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.stack.EmbeddedStack.Asked;
import io.pairbatch.cli.stack.StackOptions.Simulated;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStackTest {

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void downEndsTheProcessThatWasWrittenDown() {
        Project project = new Project(folder);
        record(RunningProcess.of("emulator", process.toHandle())).write(project.stack());

        assertThat(EmbeddedStack.down(project)).isTrue();
        assertThat(process.isAlive()).isFalse();
        assertThat(StackRecord.read(project.stack())).isEmpty();
    }

    @Test
    void downLeavesAProcessAloneThatHasOnlyTheNumber() {
        Project project = new Project(folder);
        Instant earlier = Instant.now().minus(Duration.ofHours(1));
        record(new RunningProcess("emulator", process.pid(), earlier)).write(project.stack());

        assertThat(EmbeddedStack.down(project)).isFalse();
        assertThat(process.isAlive()).isTrue();
        assertThat(StackRecord.read(project.stack())).isEmpty();
    }

    @Test
    void aRunningStackRefusesOptionsThatOnlyAStartCanGive() throws IOException {
        Project project = new Project(folder);
        HttpServer emulator = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        emulator.createContext("/", http -> {
            http.sendResponseHeaders(200, -1);
            http.close();
        });
        emulator.start();
        try {
            URI endpoint =
                    URI.create("http://127.0.0.1:" + emulator.getAddress().getPort());
            Deployment deployment =
                    new Deployment(endpoint, "us-east-1", "bucket", "table", "machine", null, Map.of(), null);
            List<RunningProcess> running = List.of(RunningProcess.of("emulator", process.toHandle()));
            new StackRecord(null, running, endpoint, "judge", 1.0, deployment).write(project.stack());
            SimulatorOptions.write(new Simulated(List.of("--seed", "2"), true, folder), project.stack());
            Simulated usual = new Simulated(List.of(), true, folder);

            assertThatThrownBy(() -> EmbeddedStack.check(
                            project, new Asked(usual, 0.5, "./pairbatch up --wait-scale 0.5 --simulator-defaults")))
                    .isInstanceOfSatisfying(CliException.class, e -> {
                        assertThat(e.exitStatus()).isEqualTo(ExitStatus.JOB_FAILED);
                        assertThat(e)
                                .hasMessage("The stack is already running, with other options. Its simulator has --seed"
                                        + " 2 (in " + folder + "), not its usual options. --wait-scale is 1.0, not 0.5."
                                        + " Nothing was deployed.");
                        assertThat(e.remedy())
                                .isEqualTo("To start it with these: ./pairbatch down && ./pairbatch up --wait-scale 0.5"
                                        + " --simulator-defaults");
                    });
            EmbeddedStack.check(project, new Asked(null, 1.0, "./pairbatch up --wait-scale 1"));
            EmbeddedStack.check(project, new Asked(null, null, "./pairbatch up"));
        } finally {
            emulator.stop(0);
        }
    }

    @Test
    void theJobsOfTheStackOutliveDown() throws IOException {
        Project project = new Project(folder);
        Files.createDirectories(project.stack().resolve("s3"));
        Files.writeString(project.stack().resolve("s3/object"), "kept");
        record(RunningProcess.of("emulator", process.toHandle())).write(project.stack());

        EmbeddedStack.down(project);
        assertThat(project.stack().resolve("s3/object")).hasContent("kept");
    }

    @Test
    void aHalfWrittenRecordIsNone() throws IOException {
        Files.createDirectories(folder.resolve("stack"));
        Files.writeString(folder.resolve("stack/stack.json"), "{\"processes\": [");
        assertThat(StackRecord.read(folder.resolve("stack"))).isEmpty();
    }

    @Test
    void whatAKilledCommandLeftIsEndedAndDeletedAndALivingOnesIsNot() {
        Project project = new Project(folder);
        RunningProcess mine = RunningProcess.of("owner", ProcessHandle.current());
        RunningProcess gone = new RunningProcess("owner", mine.pid(), Instant.EPOCH);
        List<RunningProcess> running = List.of(RunningProcess.of("emulator", process.toHandle()));
        Path abandoned = project.temporaryStacks().resolve("1-a");
        Path living = project.temporaryStacks().resolve("1-b");
        Path unwritten = project.temporaryStacks().resolve("999999999999-c");
        new StackRecord(gone, running, null, null, null, null).write(abandoned);
        new StackRecord(mine, List.of(), null, null, null, null).write(living);
        Folders.create(unwritten);

        EmbeddedStack.sweep(project);
        assertThat(process.isAlive()).isFalse();
        assertThat(abandoned).doesNotExist();
        assertThat(unwritten).doesNotExist();
        assertThat(living).exists();
    }

    private static StackRecord record(RunningProcess running) {
        return new StackRecord(null, List.of(running), null, null, null, null);
    }
}
