package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.OutageException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// Waits until jobs that a start has lost are in the registry again, so that no list afterwards lacks one unseen.
///
/// @param progress gets what happens, in a sentence each
public record Restoration(JobSource jobs, Bucket bucket, InstantSource clock, Pause pause, Consumer<String> progress) {

    /// An execution begins within seconds. What takes longer is told, and goes on by itself.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Waits for them.
    ///
    /// @param lost the jobs' ids
    public void await(List<String> lost) throws IOException, InterruptedException {
        if (lost.isEmpty()) {
            return;
        }
        progress.accept("Restoring " + Unlisted.named(lost) + " from the files in S3");
        Instant end = clock.instant().plus(PATIENCE);
        List<String> left = lost;
        while (!left.isEmpty() && clock.instant().isBefore(end)) {
            pause.of(Duration.ofSeconds(1));
            left = left(left);
        }
        progress.accept(
                left.isEmpty()
                        ? "Restored " + (lost.size() == 1 ? "it" : "all " + lost.size())
                        : "Still restoring " + Unlisted.named(left)
                                + "; that goes on by itself, and ./pairbatch jobs names those it lacks");
    }

    private List<String> left(List<String> ids) throws IOException {
        try {
            return Unlisted.unrestored(ids, jobs, bucket);
        } catch (OutageException e) {
            return ids; // the emulator is busy with the restored jobs
        }
    }
}
