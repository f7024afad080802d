package io.pairbatch.cli.job;

import io.pairbatch.registry.SegmentRecord;
import io.pairbatch.registry.SegmentState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the segments of a job wait for, and until when: a few sentences, and the oldest of the open batches.
///
/// @param sentences each without its full stop
/// @param oldest null when no batch is open
public record Waits(List<String> sentences, @Nullable OpenBatch oldest) {

    public static final Waits NONE = new Waits(List.of(), null);

    private static final int SENTENCES = 5;

    public Waits {
        sentences = List.copyOf(sentences);
    }

    /// These with those of one more segment.
    ///
    /// @param window how long its batch may take
    Waits plus(SegmentRecord segment, Duration window) {
        OpenBatch batch = batch(segment, window);
        boolean older = batch != null && (oldest == null || batch.submittedAt().isBefore(oldest.submittedAt()));
        String sentence = sentence(segment);
        List<String> more = new ArrayList<>(sentences);
        if (sentence != null && more.size() < SENTENCES) {
            more.add("segment " + segment.index() + " " + sentence);
        }
        return new Waits(more, older ? batch : oldest);
    }

    private static @Nullable OpenBatch batch(SegmentRecord segment, Duration window) {
        String batchId = segment.batchId();
        Instant submittedAt = segment.submittedAt();
        return segment.state() == SegmentState.SUBMITTED && batchId != null && submittedAt != null
                ? new OpenBatch(segment.index(), batchId, segment.providerStatus(), submittedAt, window)
                : null;
    }

    private static @Nullable String sentence(SegmentRecord segment) {
        SegmentState state = segment.state();
        if (state == null) {
            return null;
        }
        return switch (state) {
            case SUBMITTING ->
                "is being submitted, or the answer was lost: its batch is looked up from " + segment.lookFrom()
                        + " on, and it is not sent again before " + segment.leaseUntil();
            case IN_DOUBT -> "is in doubt: its batch is looked up again at " + segment.lookFrom();
            case PENDING ->
                segment.setAsideUntil() != null
                        ? "is set aside until " + segment.setAsideUntil()
                        : segment.notBefore() == null
                                ? null
                                : "waits for room at the provider until " + segment.notBefore();
            default -> null;
        };
    }
}
