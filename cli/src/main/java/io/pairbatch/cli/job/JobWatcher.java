package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.registry.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Follows one job, read only, until nothing more happens to it.
public final class JobWatcher {

    /// How often the listener is told, so that a clock on the screen goes on.
    private static final Duration TICK = Duration.ofSeconds(1);

    /// How long a folder may lack its job.json before that is taken for an end: the files of one drop arrive together.
    private static final Duration SPEC_GRACE = Duration.ofSeconds(30);

    /// How long the stack may take to pick up again a job that was at rest when its file was dropped again.
    private static final Duration REVIVAL_GRACE = Duration.ofSeconds(60);

    /// How long such a job may keep its old state after it has been picked up.
    private static final Duration RESTART_GRACE = Duration.ofSeconds(20);

    private final JobSource source;
    private final Pacing pacing;
    private final InstantSource clock;
    private final Pause pause;

    public JobWatcher(JobSource source, Pacing pacing, InstantSource clock, Pause pause) {
        this.source = source;
        this.pacing = pacing;
        this.clock = clock;
        this.pause = pause;
    }

    /// Follows the job and returns its last snapshot. Passing errors are told to the listener and lived with for as
    /// long as [Pacing#patience].
    ///
    /// @param before the job as it was before its file was dropped again, or null
    public JobSnapshot watch(String jobId, @Nullable Job before, JobListener listener) throws InterruptedException {
        Duration interval = pacing.shortest();
        Instant since = clock.instant();
        Instant answered = since;
        Instant due = since;
        @Nullable JobSnapshot last = null;
        while (true) {
            Instant now = clock.instant();
            if (!now.isBefore(due)) {
                @Nullable JobSnapshot read = ask(jobId, listener, answered);
                boolean changed = read != null && !read.equals(last);
                since = changed ? now : since;
                answered = read != null ? now : answered;
                last = read != null ? read : last;
                interval = pacing.next(interval, changed);
                due = now.plus(interval);
            }
            if (last != null) {
                listener.show(last, now);
                if (ended(last.job(), before, Duration.between(since, now))) {
                    return last;
                }
            }
            pause.of(TICK);
        }
    }

    private @Nullable JobSnapshot ask(String jobId, JobListener listener, Instant answered) {
        try {
            Optional<JobSnapshot> read = source.read(jobId);
            listener.note(null);
            return read.orElseThrow(() -> CliException.usage(
                    "The registry has no job " + jobId + " (any more).",
                    "A folder that waited for its job.json has become a job of its own: see ./pairbatch jobs."));
        } catch (OutageException e) {
            if (Duration.between(answered, clock.instant()).compareTo(pacing.patience()) >= 0) {
                throw e;
            }
            listener.note(e.getMessage() + " Trying again; the job itself goes on.");
            return null;
        }
    }

    private static boolean ended(Job job, @Nullable Job before, Duration unchanged) {
        if (job.state() == JobState.WAITING_FOR_SPEC) {
            return unchanged.compareTo(SPEC_GRACE) >= 0;
        }
        if (before == null || job.state() != before.state()) {
            return job.state().atRest();
        }
        if (job.state() == JobState.DONE) {
            boolean mayGrow = job.observed() + job.failed() < job.rowsAccepted();
            return !mayGrow || !job.equals(before) || unchanged.compareTo(RESTART_GRACE) >= 0;
        }
        return job.state().atRest() && unchanged.compareTo(job.equals(before) ? REVIVAL_GRACE : RESTART_GRACE) >= 0;
    }
}
