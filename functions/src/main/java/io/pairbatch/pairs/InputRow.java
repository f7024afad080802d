package io.pairbatch.pairs;

import io.pairbatch.problem.RowRejection;

/// What one row of the input turned out to be.
public sealed interface InputRow {

    /// The row's number, 1-based; the header and blank lines are not counted.
    long row();

    /// A pair to be judged.
    ///
    /// @param repaired whether half a surrogate pair of the row was replaced by U+FFFD
    /// @param noText whether a text or an ID of it is a list, an object, true or false in JSON
    /// @param comparison whether it is a row of failed_pairs.csv, and so one comparison
    record Accepted(Pair pair, boolean repaired, boolean noText, boolean comparison) implements InputRow {

        @Override
        public long row() {
            return pair.row();
        }

        /// The same row with what its record has shown.
        Accepted found(boolean isRepaired, boolean hasNoText) {
            return new Accepted(pair, isRepaired, hasNoText, comparison);
        }

        /// The same row with another pair.
        public Accepted with(Pair other) {
            return new Accepted(other, repaired, noText, comparison);
        }
    }

    /// A row that is not judged.
    ///
    /// @param detail what is wrong, without any of the row's text
    record Rejected(long row, RowRejection reason, String detail) implements InputRow {}
}
