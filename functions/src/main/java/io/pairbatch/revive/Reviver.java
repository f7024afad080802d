package io.pairbatch.revive;

import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Starts the next execution of each job that should be worked on and is not. Starting one too many does no harm: an
/// execution that does not get the job's next epoch ends quietly.
public final class Reviver {

    /// An execution that dies as soon as it begins is not started again and again; the hourly round still does.
    private static final Duration LEAST_GAP = Duration.ofMinutes(10);

    private final JobRegistry registry;
    private final Executions executions;
    private final Folders folders;

    public Reviver(JobRegistry registry, Executions executions, Folders folders) {
        this.registry = registry;
        this.executions = executions;
        this.folders = folders;
    }

    /// The workflow's executions.
    public interface Executions {
        /// Whether the execution with this ARN is running.
        boolean running(String arn);

        /// Starts an execution that takes the job as its `epoch`-th owner.
        ///
        /// @param limit how many rows to judge, where a finished job is to judge more; else null
        void start(String jobId, long epoch, @Nullable Integer limit);
    }

    /// The jobs that have files.
    public interface Folders {
        /// Whether the job's specification was frozen: before that only its files, dropped again, can start it.
        boolean frozen(String jobId);

        /// How often the files say that the job's limit was raised.
        int limits(String jobId);

        /// Tells the id of each job whose frozen specification is in the bucket.
        void each(Predicate<String> wanted, Consumer<String> jobId);
    }

    /// Revives the jobs of an execution that has ended.
    ///
    /// @return the ids of the jobs whose next execution was started
    public List<String> after(String executionArn) {
        List<String> revived = new ArrayList<>();
        registry.each(job -> {
            if (job.owner().equals(executionArn)
                    && job.state().active()
                    && folders.frozen(job.jobId())
                    && registry.revive(job, LEAST_GAP)) {
                executions.start(job.jobId(), job.epoch() + 1, null);
                revived.add(job.jobId());
            }
        });
        return revived;
    }

    /// Looks at every job. Holds their ids.
    ///
    /// @param wake whether the stack has just started: there may be a key now that jobs wait for, and the registry may
    /// be older than the files
    /// @return the ids of the jobs whose next execution was started
    public List<String> all(boolean wake) {
        List<String> revived = new ArrayList<>();
        Set<String> known = new HashSet<>();
        registry.each(job -> {
            known.add(job.jobId());
            if (isDead(job, wake) && registry.revive(job, Duration.ZERO)) {
                executions.start(job.jobId(), job.epoch() + 1, null);
                revived.add(job.jobId());
            }
        });
        folders.each(jobId -> !known.contains(jobId), jobId -> {
            // The index may not show yet what has just been claimed.
            if (registry.find(jobId).isEmpty()) {
                executions.start(jobId, 1, null);
                revived.add(jobId);
            }
        });
        return revived;
    }

    private boolean isDead(JobItem job, boolean wake) {
        return switch (job.state()) {
            case WAITING_FOR_KEY -> wake;
            // A registry that was set back may have forgotten that a finished sample was to grow.
            case DONE -> wake && folders.limits(job.jobId()) > job.limits().size();
            default -> job.state().active() && folders.frozen(job.jobId()) && !executions.running(job.owner());
        };
    }
}
