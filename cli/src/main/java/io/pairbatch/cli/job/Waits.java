package io.pairbatch.cli.job;

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

    /// These and those of one more segment.
    Waits plus(Segment segment) {
        OpenBatch batch = segment.batch();
        boolean older = batch != null && (oldest == null || batch.submittedAt().isBefore(oldest.submittedAt()));
        String sentence = segment.sentence();
        List<String> more = new ArrayList<>(sentences);
        if (sentence != null && more.size() < SENTENCES) {
            more.add("segment " + segment.index + " " + sentence);
        }
        return new Waits(more, older ? batch : oldest);
    }

    /// A segment as the registry has it.
    record Segment(
            int index,
            String state,
            @Nullable String batchId,
            @Nullable String status,
            @Nullable Instant submittedAt,
            @Nullable Instant looksFrom,
            @Nullable Instant leaseUntil,
            @Nullable Instant setAsideUntil,
            @Nullable Instant notBefore) {

        private @Nullable OpenBatch batch() {
            return state.equals("SUBMITTED") && batchId != null && submittedAt != null
                    ? new OpenBatch(index, batchId, status, submittedAt)
                    : null;
        }

        private @Nullable String sentence() {
            return switch (state) {
                case "SUBMITTING" ->
                    "is being created, or the answer was lost: its batch is looked for from " + looksFrom
                            + ", and nothing is sent for it again before " + leaseUntil;
                case "IN_DOUBT" -> "is in doubt: its batch is looked for again at " + looksFrom;
                case "PENDING" ->
                    setAsideUntil != null
                            ? "is left alone until " + setAsideUntil
                            : notBefore == null ? null : "waits for room at the provider until " + notBefore;
                default -> null;
            };
        }
    }
}
