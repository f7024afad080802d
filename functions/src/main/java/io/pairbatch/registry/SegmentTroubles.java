package io.pairbatch.registry;

import io.pairbatch.registry.Trouble.Denials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// Writes down what stands in the way of a segment, on its SEGMENT item ([Trouble]). A segment that has moved on in the
/// meantime is left alone.
public final class SegmentTroubles {

    /// What ends with an answer about the batch.
    static final String UNREAD = "missing_since, missing_looks, missing_looked_at, poll_failures, poll_failing_since,"
            + " poll_not_before, provider_says";

    /// What another batch of the segment has nothing to do with.
    static final String ALL = UNREAD
            + ", collect_attempts, collect_failing_since, collect_not_before, short_since, missing_files,"
            + " download_missing_since, download_missing_looks, download_missing_looked_at, give_up";

    private static final String THIS_BATCH = "#state = :submitted AND batch_id = :batch";
    private static final String ENDED = "#state = :ended";
    private static final int LONGEST = 500;

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    SegmentTroubles(DynamoDbClient dynamo, String table, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.clock = clock;
    }

    /// Notes that the provider says that there is no such batch.
    ///
    /// @param patience how long it must say so to be believed
    /// @return the segment by then; empty when it has moved on
    public Optional<SegmentItem> denied(String jobId, SegmentItem segment, String says, Duration patience) {
        Denials denials = segment.trouble().missing().plus(clock.instant(), patience);
        return change(
                jobId,
                segment.index(),
                "SET missing_since = :since, missing_looks = :looks, missing_looked_at = :last, checked_at = :now,"
                        + " provider_says = :says REMOVE poll_failures, poll_failing_since, poll_not_before",
                THIS_BATCH,
                denials(denials)
                        .with(":now", clock.instant())
                        .with(":says", cut(says))
                        .with(":batch", Objects.requireNonNullElse(segment.batchId(), ""))
                        .with(":submitted", SegmentState.SUBMITTED));
    }

    /// Notes that the batch could not be read. Whether it is there is as unknown as before.
    public void unread(String jobId, SegmentItem segment, String says, Instant notBefore) {
        change(
                jobId,
                segment.index(),
                "SET poll_failures = :failures, poll_failing_since = if_not_exists(poll_failing_since, :now),"
                        + " poll_not_before = :after, checked_at = :now, provider_says = :says",
                THIS_BATCH,
                Attributes.empty()
                        .with(":failures", segment.trouble().pollFailures() + 1L)
                        .with(":now", clock.instant())
                        .with(":after", notBefore)
                        .with(":says", cut(says))
                        .with(":batch", Objects.requireNonNullElse(segment.batchId(), ""))
                        .with(":submitted", SegmentState.SUBMITTED));
    }

    /// Notes that the segment is handed to the collector, before that is: a function may die before its first line.
    public void handedOut(String jobId, SegmentItem segment, Instant notBefore) {
        change(
                jobId,
                segment.index(),
                "SET collect_attempts = :attempts, collect_not_before = :after,"
                        + " collect_failing_since = if_not_exists(collect_failing_since, :now)",
                ENDED,
                Attributes.empty()
                        .with(":attempts", segment.trouble().collectAttempts() + 1L)
                        .with(":after", notBefore)
                        .with(":now", clock.instant())
                        .with(":ended", SegmentState.ENDED));
    }

    /// Notes why collecting failed.
    public void uncollected(String jobId, int segment, String says) {
        change(
                jobId,
                segment,
                "SET provider_says = :says",
                ENDED,
                Attributes.empty().with(":says", cut(says)).with(":ended", SegmentState.ENDED));
    }

