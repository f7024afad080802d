package io.pairbatch.registry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A SUB item: one intended creation of a batch. Its outcome is written once and never changed.
///
/// @param number 1-based within the segment
/// @param token what the provider's batch carries in its metadata
/// @param account whose list shows the batch: provider, key fingerprint and model
/// @param outcome null while it is open
public record Submission(
        int segment,
        int number,
        String token,
        String fileId,
        String account,
        Instant createdAt,
        @Nullable SubmissionOutcome outcome,
        @Nullable String batchId) {

    static Submission of(Map<String, AttributeValue> item) {
        Attributes a = new Attributes(item);
        Instant created = a.time("created_at");
        String outcome = a.text("outcome");
        return new Submission(
                (int) a.number("segment_index", 0),
                (int) a.number("number", 0),
                a.required("token"),
                a.required("file_id"),
                a.required("account"),
                created == null ? Instant.EPOCH : created,
                outcome == null ? null : SubmissionOutcome.valueOf(outcome),
                a.text("batch_id"));
    }
}
