package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.job.JobId;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.pairs.Unjudged;
import io.pairbatch.text.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A JOB item as shown to people. Values that are unknown, or that a rejected job does not have, are null.
///
/// @param name the dropped folder's name
/// @param sourceKey the data file, or the folder while it waits
/// @param sourceVersion the version of the data file that the job reads
/// @param observed judged pairs; known when the job is done
/// @param failedByCode pairs without a winner by `error_code`; empty until it is done
/// @param costUsd decimal, known when the job is done and its model has a price
/// @param costs its money
/// @param preflightSays what came of the live request that went ahead, in one line
/// @param table what its owner should know of the table's rows; known when they are all read
/// @param notice what the latest drop of the same files changed, or did not; null where it changed nothing
/// @param sameAs the job that judges the same instead of this one, which has stopped
/// @param awaitsDeletion the job whose deletion it waits for; null if it waits for none
/// @param nextLook when its batches are next looked at; in the past while that is under way, or cannot be done
/// @param tags what it says for those who list and watch it
/// @param perRow how many comparisons each accepted row makes
/// @param simulated whether the simulator answers in place of the provider, so that nothing is paid
/// @param cancelled whether a person has cancelled it, and nobody has had it go on since
/// @param revivedAt when its next execution was last started because there was none; null if it never was
/// @param judges the names of its judges, if it has several
/// @param panel the job that has several judges, of the job of one of them; null for any other job
/// @param judge the name of that judge
public record JobRecord(
        String jobId,
        String name,
        JobState state,
        @Nullable String backend,
        @Nullable String model,
        String sourceKey,
        @Nullable String sourceVersion,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Instant finishedAt,
        boolean splitDone,
        long rowsRead,
        long rowsAccepted,
        long rowsRejected,
        int perRow,
        int segments,
        @Nullable Long observed,
        @Nullable Long failed,
        SortedMap<String, TableReport.Rows> failedByCode,
        @Nullable String costUsd,
        Costs costs,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable String preflightSays,
        StrayBatches strays,
        @Nullable String notice,
        @Nullable String sameAs,
        @Nullable String awaitsDeletion,
        TableReport table,
        @Nullable Instant nextLook,
        JobTags tags,
        boolean simulated,
        boolean cancelled,
        @Nullable Instant revivedAt,
        List<String> judges,
        @Nullable String panel,
        @Nullable String judge) {

    static JobRecord of(Row row) {
        String jobId = row.require(Kind.JOB_ID);
        return new JobRecord(
                jobId,
                row.get(NAME, jobId),
                row.get(STATE, JobState.UNKNOWN),
                known(row.get(BACKEND)),
                known(row.get(MODEL)),
                row.get(SOURCE_KEY, ""),
                row.get(SOURCE_VERSION),
                row.get(CREATED_AT),
                row.get(UPDATED_AT),
                row.get(FINISHED_AT),
                row.get(SPLIT_DONE, false),
                row.get(ROWS_READ, 0L),
                row.get(ROWS_ACCEPTED, 0L),
                row.get(ROWS_REJECTED, 0L),
                row.get(PER_ROW, 1),
                row.get(SEGMENTS, 0),
                row.get(OBSERVED),
                row.get(FAILED),
                TableReport.read(Json.MAPPER.readTree(row.get(FAILED_BY_CODE, "{}"))),
                row.get(COST_USD),
                Costs.of(row),
                row.get(ERROR_CODE),
                row.get(ERROR_MESSAGE),
                row.get(PREFLIGHT_SAYS),
                StrayBatches.of(row),
                row.get(NOTICE),
                switch (row.get(STATE, JobState.UNKNOWN)) {
                    case DUPLICATE, CANCELLED -> row.get(SAME_AS);
                    default -> null;
                },
                row.get(AWAITS_DELETION),
                report(row.get(TABLE)),
                row.get(NEXT_LOOK),
                JobTags.of(row),
                row.get(SIMULATED, false),
                row.has(CANCELLED_AT),
                row.get(REVIVED_AT),
                row.get(JUDGES, List.of()),
                row.get(PANEL),
                row.get(JUDGE));
    }

    /// The ids of the jobs of its judges, in their order.
    public List<String> judgeJobs() {
        return JobId.ofJudges(jobId, judges);
    }

    /// The state as shown to people; of a job that is done also how it has gone, as far as its counts tell.
    public String words() {
        return observed == null ? state.words() : state.words(observed, failed == null ? 0 : failed);
    }

    /// What it waits for before anything of it is sent, where that is the end of another job.
    public Optional<String> waits() {
        return Optional.ofNullable(awaitsDeletion)
                .map(other -> "nothing is sent before job " + other
                        + ", which judged the same pairs in the same way, is deleted: ./pairbatch delete " + other
                        + " finishes that");
    }

    /// When its batches are next looked at; null if the job rests, or has gone on since that look was due.
    public @Nullable Instant dueLook() {
        boolean over = nextLook != null && updatedAt != null && updatedAt.isAfter(nextLook);
        return state.atRest() || over ? null : nextLook;
    }

    /// That its execution had ended, and the next one has not written anything yet.
    public Optional<String> reviving() {
        return state.active() && revivedAt != null && (updatedAt == null || revivedAt.isAfter(updatedAt))
                ? Optional.of("the job is being revived: its execution had ended, and the next one was started at "
                        + revivedAt.truncatedTo(ChronoUnit.SECONDS))
                : Optional.empty();
    }

    /// Why rows of its table have no judgement.
    public Unjudged unjudged() {
        return new Unjudged(table.rejected(), failedByCode);
    }

    private static TableReport report(@Nullable String json) {
        return json == null ? TableReport.NONE : TableReport.fromJson(Json.MAPPER.readTree(json));
    }

    /// A job whose specification was rejected is claimed under these names.
    private static @Nullable String known(@Nullable String name) {
        return "unknown".equals(name) ? null : name;
    }
}
