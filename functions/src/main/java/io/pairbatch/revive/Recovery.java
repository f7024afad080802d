package io.pairbatch.revive;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.revive.Continuation.Answer;
import io.pairbatch.step.RegistryAudit;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rebuilds a job's registry on request, whatever of it was lost: looks at what is there, and starts an execution that
/// registers the job and all its segments again and brings them up to date with the copy in S3. What neither knows is
/// looked for in the provider's list, as after any create whose answer was lost.
public final class Recovery {

    private final JobRegistry registry;
    private final ReviveStep.Executions executions;
    private final Continuation.Frozen jobs;
    private final Table tables;
    private final RegistryAudit audit;
    private final Function<String, JobStore> stores;

    /// @param stores the files of a job
    public Recovery(
            JobRegistry registry,
            ReviveStep.Executions executions,
            Continuation.Frozen jobs,
            Table tables,
            RegistryAudit audit,
            Function<String, JobStore> stores) {
        this.registry = registry;
        this.executions = executions;
        this.jobs = jobs;
        this.tables = tables;
        this.audit = audit;
        this.stores = stores;
    }

    /// Finds the tables of jobs.
    @FunctionalInterface
    public interface Table {

        /// Whether the table is there, as the job began with it.
        boolean isThere(ResolvedJob job) throws IOException;
    }

    /// What was found, and what is done about it.
    ///
    /// @param report null if there is no such job
    /// @param registered whether the job itself was in the registry
    public record Found(RegistryAudit.@Nullable Report report, boolean registered, Answer answer) {}

    /// Looks at a job, and has it rebuilt.
    public Found recover(String jobId) throws IOException {
        Optional<JobItem> item = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.read(jobId);
        if (frozen.isEmpty()) {
            return new Found(
                    null,
                    item.isPresent(),
                    new Answer.Refused(
                            RefusalCode.JOB_UNKNOWN,
                            "The job has no job.json in S3, so it never began.",
                            "Drop its files again; nothing was sent for it."));
        }
        RegistryAudit.Report report = audit.of(jobId, stores.apply(jobId));
        Answer refused = refusal(item, frozen.get(), report);
        if (refused != null) {
            return new Found(report, item.isPresent(), refused);
        }
        executions.start(
                jobId,
                item.map(JobItem::epoch).orElse(0L) + 1,
                Json.MAPPER.createObjectNode().put("recover", true));
        return new Found(report, item.isPresent(), new Answer.Started());
    }

    private @Nullable Answer refusal(Optional<JobItem> item, ResolvedJob frozen, RegistryAudit.Report report)
            throws IOException {
        JobState state = item.map(JobItem::state).orElse(JobState.FAILED);
        if (state == JobState.DELETING) {
            return Continuation.DELETING;
        }
        if (state == JobState.REJECTED || state == JobState.DUPLICATE || state == JobState.CANCELLED) {
            return new Answer.Refused(
                    RefusalCode.JOB_NOTHING_TO_DO,
                    "The job is " + state.words() + ": nothing of it was sent.",
                    "There is nothing to recover.");
        }
        if (state == JobState.UNKNOWN) {
            return Continuation.NEWER;
        }
        if (item.isPresent() && state.active() && executions.running(item.get().owner())) {
            return new Answer.Refused(
                    RefusalCode.JOB_BUSY,
                    "An execution is working on the job.",
                    "Wait until it has ended: if something is missing, it stops and says so.");
        }
        if (item.isPresent() && state == JobState.DONE && !report.damaged()) {
            return new Answer.Refused(
                    RefusalCode.JOB_NOTHING_TO_DO,
                    "The job is done, and its registry lacks nothing.",
                    "Nothing has to be recovered.");
        }
        return tables.isThere(frozen)
                ? null
                : new Answer.Refused(
                        RefusalCode.JOB_WRONG_STATE,
                        "The job's table, " + frozen.source().key() + ", is gone, and its segments follow from it.",
                        "Restore that version of the object in the bucket, then type the command again.");
    }
}
