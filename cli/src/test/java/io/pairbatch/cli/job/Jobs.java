package io.pairbatch.cli.job;

import io.pairbatch.pairs.Unjudged;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Jobs for tests.
public final class Jobs {

    public static final String ID = "essays-3f2a91bc";
    public static final String SOURCE = "inbox/essays/pairs.csv";

    private Jobs() {}

    /// A job of 190 rows in four segments.
    public static Job in(JobState state) {
        return at(state, SOURCE);
    }

    /// The same job, of another object in the bucket.
    public static Job at(JobState state, String source) {
        boolean split = state != JobState.SPLITTING && state != JobState.WAITING_FOR_SPEC;
        boolean done = state == JobState.DONE;
        return new Job(
                ID,
                state,
                FakeTime.START,
                "2026-11-22T18:00:01Z",
                done ? FakeTime.START.plusSeconds(75) : null,
                source,
                null,
                "openai",
                "gpt-4.1",
                split ? 190 : 0,
                split ? 190 : 0,
                0,
                1,
                split ? 4 : 0,
                split,
                done ? 187 : 0,
                done ? 3 : 0,
                Unjudged.NONE,
                null,
                null,
                null,
                null,
                null,
                JobTags.NONE,
                false,
                Costs.NONE,
                false,
                List.of(),
                null,
                null);
    }

    public static Job named(String id, String sourceKey, Instant createdAt) {
        Copy copy = new Copy(in(JobState.DONE));
        copy.id = id;
        copy.sourceKey = sourceKey;
        copy.createdAt = createdAt;
        copy.finishedAt = createdAt.plusSeconds(75);
        return copy.job();
    }

    /// The same job under another id.
    public static Job renamed(Job job, String id) {
        Copy copy = new Copy(job);
        copy.id = id;
        return copy.job();
    }

    /// The job with other counts of rows and what the registry knows of its end.
    public static Job with(
            Job job, long rowsRead, long rejected, @Nullable String errorCode, @Nullable String errorMessage) {
        Copy copy = new Copy(job);
        copy.rowsRead = rowsRead;
        copy.rowsRejected = rejected;
        copy.errorCode = errorCode;
        copy.errorMessage = errorMessage;
        return copy.job();
    }

    /// The job while more rows of its table are read.
    public static Job growing() {
        Copy copy = new Copy(in(JobState.DONE));
        copy.state = JobState.SPLITTING;
        copy.finishedAt = null;
        copy.splitDone = false;
        return copy.job();
    }

    /// The job with other counts of comparisons with and without a winner.
    public static Job judged(Job job, long observed, long failed) {
        Copy copy = new Copy(job);
        copy.observed = observed;
        copy.failed = failed;
        return copy.job();
    }

    /// The job as if created at another time; when it is done, a moment ago.
    public static Job created(Job job, Instant createdAt) {
        Copy copy = new Copy(job);
        copy.createdAt = createdAt;
        copy.finishedAt = job.finishedAt() == null ? null : createdAt.plusSeconds(28);
        return copy.job();
    }

    /// The job with what came of its preflight.
    public static Job preflighted(Job job, String says) {
        Copy copy = new Copy(job);
        copy.preflight = says;
        return copy.job();
    }

    /// The job as it is after another write.
    static Job updated(Job job, String updatedAt) {
        Copy copy = new Copy(job);
        copy.updatedAt = updatedAt;
        return copy.job();
    }

    /// The same job, filed.
    public static Job filed(Job job, JobTags tags) {
        Copy copy = new Copy(job);
        copy.tags = tags;
        return copy.job();
    }

    /// The same job with another model.
    public static Job judging(Job job, String model) {
        Copy copy = new Copy(job);
        copy.model = model;
        return copy.job();
    }

    /// The same job, answered by the simulator.
    public static Job simulated(Job job) {
        Copy copy = new Copy(job);
        copy.simulated = true;
        return copy.job();
    }

    /// The same job with several judges.
    public static Job of(Job job, String... judges) {
        Copy copy = new Copy(job);
        copy.judges = List.of(judges);
        copy.model = null;
        return copy.job();
    }

    /// The same job, of one of the judges of another.
    public static Job judgeOf(Job job, Job panel, String judge) {
        Copy copy = new Copy(job);
        copy.id = panel.judgeJobs().get(panel.judges().indexOf(judge));
        copy.panel = panel.id();
        copy.judge = judge;
        return copy.job();
    }

