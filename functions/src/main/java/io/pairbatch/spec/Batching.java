package io.pairbatch.spec;

import io.pairbatch.pairing.Pairing;
import io.pairbatch.pairing.Repetition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which rows are judged, in which batches, and what is checked beforehand (contract 1.3 and 9.1).
///
/// @param sample which of the table's rows are judged
/// @param preflight whether to send one live request before the batches; null if the deployment decides
/// @param adopted the batches that somebody else has made of the table; empty for a job that makes its own
/// @param pairing which comparisons are made of the table's samples; empty for a table of pairs
/// @param maxComparisons how many these may be
/// @param repetition how often each pair is judged, and in which orders
/// @param columns what the table calls the columns that we need, by our names; empty where it has our names
public record Batching(
        Splitting splitting,
        Sample sample,
        @Nullable Boolean preflight,
        BadRowLimit maxBadRows,
        TextsPerId textsPerId,
        List<AdoptedBatch> adopted,
        Optional<Pairing> pairing,
        int maxComparisons,
        Repetition repetition,
        Map<String, String> columns) {

    public Batching {
        adopted = List.copyOf(adopted);
    }

    /// The same of a table of the pairs themselves, with our names.
    Batching ofPairs() {
        return new Batching(
                splitting,
                sample,
                preflight,
                maxBadRows,
                textsPerId,
                adopted,
                Optional.empty(),
                JobFields.MAX_COMPARISONS.fallback(),
                repetition,
                Map.of());
    }

    static Batching of(FieldValues values) {
        return new Batching(
                splitting(values),
                new Sample(values.get(JobFields.LIMIT).orElse(null), values.get(JobFields.SAMPLE_SEED)),
                values.get(JobFields.PREFLIGHT).orElse(null),
                values.get(JobFields.MAX_BAD_ROWS),
                values.get(JobFields.TEXTS_PER_ID),
                values.get(JobFields.ADOPTED_BATCHES),
                values.get(JobFields.PAIRING),
                values.get(JobFields.MAX_COMPARISONS),
                new Repetition(values.get(JobFields.BOTH_ORDERS), values.get(JobFields.REPEATS)),
                values.get(JobFields.COLUMNS));
    }

    private static Splitting splitting(FieldValues values) {
        return values.get(JobFields.BATCH_SIZE)
                .<Splitting>map(Splitting.BatchSize::new)
                .or(() -> values.get(JobFields.N_SEGMENTS).map(Splitting.SegmentCount::new))
                .orElseGet(Splitting.Auto::new);
    }
}
