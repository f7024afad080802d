package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import io.pairbatch.registry.Trouble.Denials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Records problems of a segment on its SEGMENT item ([Trouble]). A segment that has moved on in the meantime is not
/// changed.
public final class SegmentTroubles {

    private static final Condition ENDED = STATE.is(SegmentState.ENDED);
    private static final int LONGEST = 500;

    private final SegmentTable segments;
    private final Clock clock;

    SegmentTroubles(RegistryTable table, Clock clock) {
        this.segments = new SegmentTable(table);
        this.clock = clock;
    }

    /// Records that the provider says that there is no such batch.
    ///
    /// @param patience how long it must say so before it counts
    /// @return the segment afterwards; empty if it has moved on
    public Optional<SegmentItem> denied(String jobId, SegmentItem segment, String says, Duration patience) {
        Denials denials = segment.trouble().missing().plus(clock.instant(), patience);
        return change(
                jobId,
                segment.index(),
                thisBatch(segment),
                MISSING_SINCE.to(denials.since()),
                MISSING_LOOKS.to(denials.looks()),
                MISSING_LOOKED_AT.to(denials.last()),
                PROVIDER_SAYS.to(cut(says)),
                POLL_FAILURES.removed(),
                POLL_FAILING_SINCE.removed(),
                POLL_NOT_BEFORE.removed());
    }

    /// Records that the batch could not be read. It is still unknown whether it exists.
    ///
    /// @return the segment afterwards; empty if it has moved on
    public Optional<SegmentItem> unread(String jobId, SegmentItem segment, String says, Instant notBefore) {
        return change(
                jobId,
                segment.index(),
                thisBatch(segment),
                POLL_FAILURES.to(segment.trouble().pollFailures() + 1),
                POLL_FAILING_SINCE.first(clock.instant()),
                POLL_NOT_BEFORE.to(notBefore),
                PROVIDER_SAYS.to(cut(says)));
    }

    /// Records that the segment is handed to the collector, before that happens: a function may die before its first
    /// line.
    public void handedOut(String jobId, SegmentItem segment, Instant notBefore) {
        change(
                jobId,
                segment.index(),
                STATE.is(segment.state()),
                COLLECT_ATTEMPTS.to(segment.trouble().collectAttempts() + 1),
                COLLECT_NOT_BEFORE.to(notBefore),
                COLLECT_FAILING_SINCE.first(clock.instant()));
    }

    /// Records why collecting failed.
    public void uncollected(String jobId, SegmentItem segment, String says) {
        change(jobId, segment.index(), STATE.is(segment.state()), PROVIDER_SAYS.to(cut(says)));
    }

    /// Records which of the batch's files do not exist according to the provider; none if all were downloaded.
    ///
    /// @param patience how long it must say so before it counts
    /// @return the segment afterwards; empty if it has moved on
    public Optional<SegmentItem> filesDenied(String jobId, SegmentItem segment, List<String> files, Duration patience) {
        Trouble trouble = segment.trouble();
        if (files.isEmpty()) {
            return trouble.missingFiles().isEmpty()
                    ? Optional.of(segment)
                    : change(
                            jobId,
                            segment.index(),
                            STATE.is(segment.state()),
                            MISSING_FILES.removed(),
                            DOWNLOAD_MISSING_SINCE.removed(),
                            DOWNLOAD_MISSING_LOOKS.removed(),
                            DOWNLOAD_MISSING_LOOKED_AT.removed());
        }
        // A file that is missing for the first time gets the full waiting time.
        boolean known = trouble.missingFiles().containsAll(files);
        Denials before = known ? trouble.filesMissing() : Denials.NONE;
        Denials denials = before.plus(clock.instant(), patience);
        return change(
                jobId,
                segment.index(),
                STATE.is(segment.state()),
                MISSING_FILES.to(String.join(" ", files)),
                DOWNLOAD_MISSING_SINCE.to(denials.since()),
                DOWNLOAD_MISSING_LOOKS.to(denials.looks()),
                DOWNLOAD_MISSING_LOOKED_AT.to(denials.last()));
    }

    /// Records that the segment cannot be collected yet, for a reason that may pass. The receipt time is set only when
    /// it is collected, and stays where it is collected again.
    ///
    /// @param isShort whether the reason is that the files hold less than the provider counts
    public void notYet(String jobId, SegmentItem segment, boolean isShort, String says) {
        change(
                jobId,
                segment.index(),
                STATE.is(segment.state()),
                PROVIDER_SAYS.to(cut(says)),
                isShort ? SHORT_SINCE.first(clock.instant()) : Change.NONE,
                COLLECT_FAILING_SINCE.removed(),
                segment.state() == SegmentState.ENDED ? RECEIVED_AT.removed() : Change.NONE);
    }

    /// Records the result of reading an ended batch again. Counts never decrease, and a file that was named once stays
    /// recorded.
    ///
    /// @param ending its outcome and error are ignored
    /// @return the segment afterwards; empty if it has moved on
    public Optional<SegmentItem> seenAgain(String jobId, SegmentItem segment, Ending ending) {
        String output = ending.outputFileId() == null ? segment.outputFileId() : ending.outputFileId();
        String errors = ending.errorFileId() == null ? segment.errorFileId() : ending.errorFileId();
        return change(
                jobId,
                segment.index(),
                ENDED,
                REQUESTS_TOTAL.to(Math.max(segment.requestsTotal(), ending.total())),
                REQUESTS_COMPLETED.to(Math.max(segment.requestsCompleted(), ending.completed())),
                REQUESTS_FAILED.to(Math.max(segment.requestsFailed(), ending.failed())),
                OUTPUT_FILE_ID.ifKnown(output),
                ERROR_FILE_ID.ifKnown(errors));
    }

    /// Records that a person has said that nothing more will come of the segment's batch.
    ///
    /// @return false if the segment has moved on
    public boolean giveUp(String jobId, SegmentItem segment) {
        return change(
                        jobId,
                        segment.index(),
                        STATE.isEither(SegmentState.SUBMITTED, SegmentState.ENDED)
                                .or(COLLECT_AGAIN.exists())
                                .and(BATCH_ID.is(Objects.requireNonNullElse(segment.batchId(), ""))),
                        GIVE_UP.to(true))
                .isPresent();
    }

    /// A slow call, or one repeated by the workflow, may refer to an earlier batch of the segment.
    static Condition thisBatch(SegmentItem segment) {
        return STATE.is(SegmentState.SUBMITTED).and(BATCH_ID.is(Objects.requireNonNullElse(segment.batchId(), "")));
    }

    private static String cut(@Nullable String words) {
        String all = words == null ? "" : words;
        return all.substring(0, Math.min(all.length(), LONGEST));
    }

    private Optional<SegmentItem> change(String jobId, int segment, Condition condition, Change... changes) {
        return segments.update(jobId, segment, condition, List.of(changes));
    }
}