    /// The same job, for which another one judges.
    public static Job sameAs(Job job, String other) {
        Copy copy = new Copy(job);
        copy.state = JobState.DUPLICATE;
        copy.sameAs = other;
        return copy.job();
    }

    /// The same job, cancelled.
    public static Job cancelled(Job job) {
        Copy copy = new Copy(job);
        copy.cancelled = true;
        return copy.job();
    }

    /// The same job, which waits for the deletion of another.
    /// The same as the job of one of the judges of another one.
    public static Job ofJudge(Job job, String panel) {
        Copy copy = new Copy(job);
        copy.panel = panel;
        return copy.job();
    }

    public static Job waiting(Job job, String other) {
        Copy copy = new Copy(job);
        copy.awaitsDeletion = other;
        return copy.job();
    }

    /// The same job with other money.
    public static Job costing(Job job, Costs costs) {
        Copy copy = new Copy(job);
        copy.costs = costs;
        return copy.job();
    }

    /// The same job with why rows of it have no judgement.
    public static Job unjudged(Job job, Unjudged unjudged) {
        Copy copy = new Copy(job);
        copy.unjudged = unjudged;
        return copy.job();
    }

    public static JobSnapshot snapshot(JobState state) {
        return new JobSnapshot(in(state), state == JobState.DONE ? collected(4, 187, 3) : SegmentTotals.NONE);
    }

    /// Four segments of 190 rows, all submitted.
    public static SegmentTotals collected(int collected, long answered, long unanswered) {
        long judged = collected == 4 ? answered : 46L * collected;
        long notJudged = collected == 4 ? unanswered : collected;
        return new SegmentTotals(4, 190, 4, 0, 0, collected, answered, unanswered, judged, notJudged, 4 - collected, 0);
    }

    /// A job, of which something is to be otherwise.
    private static final class Copy {

        private final Job of;
        private @Nullable String model;
        private String id;
        private JobState state;
        private @Nullable Instant createdAt;
        private @Nullable String updatedAt;
        private @Nullable Instant finishedAt;
        private @Nullable String sourceKey;
        private long rowsRead;
        private long rowsRejected;
        private boolean splitDone;
        private long observed;
        private long failed;
        private Unjudged unjudged;
        private @Nullable String errorCode;
        private @Nullable String errorMessage;
        private @Nullable String preflight;
        private @Nullable String awaitsDeletion;
        private JobTags tags;
        private boolean simulated;
        private Costs costs;
        private boolean cancelled;
        private List<String> judges;
        private @Nullable String panel;
        private @Nullable String judge;
        private @Nullable String sameAs;

        Copy(Job of) {
            this.of = of;
            this.model = of.model();
            this.id = of.id();
            this.state = of.state();
            this.createdAt = of.createdAt();
            this.updatedAt = of.updatedAt();
            this.finishedAt = of.finishedAt();
            this.sourceKey = of.sourceKey();
            this.rowsRead = of.rowsRead();
            this.rowsRejected = of.rowsRejected();
            this.splitDone = of.splitDone();
            this.observed = of.observed();
            this.failed = of.failed();
            this.unjudged = of.unjudged();
            this.errorCode = of.errorCode();
            this.errorMessage = of.errorMessage();
            this.preflight = of.preflight();
            this.awaitsDeletion = of.awaitsDeletion();
            this.tags = of.tags();
            this.simulated = of.simulated();
            this.costs = of.costs();
            this.cancelled = of.cancelled();
            this.judges = of.judges();
            this.panel = of.panel();
            this.judge = of.judge();
            this.sameAs = of.sameAs();
        }

        Job job() {
            return new Job(
                    id,
                    state,
                    createdAt,
                    updatedAt,
                    finishedAt,
                    sourceKey,
                    of.sourceVersion(),
                    of.backend(),
                    model,
                    rowsRead,
                    rowsRead - rowsRejected,
                    rowsRejected,
                    of.perRow(),
                    of.segments(),
                    splitDone,
                    observed,
                    failed,
                    unjudged,
                    errorCode,
                    errorMessage,
                    preflight,
                    sameAs,
                    awaitsDeletion,
                    tags,
                    simulated,
                    costs,
                    cancelled,
                    judges,
                    panel,
                    judge);
        }
    }
}
