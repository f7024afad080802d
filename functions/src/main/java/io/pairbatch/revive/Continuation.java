package io.pairbatch.revive;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.SpecChange;
import io.pairbatch.step.Budget;
import io.pairbatch.step.JudgeJobs;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Continues one job on request: one that has stopped, a finished sample that is to grow, or one whose answers are
/// to be read in another way.
public final class Continuation {

    private static final List<String> EVERY = FailureCause.ofPairs().stream()
            .filter(cause -> cause != FailureCause.BATCH_LOST)
            .map(FailureCause::code)
            .toList();

    private static final Answer UNKNOWN = new Answer.Refused(
            RefusalCode.JOB_UNKNOWN, "There is no such job that was ever started.", "Drop its files again.");

    /// What is refused of a job that a newer version has written.
    public static final Answer.Refused NEWER = new Answer.Refused(
            RefusalCode.JOB_NEWER,
            "A newer version of Pairbatch works on the job.",
            "Use the command of that version.");

    static final Answer.Refused DELETING = new Answer.Refused(
            RefusalCode.JOB_DELETING,
            "The job is being deleted.",
            "./pairbatch delete JOB finishes that; nothing of it can go on.");

    private static final Answer PROMPT_UNKNOWN = new Answer.Refused(
            RefusalCode.JOB_WRONG_STATE,
            "The job took over batches of others, and does not know the trait and the template by which they judge.",
            "./pairbatch run results/JOB/failed_pairs.csv --job FILE judges these pairs as a job of their own, with a job"
                    + " file that names them; ./pairbatch results JOB OTHER joins both.");

    /// Every cause, but what is paid for, which has to be named.
    public static final String EVERY_CODE = "all";

    private final SegmentRegistry segments;
    private final JobRegistry registry;
    private final ReviveStep.Executions executions;
    private final Frozen jobs;
    private final Folders folders;

    public Continuation(SegmentRegistry segments, ReviveStep.Executions executions, Frozen jobs, Folders folders) {
        this.segments = segments;
        this.registry = segments.jobs();
        this.executions = executions;
        this.jobs = jobs;
        this.folders = folders;
    }

    /// The jobs' folders.
    @FunctionalInterface
    public interface Folders {

        JobStore of(String jobId);
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

        /// Something was decided, and no execution was started for it.
        ///
        /// @param why one sentence
        record Noted(String why) implements Answer {}

        /// Nothing was started.
        ///
        /// @param why one sentence
        /// @param remedy one sentence
        record Refused(RefusalCode code, String why, String remedy) implements Answer {}
    }

    /// Starts the job's next execution.
    ///
    /// @param limit how many rows to judge in total, 0 for all; null: the job continues unchanged
    public Answer of(String jobId, @Nullable Integer limit) throws IOException {
        Optional<JobItem> found = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.read(jobId);
        if (found.isEmpty() || frozen.isEmpty()) {
            return missing(found);
        }
        JobItem job = found.get();
        if (limit == null && new JudgeJobs(registry).isOutdated(job)) {
            executions.collect(job);
            return new Answer.Started();
        }
        Answer answer = limit == null ? resume(job) : grow(job, frozen.get(), limit);
        boolean sends = limit == null && job.state() == JobState.DONE;
        if (sends && answer instanceof Answer.Started && !frozen.get().spec().isPromptKnown()) {
            return PROMPT_UNKNOWN;
        }
        if (answer instanceof Answer.Started) {
            ObjectNode wish = Json.MAPPER.createObjectNode();
            if (limit != null) {
                wish.put("limit", limit);
            } else if (job.state() == JobState.DONE) {
                wish.put("retry", lacking(job, frozen.get()));
            }
            start(job, wish);
        }
        return answer;
    }

    /// Starts a job's next execution. Where it is one judge's, the job that has the judges goes on too if it has
    /// stopped.
    private void start(JobItem job, ObjectNode wish) {
        executions.start(job.jobId(), job.epoch() + 1, wish);
        Optional.ofNullable(job.panel())
                .flatMap(registry::find)
                .filter(panel -> panel.state().stopped())
                .ifPresent(panel -> executions.start(panel.jobId(), panel.epoch() + 1));
    }

    private void start(JobItem job) {
        start(job, Json.MAPPER.createObjectNode());
    }

