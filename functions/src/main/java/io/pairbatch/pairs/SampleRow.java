package io.pairbatch.pairs;

import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What one row of a table of samples turned out to be.
public sealed interface SampleRow {

    /// The row's number, 1-based; the header and blank lines are not counted.
    long row();

    /// A sample.
    ///
    /// @param others its other columns in order; null is missing
    /// @param repaired whether half a surrogate pair of the row was replaced by U+FFFD
    record Sample(long row, String id, String text, SequencedMap<String, @Nullable String> others, boolean repaired)
            implements SampleRow {}

    /// A row that is none.
    record Unreadable(InputRow.Rejected why) implements SampleRow {

        @Override
        public long row() {
            return why.row();
        }
    }
}
