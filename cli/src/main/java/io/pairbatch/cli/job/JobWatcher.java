package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.registry.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Follows one job, read only, until it ends or stops.
public final class JobWatcher {

    /// How often the listener is called, so that a clock on the screen keeps running.
    private static final Duration TICK = Duration.ofSeconds(1);

    /// How long a job that was there may be missing: a stack that was killed starts with an empty registry.
    private static final Duration RESTORATION = Duration.ofMinutes(5);

    /// How long a folder may lack its job.json before watching ends: the files of one drop arrive together.
    private static final Duration SPEC_GRACE = Duration.ofSeconds(30);

    /// How long the stack may take to restart a stopped job whose file was dropped again.
    private static final Duration REVIVAL_GRACE = Duration.ofSeconds(60);

    /// How long such a job may keep its old state after the restart.
    private static final Duration RESTART_GRACE = Duration.ofSeconds(20);

    /// How long a job that is done may stay as it is once an execution was started that goes on with it.
    private static final Duration STARTED_GRACE = Duration.ofSeconds(60);

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

    /// Follows the job and returns its last snapshot. Temporary errors are reported to the listener and tolerated
    /// for [Pacing#patience].
    ///
    /// @param before the job as it was before its file was dropped again, or null
    public JobSnapshot watch(String jobId, @Nullable Job before, JobListener listener) throws InterruptedException {
        return watch(jobId, before, false, listener);
    }

    /// The same.
    ///
    /// @param started whether an execution was started that goes on with the job, even if it is done
    public JobSnapshot watch(String jobId, @Nullable Job before, boolean started, JobListener listener)
            throws InterruptedException {
        Duration interval = pacing.shortest();
        Instant since = clock.instant();
        Instant answered = since;
        Instant due = since;
        @Nullable JobSnapshot last = null;
        if (before != null && before.state().atRest()) {
            listener.goesOn(since);
        }
        while (true) {
            Instant now = clock.instant();
            if (!now.isBefore(due)) {
                @Nullable JobSnapshot read = ask(jobId, isKept(last), listener, answered);
                boolean changed = read != null && !read.equals(last);
                since = changed ? now : since;
                answered = read != null ? now : answered;
                last = read != null ? read : last;
                interval = pacing.next(interval, changed);
                due = now.plus(interval);
            }
            if (last != null) {
                boolean over = ended(last.job(), before, started, Duration.between(since, now));
                if (started && before != null && isAsBefore(last.job(), before) && !over) {
                    listener.before(last);
                } else {
                    listener.show(last, now);
                }
                if (over) {
                    return last;
                }
            }
            pause.of(TICK);
        }
    }

    /// Whether the execution that was started has not begun yet.
    private static boolean isAsBefore(Job job, Job before) {
        return job.state().atRest()
                && job.state() == before.state()
                && Objects.equals(job.finishedAt(), before.finishedAt());
    }

    /// Whether a job that was read stays in the registry. A folder that waits becomes a job with another id.
    private static boolean isKept(@Nullable JobSnapshot last) {
        return last != null && last.job().state() != JobState.WAITING_FOR_SPEC;
    }

    /// @param known whether the job has been read before: then its table is being restored, unless that takes too long
    private @Nullable JobSnapshot ask(String jobId, boolean known, JobListener listener, Instant answered) {
        try {
            Optional<JobSnapshot> read = source.read(jobId);
            if (read.isEmpty() && known && isWithin(RESTORATION, answered)) {
                listener.note("Job " + jobId + " is not in the registry any more; a stack that was killed restores it"
                        + " when it starts. Looking again.");
                return null;
            }
            listener.note(null);
            return read.orElseThrow(() -> CliException.usage(
                    "Job " + jobId + " is not in the registry.",
                    "A folder that waited for its job.json becomes a new job: see ./pairbatch jobs."));
        } catch (OutageException e) {
            if (!isWithin(pacing.patience(), answered)) {
                throw e;
            }
            listener.note(e.getMessage() + " Trying again; the job itself continues.");
            return null;
        }
    }

    private boolean isWithin(Duration patience, Instant answered) {
        return Duration.between(answered, clock.instant()).compareTo(patience) < 0;
    }

    private static boolean ended(Job job, @Nullable Job before, boolean started, Duration unchanged) {
        if (job.state() == JobState.WAITING_FOR_SPEC) {
            return unchanged.compareTo(SPEC_GRACE) >= 0;
        }
        if (before == null || job.state() != before.state()) {
            return job.state().atRest();
        }
        if (job.state() == JobState.DONE) {
            if (started) {
                // A notice that changes, say, is no end: only a merge is.
                return !Objects.equals(job.finishedAt(), before.finishedAt())
                        || unchanged.compareTo(STARTED_GRACE) >= 0;
            }
            boolean mayGoOn = job.sent() < job.rowsAccepted();
            return !mayGoOn || !job.equals(before) || unchanged.compareTo(RESTART_GRACE) >= 0;
        }
        return job.state().atRest() && unchanged.compareTo(job.equals(before) ? REVIVAL_GRACE : RESTART_GRACE) >= 0;
    }
}