    /// Sets how much a job may cost. One that is done goes on with what it did not submit, one that has stopped goes
    /// on, and one that is at work takes the new limit with its next create.
    ///
    /// @param usd null for no limit
    public Answer limitCost(String jobId, @Nullable BigDecimal usd) throws IOException {
        Optional<JobItem> found = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.read(jobId);
        if (found.isEmpty() || frozen.isEmpty()) {
            return missing(found);
        }
        switch (found.get().state()) {
            case REJECTED, DUPLICATE, CANCELLED, DELETING, WAITING_FOR_SPEC, UNKNOWN -> {
                return resume(found.get());
            }
            default -> {}
        }
        if (found.get().state() == JobState.DONE && !frozen.get().spec().isPromptKnown()) {
            return PROMPT_UNKNOWN;
        }
        if (frozen.get().spec().isPanel()) {
            return new Answer.Refused(
                    RefusalCode.JOB_WRONG_STATE,
                    "Each of the job's judges has a limit of its own.",
                    "./pairbatch continue " + found.get().judgeJobs().getFirst()
                            + " --max-cost USD sets that of one judge's job; then ./pairbatch continue " + jobId + ".");
        }
        JobSpec spec = frozen.get().spec().withMaxCost(Optional.ofNullable(usd));
        PriceTable prices = PriceTable.bundled();
        if (usd != null && !prices.knows(spec.model())) {
            return new Answer.Refused(
                    RefusalCode.JOB_WRONG_STATE,
                    "The price of " + spec.model() + " is not known, so its cost cannot be limited.",
                    ErrorCode.PRICE_UNKNOWN.remedy());
        }
        Long limit = Budget.limit(spec);
        long spent = found.get().costs().spent();
        if (limit != null && limit < spent) {
            return new Answer.Refused(
                    RefusalCode.JOB_WRONG_STATE,
                    "A limit of " + NanoUsd.words(limit) + " is below what the job has cost already, "
                            + NanoUsd.words(spent) + ".",
                    "Give a higher one, or none.");
        }
        if (limit != null
                && found.get().state() == JobState.DONE
                && !found.get().cancelled()) {
            Room room = new Room(found.get(), found.get().costs().within(limit), spec, segments.all(jobId));
            Set<String> lacking = room.lackingFor(List.of(FailureCode.BUDGET_REACHED.code()));
            if (!lacking.isEmpty()) {
                return room.refused(lacking, false);
            }
        }
        limited(frozen.get().with(spec));
        JobItem job = registry.find(jobId).orElse(found.get());
        if (job.state() == JobState.DONE) {
            if (!job.costs().hasAnotherLimit()) {
                return new Answer.Refused(
                        RefusalCode.JOB_NOTHING_TO_DO,
                        "The job is done within that limit.",
                        job.costs().lacks(jobId).map(lacks -> lacks + ".").orElse("Nothing has to be sent."));
            }
            start(job, Json.MAPPER.createObjectNode().put("retry", lacking(job, frozen.get())));
            return new Answer.Started();
        }
        if (job.state().active() && executions.running(job.owner())) {
            return new Answer.Noted("The job is at work, and goes on within the new limit.");
        }
        start(job);
        return new Answer.Started();
    }

    /// First the registry, which decides: whoever looks after the jobs sees there that its files tell another limit. A
    /// registry that is lost is rebuilt from the file.
    private void limited(ResolvedJob job) throws IOException {
        if (!registry.claims().entering(job.jobId())) {
            return;
        }
        registry.claims().limitCost(job.jobId(), Budget.limit(job.spec()));
        try (Draft draft = folders.of(job.jobId()).create(JobFiles.POLICY)) {
            draft.write(job.policy(job.spec()));
            draft.commit();
        }
        registry.claims().changePolicy(job.jobId(), false);
    }

    /// Has a job go on of which something was decided: with its next execution, or with the one that works on it.
    Answer after(String jobId) throws IOException {
        return switch (of(jobId, null)) {
            case Answer.Refused refused -> new Answer.Noted(refused.why());
            case Answer other -> other;
        };
    }

    /// The job as it was frozen.
    Optional<ResolvedJob> frozen(String jobId) throws IOException {
        return jobs.read(jobId);
    }

    /// Has a job fetch answers once more, as its segments say: with its next execution, or with the one that works on
    /// it.
    Answer collectAgain(String jobId) throws IOException {
        // A merge that is going on does not end with the old answers.
        if (registry.claims().changePolicy(jobId, false)) {
            return after(jobId);
        }
        Optional<JobItem> job = registry.find(jobId);
        if (job.isEmpty() || job.get().state() == JobState.DELETING) {
            return missing(job);
        }
        if (job.get().state() != JobState.DONE) {
            // It has just been started.
            return after(jobId);
        }
        executions.collect(job.get());
        return new Answer.Started();
    }

