package io.pairbatch.revive;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Continues one job on request: one that has stopped, or a finished sample that is to grow.
public final class Continuation {

    private final JobRegistry registry;
    private final ReviveStep.Executions executions;
    private final Frozen jobs;

    public Continuation(JobRegistry registry, ReviveStep.Executions executions, Frozen jobs) {
        this.registry = registry;
        this.executions = executions;
        this.jobs = jobs;
    }

    /// Reads frozen jobs.
    @FunctionalInterface
    public interface Frozen {

        Optional<ResolvedJob> read(String jobId) throws IOException;
    }

    /// The result.
    public sealed interface Answer {

        /// Its next execution was started.
        record Started() implements Answer {}

        /// Nothing was started.
        ///
        /// @param why one sentence
        /// @param remedy one sentence
        record Refused(String why, String remedy) implements Answer {}
    }

    /// Starts the job's next execution.
    ///
    /// @param limit how many rows to judge in total, 0 for all; null: the job continues unchanged
    public Answer of(String jobId, @Nullable Integer limit) throws IOException {
        Optional<JobItem> found = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.read(jobId);
        if (found.isEmpty() || frozen.isEmpty()) {
            return new Answer.Refused("There is no job " + jobId + " that was ever started.", "Drop its files again.");
        }
        JobItem job = found.get();
        Answer answer = limit == null ? resume(job) : grow(job, frozen.get(), limit);
        if (answer instanceof Answer.Started) {
            executions.start(jobId, job.epoch() + 1, limit);
        }
        return answer;
    }

    private Answer resume(JobItem job) {
        return switch (job.state()) {
            case FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION -> new Answer.Started();
            case SPLITTING, RUNNING, MERGING, CANCELLING ->
                executions.running(job.owner())
                        ? new Answer.Refused("An execution is already working on the job.", "Watch it.")
                        : new Answer.Started();
            case DONE -> new Answer.Refused("The job is done.", "--limit judges more rows of one that is a sample.");
            case REJECTED ->
                new Answer.Refused(
                        "The job was rejected, and nothing was sent.",
                        "Correct what its error names, and drop the files as a new job.");
            case DUPLICATE ->
                new Answer.Refused(
                        "Another job judges the same pairs in the same way.", "Look at the one that its error names.");
            case CANCELLED, DELETING, WAITING_FOR_SPEC ->
                new Answer.Refused("The job is " + job.state().words() + ".", "Drop its files to have them judged.");
            case UNKNOWN ->
                new Answer.Refused("A newer version of Pairbatch works on the job.", "Continue it with that version.");
        };
    }

    private static Answer grow(JobItem job, ResolvedJob frozen, int limit) {
        if (job.state() != JobState.DONE) {
            return new Answer.Refused(
                    "The job is " + job.state().words() + ": more rows can be judged after the current ones.",
                    "Wait until it is done, then ask again.");
        }
        return frozen.spec().batching().sample().isRaisedBy(limit, job.limits())
                ? new Answer.Started()
                : new Answer.Refused(
                        "The job has already judged that many rows.", "Pass a larger limit; a sample only grows.");
    }
}
