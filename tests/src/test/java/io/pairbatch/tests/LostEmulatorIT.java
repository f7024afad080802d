package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A laptop's stack, started by `up`, dies in the middle of a job: once it can save its state, twice it cannot. It is
/// started again, and the same files are dropped again.
class LostEmulatorIT {

    private static final int ROWS = 1_200;
    private static final int SEGMENTS = 24;

    @TempDir
    Path folder;

    private Project project = Project.find();

    @AfterEach
    void end() {
        EmbeddedStack.down(project);
    }

    @Test
    void everyRowIsThereAndNothingIsCreatedTwiceThoughTheEmulatorIsKilled() throws IOException {
        project = new Project(project.root(), folder.resolve("stack"));
        DroppedJob job = drop(up());
        awaitAtLeast(6, job, "SUBMITTED");
        signal("TERM");

        job = drop(up());
        awaitAtLeast(14, job, "SUBMITTED");
        signal("KILL");

        TestStack stack = up();
        job = drop(stack);
        awaitAtLeast(3, job, "COLLECTED");
        signal("KILL");

        stack = up();
        job = drop(stack);
        assertThat(job.await(Duration.ofMinutes(4))).isEqualTo("DONE");
        assertThat(stack.provider().batchesOf(job.id()))
                .hasSize(SEGMENTS)
                .containsExactlyInAnyOrderElementsOf(job.batchIds());
        List<String> judged = new ArrayList<>();
        job.records("combined_results.csv").forEach(r -> judged.add(r.getField(2)));
        job.records("failed_pairs.csv").forEach(r -> judged.add(r.getField(0)));
        assertThat(judged)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
    }

    private TestStack up() {
        StackOptions options = StackOptions.defaults()
                .withLeaseMarginSeconds(TestStack.LEASE_MARGIN_SECONDS)
                .withAbsenceGapSeconds(TestStack.ABSENCE_GAP_SECONDS)
                .withSplitterTimeoutSeconds(60)
                .withSimulatorArguments("--batch-seconds", "4", "--seed", "7");
        TestStack stack = TestStack.of(EmbeddedStack.up(project, options, text -> {}));
        // Slow creates, so that the end meets a submission in its middle.
        stack.provider().faults("[{\"operation\": \"create\", \"action\": \"hang_after\", \"seconds\": 0.4}]");
        return stack;
    }

    private static DroppedJob drop(TestStack stack) {
        DroppedJob job = DroppedJob.on(stack, "laptop");
        job.put("job.json", Tables.job(ROWS / SEGMENTS));
        job.put("pairs.csv", Tables.csv(ROWS));
        return job;
    }

    private static void awaitAtLeast(int count, DroppedJob job, String state) {
        DroppedJob.await(
                Duration.ofMinutes(2),
                count + " segments " + state,
                () -> job.find().isPresent()
                        && job.segments().stream()
                                        .filter(s -> DroppedJob.text(s, "state").equals(state))
                                        .count()
                                >= count);
    }

    /// Only the emulator's own process, by its number.
    private void signal(String name) throws IOException {
        long emulator = new JsonMapper()
                .readTree(Files.readString(project.stack().resolve("stack.json"))).path("processes").values().stream()
                        .filter(p -> p.path("name").asString("").equals("emulator"))
                        .findFirst()
                        .orElseThrow()
                        .path("pid")
                        .longValue();
        ProcessHandle handle = ProcessHandle.of(emulator).orElseThrow();
        assertThat(name.equals("KILL") ? handle.destroyForcibly() : handle.destroy())
                .isTrue();
        handle.onExit().join();
    }
}
