package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A SEGMENT item.
///
/// @param submissions how many creations were intended; the last one's item is `SEGMENT#…#SUB#<submissions>`
/// @param openAccount the account that created the batch, while the batch is open
/// @param invocation token of the submission in progress
/// @param leaseUntil when the function that submits it is certainly dead
/// @param createUntil when the create has certainly timed out, so that its batch may be searched for
/// @param notBefore when it may be submitted again after back-pressure
/// @param setAsideUntil until when it is postponed because of its own errors
/// @param failingSince since when every attempt to submit it has failed
/// @param bounces how often the provider created a batch for it and then had no room
/// @param fileFailures how often the provider created a batch for it and then did not find the input file
/// @param providerSays the provider's last message about it
/// @param absentSince when a complete and witnessed list first did not show the batch in doubt
/// @param unseenSince the same for lists whose witnesses are older than the doubt
/// @param unseenLooks how many of those there were
/// @param lookAgain when a search that could not decide yet continues
/// @param held what its create holds of the job's money
/// @param cost what its answers cost; null before it was collected, and where an older version did that or the model
/// has no price
/// @param failed pairs without a winner, once collected
/// @param tagRules by which rules for tags its answers were read ([io.pairbatch.spec.AnswerRules#code]); null before it
/// was collected, and where an older version did that
/// @param copies the state of its data at the provider
/// @param deletions how often deleting that data was tried
/// @param copiesLeft IDs that the provider still has after deleting was given up
/// @param collectAgain when a person asked for its answers, which are collected, to be fetched once more; null if that
/// is
/// not to be done
/// @param cancelAsked when the provider was asked to stop its batch
/// @param trouble what prevents reading its batch, or collecting it
/// @param outcome the final state after collecting, once ENDED
public record SegmentItem(
        int index,
        SegmentState state,
        String provider,
        String model,
        long firstRow,
        long lastRow,
        int rows,
        long inputBytes,
        int attempt,
        int submissions,
        @Nullable String fileId,
        @Nullable Instant fileUploadedAt,
        @Nullable String batchId,
        @Nullable String openAccount,
        @Nullable String invocation,
        @Nullable Instant leaseUntil,
        @Nullable Instant createUntil,
        @Nullable Instant notBefore,
        @Nullable Instant setAsideUntil,
        @Nullable Instant failingSince,
        int bounces,
        int fileFailures,
        @Nullable String providerSays,
        @Nullable Instant absentSince,
        @Nullable Instant unseenSince,
        int unseenLooks,
        @Nullable Instant lookAgain,
        @Nullable Instant submittedAt,
        @Nullable String providerStatus,
        long requestsTotal,
        long requestsCompleted,
        long requestsFailed,
        @Nullable String outputFileId,
        @Nullable String errorFileId,
        @Nullable SegmentState outcome,
        @Nullable Instant endedAt,
        @Nullable Instant receivedAt,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        Reservation held,
        @Nullable AnswerCost cost,
        long failed,
        @Nullable String tagRules,
        Copies copies,
        int deletions,
        List<String> copiesLeft,
        @Nullable Instant collectAgain,
        @Nullable Instant cancelAsked,
        Trouble trouble) {

    /// The state of a segment's data at the provider.
    public enum Copies {
        /// It stays until the provider deletes it, or the job is deleted.
        KEPT,
        /// It is in S3 as well, and is to be deleted at the provider.
        DUE,
        /// It is deleted.
        DELETED,
        /// Some of it could not be deleted.
        LEFT
    }

    static SegmentItem of(Row row) {
        return new SegmentItem(
                row.get(SEGMENT_INDEX, 0),
                row.require(STATE),
                row.require(PROVIDER),
                row.require(MODEL),
                row.get(FIRST_ROW, 0L),
                row.get(LAST_ROW, 0L),
                row.get(ROWS, 0),
                row.get(INPUT_BYTES, 0L),
                row.get(ATTEMPT, 1),
                row.get(SUBMISSIONS, 0),
                row.get(FILE_ID),
                row.get(FILE_UPLOADED_AT),
                row.get(BATCH_ID),
                row.get(OPEN_ACCOUNT),
                row.get(INVOCATION),
                row.get(LEASE_UNTIL),
                row.get(CREATE_UNTIL),
                row.get(NOT_BEFORE),
                row.get(SET_ASIDE_UNTIL),
                row.get(FAILING_SINCE),
                row.get(BOUNCES, 0),
                row.get(FILE_FAILURES, 0),
                row.get(PROVIDER_SAYS),
                row.get(ABSENT_SINCE),
                row.get(UNSEEN_SINCE),
                row.get(UNSEEN_LOOKS, 0),
                row.get(LOOK_AGAIN),
                row.get(SUBMITTED_AT),
                row.get(PROVIDER_STATUS),
                row.get(REQUESTS_TOTAL, 0L),
                row.get(REQUESTS_COMPLETED, 0L),
                row.get(REQUESTS_FAILED, 0L),
                row.get(OUTPUT_FILE_ID),
                row.get(ERROR_FILE_ID),
                row.get(OUTCOME),
                row.get(ENDED_AT),
                row.get(RECEIVED_AT),
                row.get(ERROR_CODE),
                row.get(ERROR_MESSAGE),
                new Reservation(row.get(RESERVED, 0L), row.get(OPEN_ENDED, false)),
                row.has(COST)
                        ? new AnswerCost(row.get(COST, 0L), row.get(TOKENS_PER_MEGABYTE, 0L), row.get(COSTLIEST, 0L))
                        : null,
                row.get(FAILED, 0L),
                row.get(TAG_RULES),
                row.get(COPIES, Copies.KEPT),
                row.get(DELETIONS, 0),
                ids(row.get(COPIES_LEFT)),
                row.get(COLLECT_AGAIN),
                row.get(CANCEL_ASKED),
                Trouble.of(row));
    }

    /// Whether every row of it is in a result file, and nobody wants its answers fetched once more.
    public boolean settled() {
        return state.isFinal() && collectAgain == null;
    }

    /// IDs separated by spaces.
    static List<String> ids(@Nullable String joined) {
        return joined == null || joined.isEmpty() ? List.of() : List.of(joined.split(" ", -1));
    }

    /// The sort key of segment `index`.
    static String key(int index) {
        return String.format(Locale.ROOT, "SEGMENT#%06d", index);
    }

    /// The sort key of a segment's `n`-th intended creation, 1-based.
    static String submissionKey(int index, int n) {
        return String.format(Locale.ROOT, "%s#SUB#%02d", key(index), n);
    }
}