    /// Starts an execution that reads the answers of a finished job again.
    ///
    /// @param rules what changes in how they are read, as in a job file
    public Answer readAgain(String jobId, ObjectNode rules) throws IOException {
        Optional<JobItem> found = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.read(jobId);
        if (found.isEmpty() || frozen.isEmpty()) {
            return missing(found);
        }
        JobItem job = found.get();
        JobSpec spec = frozen.get().spec();
        if (job.state() != JobState.DONE) {
            return new Answer.Refused(
                    RefusalCode.JOB_WRONG_STATE,
                    "The job is " + job.state().words() + ": its answers are read again once it is done.",
                    "Wait until then; or drop its files with the new rules, which a running job takes on.");
        }
        if (!spec.output().keepJsonl()) {
            return new Answer.Refused(
                    RefusalCode.ANSWERS_NOT_KEPT,
                    "The job keeps no answers once it is done: its `keep_jsonl` is false.",
                    "Nothing is left to read; another `run` judges everything again, and pays for it again.");
        }
        try {
            JobSpec wanted = JobSpecJson.readBy(spec, rules, Providers::options);
            boolean same = SpecChange.inReading(spec, wanted).isEmpty();
            if (same
                    && (job.tagRules() == null
                            || job.tagRules().equals(wanted.prompt().rules().code()))) {
                return new Answer.Refused(
                        RefusalCode.JOB_NOTHING_TO_DO,
                        "The job's answers were read by these rules already.",
                        "Its results are up to date.");
            }
        } catch (JobRejectedException e) {
            return new Answer.Refused(
                    RefusalCode.RULES_INVALID, String.valueOf(e.getMessage()), "Nothing was changed.");
        }
        ObjectNode wish = Json.MAPPER.createObjectNode();
        wish.set("reading", rules);
        executions.start(jobId, job.epoch() + 1, wish);
        return new Answer.Started();
    }

    /// Cancels a job: nothing more of it is sent, what is open at the provider is stopped, and what has come back is
    /// merged. Says so in the job's files first, so that a lost registry knows it too.
    public Answer cancel(String jobId) throws IOException {
        Optional<JobItem> found = registry.find(jobId);
        if (found.isEmpty() || jobs.read(jobId).isEmpty()) {
            return missing(found);
        }
        JobItem job = found.get();
        switch (job.state()) {
            case SPLITTING, RUNNING, FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION -> {}
            default -> {
                return new Answer.Refused(
                        RefusalCode.JOB_WRONG_STATE,
                        "The job is " + job.state().words() + ": there is nothing to cancel.",
                        "./pairbatch delete " + jobId + " removes it with everything that it has.");
            }
        }
        if (!job.cancelled()) {
            folders.of(jobId).putNew(JobFiles.CANCELLED, "{}\n".getBytes(StandardCharsets.UTF_8));
            if (!registry.claims().cancel(jobId)) {
                return new Answer.Refused(
                        RefusalCode.JOB_WRONG_STATE, "The job has just ended.", "Look at its results.");
            }
        }
        for (String judge : job.judgeJobs()) {
            // One that has ended, or has not begun, has nothing to cancel.
            cancel(judge);
        }
        // The execution that waits may sleep for a quarter of an hour; the next one ends the job at once.
        boolean waits = job.awaitsDeletion() != null;
        if (!waits) {
            registry.claims().noteCancelled(jobId);
        }
        if (waits || !job.state().active() || !executions.running(job.owner())) {
            start(job);
        }
        return new Answer.Started();
    }

