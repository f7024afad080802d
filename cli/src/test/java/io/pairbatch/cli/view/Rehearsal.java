package io.pairbatch.cli.view;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.JobSource;
import io.pairbatch.cli.job.JobWatcher;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.SegmentTotals;
import io.pairbatch.registry.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/// Plays a job of 190 rows in half a minute on the console of the process, to look at the view.
final class Rehearsal {

    private Rehearsal() {}

    public static void main(String[] args) throws InterruptedException {
        Console console = Console.ofProcess();
        console.out().println("before the picture");
        try (ProgressView view = console.progress()) {
            new JobWatcher(new Script(Instant.now()), Pacing.EMBEDDED, InstantSource.system(), Thread::sleep)
                    .watch(Jobs.ID, null, view);
        }
        console.out().println("after the picture");
    }

    private record Script(Instant start) implements JobSource {

        @Override
        public Optional<JobSnapshot> read(String jobId) {
            long second = Duration.between(start, Instant.now()).toSeconds();
            JobState state = second < 3
                    ? JobState.SPLITTING
                    : second < 25 ? JobState.RUNNING : second < 28 ? JobState.MERGING : JobState.DONE;
            Job job = Jobs.created(Jobs.in(state), start);
            long judged = Math.clamp((second - 6) * 10, 0, 187);
            int submitted = Math.clamp(second - 3, 0, 4);
            int collected = Math.clamp((second - 10) / 4, 0, 4);
            SegmentTotals totals = second < 3
                    ? SegmentTotals.NONE
                    : new SegmentTotals(
                            4,
                            190,
                            submitted,
                            0,
                            0,
                            collected,
                            judged,
                            judged < 187 ? 0 : 3,
                            collected == 4 ? 187 : 46L * collected,
                            collected == 4 ? 3 : collected,
                            submitted - collected,
                            0);
            return Optional.of(new JobSnapshot(job, totals));
        }

        @Override
        public void visitNewestFirst(Predicate<Job> visitor) {
            throw new UnsupportedOperationException();
        }
    }
}
