package io.pairbatch.revive;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Budget;
import io.pairbatch.step.JudgeJobs;
import io.pairbatch.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Starts the next execution of each job that should be worked on and is not. Starting one too many does no harm: an
/// execution that does not get the job's next epoch ends quietly.
public final class ReviveStep {

    /// If an execution dies as soon as it starts, it is not restarted immediately every time; the hourly round still
    /// restarts it.
    private static final Duration LEAST_GAP = Duration.ofMinutes(10);

    private final JobRegistry registry;
    private final JudgeJobs judges;
    private final Executions executions;
    private final Folders folders;

    public ReviveStep(JobRegistry registry, Executions executions, Folders folders) {
        this.registry = registry;
        this.judges = new JudgeJobs(registry);
        this.executions = executions;
        this.folders = folders;
    }

    /// The workflow's executions.
    public interface Executions {

        /// Whether the execution with this ARN is running.
        boolean running(String arn);

        /// Starts an execution that takes the job as its `epoch`-th owner.
        ///
        /// @param wish what a finished job is to do besides: `limit`, how many rows to judge; `reading`, the fields
        /// that change in how answers are read; `retry`, the codes of the pairs to send again; `collect`, to fetch
        /// answers once more; or nothing
        void start(String jobId, long epoch, ObjectNode wish);

        /// Starts one that has the job go on.
        default void start(String jobId, long epoch) {
            start(jobId, epoch, Json.MAPPER.createObjectNode());
        }

        /// Starts one that has a finished job fetch its answers once more, or merge those of its judges.
        default void collect(JobItem job) {
            start(job.jobId(), job.epoch() + 1, Json.MAPPER.createObjectNode().put("collect", true));
        }

        /// Starts an execution like the object's creation in the inbox did; it claims the job of its folder.
        void drop(JobItem job);
    }

    /// The folders of jobs.
    public interface Folders {

        /// Whether the job's specification was frozen: until then, only its files in the inbox can start it.
        boolean frozen(String jobId);

        /// How often the job's limit was raised, according to its files.
        int limits(String jobId);

        /// The last segment that sends rows again, according to its list; 0 if there is none.
        int lastRetry(String jobId);

        /// Whether answers of the job are to be fetched once more, or were since it was merged, according to its files.
        boolean collectsAgain(String jobId, @Nullable Instant merged);

        /// The job's specification, according to a policy beside it; empty if there is none.
        Optional<JobSpec> policy(String jobId);

        /// Passes on the IDs that have a folder.
        void each(Predicate<String> wanted, Consumer<String> jobId);
    }

    /// The result of a round.
    ///
    /// @param revived the IDs of the jobs whose next execution was started
    /// @param failed errors by the IDs of the jobs they occurred for
    /// @param well number of jobs without an error
    public record Round(List<String> revived, Map<String, String> failed, int well) {

        public Round {
            revived = List.copyOf(revived);
            failed = Map.copyOf(failed);
        }

        /// Whether there were jobs, and all of them had an error.
        public boolean failedWhole() {
            return well == 0 && !failed.isEmpty();
        }
    }

    /// Revives the jobs of an execution that has ended.
    public Round after(String executionArn) {
        Looking looking = new Looking();
        registry.each(job -> {
            if (job.owner().equals(executionArn)) {
                looking.at(job.jobId(), () -> job.state().active() && revive(job, LEAST_GAP));
                Optional<JobItem> panel = Optional.ofNullable(job.panel()).flatMap(registry::find);
                panel.ifPresent(of ->
                        looking.at(of.jobId(), () -> judges.isOutdated(of) && mergeAgain(of, Duration.ZERO)));
            }
        });
        return looking.round();
    }

