package io.pairbatch.spec;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A batch that somebody else has made, with the rows that it asks for; those of a list are the table's, in order.
///
/// @param rows of the table, rejected ones too
/// @param batchId null if these rows were never sent
public record AdoptedBatch(int rows, @Nullable String batchId) {

    static final Pattern ID = Pattern.compile("[!-~]{1,200}");

    /// Whether a provider may call a batch so: 200 characters at most, without blanks.
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /// The rows of a list.
    public static long rows(List<AdoptedBatch> batches) {
        return batches.stream().mapToLong(AdoptedBatch::rows).sum();
    }
}
