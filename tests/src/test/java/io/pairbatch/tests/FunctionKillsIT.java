package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The functions' processes are killed (SIGKILL) in the middle of their work, each function at least once.
class FunctionKillsIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;

    private final Provider provider = TestStack.shared().provider();

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    @Test
    @Tag("localstack")
    void aKilledCollectorIsFollowedByAnother() {
        provider.faults("[{\"operation\": \"download\", \"action\": \"hang\", \"seconds\": 2, \"count\": 0}]");
        int rows = 40;
        DroppedJob job = DroppedJob.drop("kill", Tables.csv(rows), Tables.job(20));
        killWhen("Collector", job, j -> in(j, "ENDED") > 0);
        provider.faults("[]");
        done(job, rows, 2);
    }

    @Test
    @Tag("long")
    void everyRowIsAccountedForAndEveryBatchPaidOnceAlthoughEveryFunctionIsKilled() {
        // Slow calls, so that a kill hits a function in the middle of one: the batch is created but the response has
        // not arrived.
        provider.faults("""
                [{"operation": "create", "action": "hang_after", "seconds": 0.5},
                 {"operation": "list", "action": "hang", "seconds": 1},
                 {"operation": "retrieve", "action": "hang", "seconds": 0.5},
                 {"operation": "download", "action": "hang", "seconds": 1}]
                """);
        int rows = 2_000;
        DroppedJob job = DroppedJob.drop("kills", Tables.csv(rows), Tables.job(100));
        killWhen("Splitter", job, j -> in(j, "SUBMITTED") >= 4);
        killWhen("Poller", job, j -> in(j, "SUBMITTED") > 0 && in(j, "PENDING") == 0);
        killWhen("Collector", job, j -> in(j, "ENDED") > 0 && in(j, "COLLECTED") > 0);
        killWhen("Merger", job, j -> j.text("state").equals("MERGING"));

        done(job, rows, 20);
    }

    private void done(DroppedJob job, int rows, int segments) {
        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        assertThat(provider.batchesOf(job.id())).hasSize(segments).containsExactlyInAnyOrderElementsOf(job.batchIds());
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, rows).mapToObj(i -> "A" + i).toList());
    }

    private static long in(DroppedJob job, String state) {
        return job.segments().stream()
                .filter(s -> DroppedJob.text(s, "state").equals(state))
                .count();
    }

    /// Kills every process of the function once the job has work for it, until there was one to kill.
    private static void killWhen(String function, DroppedJob job, Predicate<DroppedJob> atWork) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            if (job.find().isPresent() && atWork.test(job) && Functions.kill(function)) {
                return;
            }
            assertThat(Instant.now()).as(function + " was not at work").isBefore(end);
            DroppedJob.pause(Duration.ofMillis(10));
        }
    }
}