    /// Checks every job, regardless of errors with others. Holds their IDs in memory.
    ///
    /// @param wake whether the stack has just started: a key that jobs wait for may be available now, and the registry
    /// may be older than the files
    public Round all(boolean wake) {
        Looking looking = new Looking();
        Set<String> known = new HashSet<>();
        registry.each(job -> {
            known.add(job.jobId());
            looking.at(
                    job.jobId(),
                    () -> judges.isOutdated(job)
                            ? mergeAgain(job, Duration.ZERO)
                            : isDead(job, wake) && revive(job, Duration.ZERO));
        });
        folders.each(
                jobId -> !known.contains(jobId),
                jobId -> looking.at(jobId, () -> {
                    // The index may not show recently claimed jobs yet.
                    if (!folders.frozen(jobId) || registry.find(jobId).isPresent()) {
                        return false;
                    }
                    executions.start(jobId, 1);
                    return true;
                }));
        return looking.round();
    }

    /// Checks one job after another.
    private static final class Looking {

        private final List<String> revived = new ArrayList<>();
        private final Map<String, String> failed = new HashMap<>();
        private int well;

        /// @param look checks a job and returns whether it was revived
        void at(String jobId, BooleanSupplier look) {
            try {
                if (look.getAsBoolean()) {
                    revived.add(jobId);
                }
                well++;
            } catch (RuntimeException e) {
                failed.put(jobId, String.valueOf(e));
            }
        }

        Round round() {
            return new Round(revived, failed, well);
        }
    }

    /// A job that was claimed but not frozen yet starts again with its files in the inbox.
    private boolean revive(JobItem job, Duration gap) {
        boolean frozen = folders.frozen(job.jobId());
        if (!registry.claims().revive(job, gap)) {
            return false;
        }
        if (frozen && job.state() == JobState.DONE && !job.cancelled() && hasAnotherLimit(job)) {
            executions.start(
                    job.jobId(),
                    job.epoch() + 1,
                    Json.MAPPER.createObjectNode().put("retry", FailureCause.BUDGET_REACHED.code()));
        } else if (frozen) {
            executions.start(job.jobId(), job.epoch() + 1);
        } else {
            executions.drop(job);
        }
        return true;
    }

    private boolean mergeAgain(JobItem panel, Duration gap) {
        if (!registry.claims().revive(panel, gap)) {
            return false;
        }
        executions.collect(panel);
        return true;
    }

    private static boolean isReadOtherwise(@Nullable String read, Optional<String> wanted) {
        return read != null && wanted.isPresent() && !wanted.get().equals(read);
    }

    /// Whether its answers are to be read by other rules than they were. Deleted ones are not read again.
    private boolean isReadOtherwise(JobItem job) {
        Optional<String> rules = folders.policy(job.jobId())
                .filter(spec -> spec.output().keepJsonl())
                .map(spec -> spec.prompt().rules().code());
        return isReadOtherwise(job.tagRules(), rules);
    }

    /// Whether its files tell another limit than the one that holds.
    private boolean hasAnotherLimit(JobItem job) {
        return job.costs().hasAnotherLimit()
                || folders.policy(job.jobId())
                        .filter(spec ->
                                !Objects.equals(Budget.limit(spec), job.costs().merged()))
                        .isPresent();
    }

    private boolean isDead(JobItem job, boolean wake) {
        return switch (job.state()) {
            case WAITING_FOR_KEY -> wake;
            // A registry that was restored to an older state may have lost that a finished sample was to grow, that
            // pairs were sent again, or that answers were to be read again, or fetched once more. A limit is set before
            // its job is started.
            case DONE ->
                job.collecting()
                        || job.costs().hasAnotherLimit()
                        || (wake
                                && (folders.limits(job.jobId()) > job.limits().size()
                                        || folders.lastRetry(job.jobId()) > job.segments()
                                        || folders.collectsAgain(job.jobId(), job.finishedAt())
                                        || isReadOtherwise(job)
                                        || hasAnotherLimit(job)));
            default -> job.state().active() && !executions.running(job.owner());
        };
    }
}
