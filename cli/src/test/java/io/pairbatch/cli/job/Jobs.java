package io.pairbatch.cli.job;

import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import java.time.Instant;
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
                split ? 4 : 0,
                split,
                done ? 187 : 0,
                done ? 3 : 0,
                null,
                null,
                null,
                null,
                JobTags.NONE,
                false);
    }

    public static Job named(String id, String sourceKey, Instant createdAt) {
        Job job = in(JobState.DONE);
        return new Job(
                id,
                job.state(),
                createdAt,
                job.updatedAt(),
                createdAt.plusSeconds(75),
                sourceKey,
                null,
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                true,
                job.observed(),
                job.failed(),
                null,
                null,
                null,
                null,
                JobTags.NONE,
                false);
    }

    /// The same job under another id.
    public static Job renamed(Job job, String id) {
        return new Job(
                id,
                job.state(),
                job.createdAt(),
                job.updatedAt(),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                job.errorCode(),
                job.errorMessage(),
                job.preflight(),
                job.sameAs(),
                job.tags(),
                job.simulated());
    }

    /// The job with other counts of rows and what the registry knows of its end.
    public static Job with(
            Job job, long rowsRead, long rejected, @Nullable String errorCode, @Nullable String errorMessage) {
        return new Job(
                job.id(),
                job.state(),
                job.createdAt(),
                job.updatedAt(),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                rowsRead,
                rowsRead - rejected,
                rejected,
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                errorCode,
                errorMessage,
                job.preflight(),
                null,
                JobTags.NONE,
                false);
    }

    /// The job while more rows of its table are read.
    public static Job growing() {
        Job job = in(JobState.DONE);
        return new Job(
                job.id(),
                JobState.SPLITTING,
                job.createdAt(),
                job.updatedAt(),
                null,
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                false,
                job.observed(),
                job.failed(),
                null,
                null,
                null,
                null,
                JobTags.NONE,
                false);
    }

    /// The job with other counts of comparisons with and without a winner.
    public static Job judged(Job job, long observed, long failed) {
        return new Job(
                job.id(),
                job.state(),
                job.createdAt(),
                job.updatedAt(),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                observed,
                failed,
                job.errorCode(),
                job.errorMessage(),
                job.preflight(),
                job.sameAs(),
                job.tags(),
                job.simulated());
    }

    /// The job as if created at another time; when it is done, a moment ago.
    public static Job created(Job job, Instant createdAt) {
        return new Job(
                job.id(),
                job.state(),
                createdAt,
                job.updatedAt(),
                job.finishedAt() == null ? null : createdAt.plusSeconds(28),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                job.errorCode(),
                job.errorMessage(),
                job.preflight(),
                null,
                JobTags.NONE,
                false);
    }

    /// The job with what came of its preflight.
    public static Job preflighted(Job job, String says) {
        return new Job(
                job.id(),
                job.state(),
                job.createdAt(),
                job.updatedAt(),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                job.errorCode(),
                job.errorMessage(),
                says,
                null,
                JobTags.NONE,
                false);
    }

    /// The job as it is after another write.
    static Job updated(Job job, String updatedAt) {
        return new Job(
                job.id(),
                job.state(),
                job.createdAt(),
                updatedAt,
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                job.errorCode(),
                job.errorMessage(),
                job.preflight(),
                null,
                JobTags.NONE,
                false);
    }

    /// The same job, filed.
    public static Job filed(Job job, JobTags tags) {
        return new Job(
                job.id(),
                job.state(),
                job.createdAt(),
                job.updatedAt(),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                job.errorCode(),
                job.errorMessage(),
                job.preflight(),
                job.sameAs(),
                tags,
                job.simulated());
    }

    /// The same job, answered by the simulator.
    public static Job simulated(Job job) {
        return new Job(
                job.id(),
                job.state(),
                job.createdAt(),
                job.updatedAt(),
                job.finishedAt(),
                job.sourceKey(),
                job.sourceVersion(),
                job.backend(),
                job.model(),
                job.rowsRead(),
                job.rowsAccepted(),
                job.rowsRejected(),
                job.segments(),
                job.splitDone(),
                job.observed(),
                job.failed(),
                job.errorCode(),
                job.errorMessage(),
                job.preflight(),
                job.sameAs(),
                job.tags(),
                true);
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
}
