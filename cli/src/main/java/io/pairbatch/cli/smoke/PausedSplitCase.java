package io.pairbatch.cli.smoke;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The splitter has so little time that it pauses after every segment, and goes on in the next call.
final class PausedSplitCase implements Case {

    private static final int ROWS = 10;
    private static final int PER_SEGMENT = 2;
    private static final SmokeJob.Size SIZE = new SmokeJob.Size(ROWS, ROWS, ROWS / PER_SEGMENT);
    private static final String SPLITTER = "splitter";
    /// In seconds: what the split keeps in reserve for its response, so that nothing is left for more than a segment.
    private static final int NO_TIME = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String SPLIT = "Claim and split";

    @Override
    public String name() {
        return "paused-split";
    }

    @Override
    public String shows() {
        return "with a timeout of 10 s the splitter pauses after each of 5 segments, and loses no row";
    }

    @Override
    public boolean lowersTimeouts() {
        return true;
    }

    @Override
    public SmokeJob prepare(Bench bench) throws IOException {
        return SmokeJob.of(
                bench, name(), name(), Tables.write(bench, name(), ROWS, 0), null, Tables.fields(PER_SEGMENT), SIZE);
    }

    @Override
    public void begin(SmokeJob job) throws IOException, InterruptedException {
        Optional<Job> known = job.known();
        if (known.isPresent() && known.get().splitDone()) {
            job.drop();
            return;
        }
        try (LoweredTimeout lowered = LoweredTimeout.to(NO_TIME, SPLITTER, job.bench())) {
            lowered.tell();
            awaitSplit(job, job.drop());
        }
    }

    private static void awaitSplit(SmokeJob job, Job dropped) throws InterruptedException {
        Instant end = job.bench().clock().instant().plus(PATIENCE);
        while (true) {
            Optional<Job> now = job.bench().session().jobs().read(dropped.id()).map(JobSnapshot::job);
            // Whatever has become of it is told when it is checked.
            if (now.isPresent() && (now.get().splitDone() || now.get().state().atRest())) {
                return;
            }
            if (!job.bench().clock().instant().isBefore(end)) {
                throw Bench.failed(
                        "Job " + dropped.id() + " is not split after " + PATIENCE.toMinutes() + " minutes ("
                                + now.map(Job::state).orElse(JobState.UNKNOWN).words() + ").",
                        job.bench().command("doctor " + dropped.id()));
            }
            job.bench().pause().of(BETWEEN_LOOKS);
        }
    }

    @Override
    public String check(SmokeJob job) throws IOException, InterruptedException {
        Job done = job.await();
        String rows = job.conserved(done).files().line();
        job.sentOnce(done);
        Workings workings = job.bench().workings();
        long calls = workings.entered(workings.execution(done.id()), SPLIT);
        if (calls == 0) {
            throw new SkippedException(
                    "The rows are complete (" + rows + "), but the execution that split them cannot be seen any more.",
                    "To see it anew: "
                            + job.bench()
                                    .command("smoke --only paused-split --run "
                                            + (job.bench().judge().number() + 1)));
        }
        if (calls < SIZE.batches()) {
            throw Bench.failed(
                    "The split took " + calls + " calls, not " + SIZE.batches() + ": it did not pause.",
                    "Look whether the timeout of the function can be changed.");
        }
        return rows + ", split in " + calls + " calls";
    }
}