    /// Notes which of the batch's files the provider says are not there; none is a look that got them all.
    ///
    /// @param patience how long it must say so to be believed
    /// @return the segment by then; empty when it has moved on
    public Optional<SegmentItem> filesDenied(String jobId, SegmentItem segment, List<String> files, Duration patience) {
        Trouble trouble = segment.trouble();
        if (files.isEmpty()) {
            return trouble.missingFiles().isEmpty()
                    ? Optional.of(segment)
                    : change(
                            jobId,
                            segment.index(),
                            "REMOVE missing_files, download_missing_since, download_missing_looks,"
                                    + " download_missing_looked_at",
                            ENDED,
                            Attributes.empty().with(":ended", SegmentState.ENDED));
        }
        // A file that is missed for the first time has its own hour before it.
        boolean known = trouble.missingFiles().containsAll(files);
        Denials before = known ? trouble.filesMissing() : Denials.NONE;
        return change(
                jobId,
                segment.index(),
                "SET missing_files = :files, download_missing_since = :since, download_missing_looks = :looks,"
                        + " download_missing_looked_at = :last",
                ENDED,
                denials(before.plus(clock.instant(), patience))
                        .with(":files", String.join(" ", files))
                        .with(":ended", SegmentState.ENDED));
    }

    /// Notes that the segment cannot be collected yet, for a reason that may pass.
    ///
    /// @param isShort whether that is because the files hold less than the provider counts
    public void notYet(String jobId, SegmentItem segment, boolean isShort, String says) {
        change(
                jobId,
                segment.index(),
                "SET provider_says = :says" + (isShort ? ", short_since = if_not_exists(short_since, :now)" : "")
                        // What comes in the end is received then.
                        + " REMOVE collect_failing_since, received_at",
                ENDED,
                isShort
                        ? Attributes.empty()
                                .with(":says", cut(says))
                                .with(":now", clock.instant())
                                .with(":ended", SegmentState.ENDED)
                        : Attributes.empty().with(":says", cut(says)).with(":ended", SegmentState.ENDED));
    }

    /// Records what a later look at a batch that has ended shows. Counts do not go back, and a file that was named once
    /// stays named.
    ///
    /// @param ending its outcome and error are not taken
    /// @return the segment by then; empty when it has moved on
    public Optional<SegmentItem> seenAgain(String jobId, SegmentItem segment, Ending ending) {
        String output = ending.outputFileId() == null ? segment.outputFileId() : ending.outputFileId();
        String errors = ending.errorFileId() == null ? segment.errorFileId() : ending.errorFileId();
        return change(
                jobId,
                segment.index(),
                "SET requests_total = :total, requests_completed = :completed, requests_failed = :failed"
                        + (output == null ? "" : ", output_file_id = :output")
                        + (errors == null ? "" : ", error_file_id = :errors"),
                ENDED,
                Attributes.empty()
                        .with(":total", Math.max(segment.requestsTotal(), ending.total()))
                        .with(":completed", Math.max(segment.requestsCompleted(), ending.completed()))
                        .with(":failed", Math.max(segment.requestsFailed(), ending.failed()))
                        .with(":output", output)
                        .with(":errors", errors)
                        .with(":ended", SegmentState.ENDED));
    }

    private static Attributes denials(Denials denials) {
        return Attributes.empty()
                .with(":since", denials.since())
                .with(":looks", denials.looks())
                .with(":last", denials.last());
    }

    private static String cut(@Nullable String words) {
        String all = words == null ? "" : words;
        return all.substring(0, Math.min(all.length(), LONGEST));
    }

    private Optional<SegmentItem> change(
            String jobId, int segment, String expression, String condition, Attributes values) {
        try {
            return Optional.of(SegmentItem.of(dynamo.updateItem(r -> r.tableName(table)
                            .key(Map.of(
                                    "job_id",
                                    Attributes.string(jobId),
                                    "item",
                                    Attributes.string(SegmentItem.key(segment))))
                            .updateExpression(expression)
                            .conditionExpression(condition)
                            .expressionAttributeNames(Map.of("#state", "state"))
                            .expressionAttributeValues(values.map())
                            .returnValues("ALL_NEW"))
                    .attributes()));
        } catch (ConditionalCheckFailedException e) {
            return Optional.empty();
        }
    }
}