    /// Starts an execution that sends pairs of a finished job again.
    ///
    /// @param codes the error codes and causes of their failures; empty for those that the job's `retry_codes` names,
    /// [#EVERY_CODE] for every cause. Of these two the limit on the cost may leave some out.
    public Answer retry(String jobId, List<String> codes) throws IOException {
        Optional<JobItem> found = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.read(jobId);
        if (found.isEmpty() || frozen.isEmpty()) {
            return missing(found);
        }
        JobItem job = found.get();
        boolean every = codes.contains(EVERY_CODE);
        List<String> wanted =
                every ? EVERY : codes.isEmpty() ? frozen.get().spec().polling().retryCodes() : codes;
        List<String> unknown = wanted.stream()
                .filter(code -> !FailureCause.isCauseOrCode(code))
                .toList();
        if (!unknown.isEmpty()) {
            return new Answer.Refused(
                    RefusalCode.CODES_INVALID,
                    "No pair fails with " + String.join(", ", unknown) + ".",
                    "docs/JOB.md lists the causes, and docs/ERRORS.md the error codes.");
        }
        if (job.state() != JobState.DONE) {
            return new Answer.Refused(
                    RefusalCode.JOB_WRONG_STATE,
                    "The job is " + job.state().words() + ": pairs are sent again once it is done.",
                    "Wait until then; `max_attempts` says how often a running job sends them.");
        }
        if (!frozen.get().spec().isPromptKnown()) {
            return PROMPT_UNKNOWN;
        }
        if (job.failed() == 0) {
            return new Answer.Refused(
                    RefusalCode.JOB_NOTHING_TO_DO,
                    "Every pair of the job has a winner.",
                    "Nothing has to be sent again.");
        }
        List<String> sent = new ArrayList<>(wanted);
        if (job.costs().limit() != null) {
            Room room = new Room(job, job.costs(), frozen.get().spec(), segments.all(jobId));
            Set<String> lacking = room.lackingFor(wanted);
            sent.removeAll(lacking);
            boolean named = !every && !codes.isEmpty();
            if (!lacking.isEmpty() && (named || lacking.containsAll(job.failedCodes()))) {
                return room.refused(lacking, named && !sent.isEmpty());
            }
        }
        ObjectNode wish = Json.MAPPER.createObjectNode().put("retry", String.join(" ", sent));
        executions.start(jobId, job.epoch() + 1, wish);
        return new Answer.Started();
    }

    /// The codes of what a finished job lacks: what its limit left no room for, or, where it was cancelled, all that it
    /// has not sent, or not had answered, and what it would have sent again.
    private static String lacking(JobItem job, ResolvedJob frozen) {
        if (!job.cancelled()) {
            return FailureCause.BUDGET_REACHED.code();
        }
        return String.join(" ", FailureCause.ofCancelled(frozen.spec().polling().retryCodes()));
    }

    private static Answer missing(Optional<JobItem> job) {
        return job.filter(item -> item.state() == JobState.DELETING).isPresent() ? DELETING : UNKNOWN;
    }

    private Answer resume(JobItem job) {
        return switch (job.state()) {
            case FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION -> new Answer.Started();
            case SPLITTING, RUNNING, MERGING, CANCELLING ->
                executions.running(job.owner())
                        ? new Answer.Refused(
                                RefusalCode.JOB_BUSY,
                                "An execution is already working on the job.",
                                "Follow it: ./pairbatch watch " + job.jobId())
                        : new Answer.Started();
            case DONE ->
                job.cancelled() || job.costs().hasAnotherLimit()
                        ? new Answer.Started()
                        : new Answer.Refused(
                                RefusalCode.JOB_NOTHING_TO_DO,
                                "The job is done.",
                                "./pairbatch continue " + job.jobId()
                                        + " --limit N judges more rows of one that is a sample.");
            case REJECTED ->
                new Answer.Refused(
                        RefusalCode.JOB_WRONG_STATE,
                        "The job was rejected, and nothing was sent.",
                        "Correct what its error names, and drop the files as a new job.");
            case DUPLICATE ->
                new Answer.Refused(
                        RefusalCode.JOB_WRONG_STATE,
                        "Another job judges the same pairs in the same way.",
                        "Look at the one that its error names.");
            case CANCELLED, DELETING, WAITING_FOR_SPEC ->
                new Answer.Refused(
                        RefusalCode.JOB_WRONG_STATE,
                        "The job is " + job.state().words() + ".",
                        "Drop its files to have them judged.");
            case UNKNOWN -> NEWER;
        };
    }

    private static Answer grow(JobItem job, ResolvedJob frozen, int limit) {
        if (job.state() != JobState.DONE) {
            return new Answer.Refused(
                    RefusalCode.JOB_WRONG_STATE,
                    "The job is " + job.state().words() + ": more rows can be judged after the current ones.",
                    "Wait until it is done, then ask again.");
        }
        return frozen.spec().batching().sample().isRaisedBy(limit, job.limits())
                ? new Answer.Started()
                : new Answer.Refused(
                        RefusalCode.JOB_NOTHING_TO_DO,
                        "The job has already judged that many rows.",
                        "Pass a larger limit; a sample only grows.");
    }
}
