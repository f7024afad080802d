package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An embedded stack, started by `up`, dies in the middle of a job: once it can save its state, twice it cannot. It is
/// restarted, and the same files are dropped again.
@Tag("long")
@SuppressWarnings("NullAway.Init")
class LostEmulatorIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final int ROWS = 1_200;
    private static final int SEGMENTS = 24;

    @TempDir
    private Path folder;

    private Laptop laptop;

    @BeforeEach
    void buy() {
        laptop = new Laptop(
                folder,
                StackOptions.defaults()
                        .withLeaseMarginSeconds(TestStack.LEASE_MARGIN_SECONDS)
                        .withAbsenceGapSeconds(TestStack.ABSENCE_GAP_SECONDS)
                        .withSplitterTimeoutSeconds(60)
                        .withSimulatorArguments("--batch-seconds", "4", "--seed", "7"));
    }

    @AfterEach
    void end() {
        laptop.close();
    }

    @Test
    void everyRowIsThereAndNothingIsCreatedTwiceAlthoughTheEmulatorIsKilled() {
        DroppedJob job = drop(up());
        awaitAtLeast(6, job, "SUBMITTED");
        laptop.terminate();

        job = drop(up());
        awaitAtLeast(14, job, "SUBMITTED");
        laptop.kill();

        TestStack stack = up();
        job = drop(stack);
        awaitAtLeast(3, job, "COLLECTED");
        laptop.kill();

        stack = up();
        job = drop(stack);
        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        assertThat(stack.provider().batchesOf(job.id()))
                .hasSize(SEGMENTS)
                .containsExactlyInAnyOrderElementsOf(job.batchIds());
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
    }

    private TestStack up() {
        TestStack stack = laptop.up();
        // Slow creates, so that it ends in the middle of a submission.
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
                PATIENCE,
                count + " segments " + state,
                () -> job.find().isPresent()
                        && job.segments().stream()
                                        .filter(s -> DroppedJob.text(s, "state").equals(state))
                                        .count()
                                >= count);
    }
}
