package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.job.JobId;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.text.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JOB item.
///
/// @param owner ARN of the execution that may act
/// @param epoch grows by one with each new owner
/// @param segmentsBefore the number of segments when the last of `limits` was set
/// @param sampleOf the number of accepted rows that the growing sample was drawn from; 0 if none grows
/// @param limits how many rows to judge, each larger than the one before and than the specification's; 0 for all
/// @param preflight null where there was none, or one that was refused
/// @param splitVersion the version of Pairbatch that splits the table, or has; null where it did not say so
/// @param strays batches at the provider that nobody owns
/// @param judged what its drops are known by again; null in jobs of older versions
/// @param tagRules by which rules for tags the answers of a finished job were read; null in jobs of older versions
/// @param policyChanges how often a drop has changed the job's policy
/// @param rereading whether nothing but the answers of a job that was done is read again
/// @param collecting whether answers of a finished job are to be fetched once more
/// @param content SHA-256 of its accepted rows; null before the split is done, and in jobs of older versions
/// @param contentClaim what that content is claimed by
/// @param awaitsDeletion the job whose deletion it waits for; null if it waits for none
/// @param refused whether a notice says that an earlier drop asked for something that is not done
/// @param finishedAt when it was done, of a finished job
/// @param failed pairs without a winner, of a finished job
/// @param failedByCode its pairs without a winner by error code, as JSON; an empty object until it is done
/// @param costs its money
/// @param cancelledAt when a person has cancelled it; null if nobody has
/// @param retriedTo the last segment whose failures were looked at, to send them again; 0 for none
/// @param retryAsked what a person wants sent again, separated by blanks; null for nothing
/// @param retryUpTo the last segment that there was then
/// @param sameAs the job that judges the same, or has taken its place; null where there is none
/// @param judges the names of its judges, if it has several
/// @param panel the job that has several judges, of the job of one of them; null for any other job
/// @param judgeEpochs by which epoch the job of each judge must have gone on before its end counts; empty for any
/// @param judgeWish what the executions that bring about these epochs are asked: a JSON object; null for nothing
/// @param readTo the segment whose batch was read last by a poll that had too little time for all; 0 after one that had
public record JobItem(
        String jobId,
        JobState state,
        String owner,
        long epoch,
        boolean splitDone,
        long rowsRead,
        long rowsAccepted,
        long rowsRejected,
        int segments,
        int segmentsBefore,
        long sampleOf,
        List<Integer> limits,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable PreflightMark preflight,
        @Nullable String splitVersion,
        StrayBatches strays,
        int readTo,
        String sourceBucket,
        String sourceKey,
        @Nullable String judged,
        @Nullable String tagRules,
        int policyChanges,
        boolean rereading,
        boolean collecting,
        @Nullable String content,
        @Nullable String contentClaim,
        @Nullable String awaitsDeletion,
        boolean refused,
        @Nullable Instant finishedAt,
        long failed,
        String failedByCode,
        Costs costs,
        @Nullable Instant cancelledAt,
        int retriedTo,
        @Nullable String retryAsked,
        int retryUpTo,
        @Nullable String sameAs,
        List<String> judges,
        @Nullable String panel,
        List<Integer> judgeEpochs,
        @Nullable String judgeWish) {

    /// Whether nothing more of it is sent, and what is open is to stop.
    public boolean cancelled() {
        return cancelledAt != null;
    }

    /// The ids of the jobs of its judges, in their order.
    public List<String> judgeJobs() {
        return JobId.ofJudges(jobId, judges);
    }

    /// The error codes of its pairs without a winner.
    public Set<String> failedCodes() {
        return TableReport.read(Json.MAPPER.readTree(failedByCode)).keySet();
    }

    static JobItem of(Row row) {
        return new JobItem(
                row.require(Kind.JOB_ID),
                row.require(STATE),
                row.require(OWNER),
                row.get(EPOCH, 0L),
                row.get(SPLIT_DONE, false),
                row.get(ROWS_READ, 0L),
                row.get(ROWS_ACCEPTED, 0L),
                row.get(ROWS_REJECTED, 0L),
                row.get(SEGMENTS, 0),
                row.get(SEGMENTS_BEFORE, 0),
                row.get(SAMPLE_OF, 0L),
                row.get(LIMITS, List.of()),
                row.get(ERROR_CODE),
                row.get(ERROR_MESSAGE),
                row.get(PREFLIGHT),
                row.get(SPLIT_VERSION),
                StrayBatches.of(row),
                row.get(READ_TO, 0),
                row.get(SOURCE_BUCKET, ""),
                row.get(SOURCE_KEY, ""),
                row.get(JUDGED),
                row.get(TAG_RULES),
                row.get(POLICY_CHANGES, 0),
                row.get(REREADING, false),
                row.get(COLLECTING, false),
                row.get(CONTENT),
                row.get(CONTENT_CLAIM),
                row.get(AWAITS_DELETION),
                row.get(NOTICE_REFUSES, false),
                row.get(FINISHED_AT),
                row.get(FAILED, 0L),
                row.get(FAILED_BY_CODE, "{}"),
                Costs.of(row),
                row.get(CANCELLED_AT),
                row.get(RETRIED_TO, 0),
                row.get(RETRY_ASKED),
                row.get(RETRY_UP_TO, 0),
                row.get(SAME_AS),
                row.get(JUDGES, List.of()),
                row.get(PANEL),
                row.get(JUDGE_EPOCHS, List.of()),
                row.get(JUDGE_WISH));
    }
}
