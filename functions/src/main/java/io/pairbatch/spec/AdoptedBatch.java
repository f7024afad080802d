package io.pairbatch.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch that somebody else has made, with the rows that it asks for; those of a list are the table's, in order.
///
/// @param rows of the table, rejected ones too
/// @param batchId null if these rows were never sent
public record AdoptedBatch(int rows, @Nullable String batchId) {

    /// The rows of a list.
    public static long rows(List<AdoptedBatch> batches) {
        return batches.stream().mapToLong(AdoptedBatch::rows).sum();
    }
}
