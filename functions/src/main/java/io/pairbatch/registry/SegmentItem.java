package io.pairbatch.registry;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A SEGMENT item.
///
/// @param submissions how many creations were intended; the last one's item is `SEGMENT#…#SUB#<submissions>`
/// @param openAccount the account that made the batch, while it is open
/// @param invocation token of the submission under way
/// @param leaseUntil when the function that submits it is surely dead
/// @param createUntil when the create's own time is over, so that its batch may be looked for
/// @param notBefore when it may be submitted again after back-pressure
/// @param setAsideUntil until when it is left alone for trouble of its own
/// @param failingSince since when every attempt at submitting it has failed
/// @param bounces how often the provider made a batch of it and then had no room
/// @param fileFailures how often the provider made a batch of it and then did not find the input file
/// @param providerSays the provider's last words on it
/// @param absentSince when a complete and witnessed listing first did not show the batch in doubt
/// @param unseenSince the same of listings whose witnesses are older than the doubt
/// @param unseenLooks how many of those there were
/// @param lookAgain when a search that could not decide yet goes on
/// @param copies what is to become, or became, of what the provider holds of it
/// @param deletions how often their deletion was tried
/// @param copiesLeft ids that the provider still holds, once their deletion was given up
/// @param trouble what stands in the way of reading its batch, or of collecting it
/// @param outcome the final state that collecting leads to, once ENDED
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
        @Nullable Instant checkedAt,
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
        Copies copies,
        int deletions,
        List<String> copiesLeft,
        Trouble trouble) {

    /// What the provider holds of a segment.
    public enum Copies {
        /// It stays until the provider drops it, or the job is deleted.
        KEPT,
        /// It lies in S3 as well, and is to be deleted at the provider.
        DUE,
        /// It is deleted.
        DELETED,
        /// Some of it could not be deleted.
        LEFT
    }

    static SegmentItem of(Map<String, AttributeValue> item) {
        Attributes a = new Attributes(item);
        String outcome = a.text("outcome");
        String copies = a.text("copies");
        String left = a.text("copies_left");
        return new SegmentItem(
                (int) a.number("segment_index", 0),
                SegmentState.valueOf(a.required("state")),
                a.required("provider"),
                a.required("model"),
                a.number("first_row", 0),
                a.number("last_row", 0),
                (int) a.number("rows", 0),
                a.number("input_bytes", 0),
                (int) a.number("attempt", 1),
                (int) a.number("submissions", 0),
                a.text("file_id"),
                a.time("file_uploaded_at"),
                a.text("batch_id"),
                a.text("open_account"),
                a.text("invocation"),
                a.time("lease_until"),
                a.time("create_until"),
                a.time("not_before"),
                a.time("set_aside_until"),
                a.time("failing_since"),
                (int) a.number("bounces", 0),
                (int) a.number("file_failures", 0),
                a.text("provider_says"),
                a.time("absent_since"),
                a.time("unseen_since"),
                (int) a.number("unseen_looks", 0),
                a.time("look_again"),
                a.time("submitted_at"),
                a.time("checked_at"),
                a.text("provider_status"),
                a.number("requests_total", 0),
                a.number("requests_completed", 0),
                a.number("requests_failed", 0),
                a.text("output_file_id"),
                a.text("error_file_id"),
                outcome == null ? null : SegmentState.valueOf(outcome),
                a.time("ended_at"),
                a.time("received_at"),
                a.text("error_code"),
                a.text("error_message"),
                copies == null ? Copies.KEPT : Copies.valueOf(copies),
                (int) a.number("deletions", 0),
                left == null || left.isEmpty() ? List.of() : List.of(left.split(" ", -1)),
                Trouble.of(a));
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
