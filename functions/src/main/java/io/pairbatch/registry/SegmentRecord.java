package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A SEGMENT item as shown to people; only these attributes are read.
///
/// @param state null if a newer version has written it
/// @param attempt 1 for the first attempt at its pairs
/// @param inputBytes the size of its batch's requests
/// @param done whether every row is in a result file
/// @param requestsTotal requests in the batch, according to the provider's last status, like the completed and failed
/// ones
/// @param observed pairs with a winner, once collected, like those without one
/// @param cost what its answers cost, in nano-USD, once collected; null where the model has no price
/// @param newsAt when the provider last said something new of its batch; null if it has not yet
/// @param collectAgain when a person asked for its answers to be fetched once more; null if that is not to be done
/// @param lookFrom when the search for its batch starts, if it is unknown whether there is one
/// @param leaseUntil nothing is sent for it again before that time
public record SegmentRecord(
        int index,
        @Nullable SegmentState state,
        boolean done,
        int rows,
        int attempt,
        long inputBytes,
        long requestsTotal,
        long requestsCompleted,
        long requestsFailed,
        long observed,
        long failed,
        @Nullable Long cost,
        @Nullable String providerSays,
        @Nullable String batchId,
        @Nullable String providerStatus,
        @Nullable Instant submittedAt,
        @Nullable Instant newsAt,
        @Nullable Instant collectAgain,
        @Nullable Instant lookFrom,
        @Nullable Instant leaseUntil,
        @Nullable Instant setAsideUntil,
        @Nullable Instant notBefore) {

    static final List<Attribute<?>> ATTRIBUTES = List.of(
            SEGMENT_INDEX,
            STATE,
            DONE,
            ROWS,
            ATTEMPT,
            INPUT_BYTES,
            REQUESTS_TOTAL,
            REQUESTS_COMPLETED,
            REQUESTS_FAILED,
            OBSERVED,
            FAILED,
            COST,
            PROVIDER_SAYS,
            BATCH_ID,
            PROVIDER_STATUS,
            SUBMITTED_AT,
            NEWS_AT,
            COLLECT_AGAIN,
            LOOK_AGAIN,
            CREATE_UNTIL,
            LEASE_UNTIL,
            SET_ASIDE_UNTIL,
            NOT_BEFORE);

    static SegmentRecord of(Row row) {
        Instant again = row.get(LOOK_AGAIN);
        return new SegmentRecord(
                row.get(SEGMENT_INDEX, 0),
                row.get(STATE),
                row.get(DONE, false),
                row.get(ROWS, 0),
                row.get(ATTEMPT, 1),
                row.get(INPUT_BYTES, 0L),
                row.get(REQUESTS_TOTAL, 0L),
                row.get(REQUESTS_COMPLETED, 0L),
                row.get(REQUESTS_FAILED, 0L),
                row.get(OBSERVED, 0L),
                row.get(FAILED, 0L),
                row.get(COST),
                row.get(PROVIDER_SAYS),
                row.get(BATCH_ID),
                row.get(PROVIDER_STATUS),
                row.get(SUBMITTED_AT),
                row.get(NEWS_AT),
                row.get(COLLECT_AGAIN),
                again == null ? row.get(CREATE_UNTIL) : again,
                row.get(LEASE_UNTIL),
                row.get(SET_ASIDE_UNTIL),
                row.get(NOT_BEFORE));
    }
}
