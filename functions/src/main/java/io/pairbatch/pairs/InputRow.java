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
    record Accepted(Pair pair, boolean repaired, boolean noText) implements InputRow {

        Accepted(Pair pair) {
            this(pair, false, false);
        }

        @Override
        public long row() {
            return pair.row();
        }

        /// The same row with another pair.
        public Accepted with(Pair other) {
            return new Accepted(other, repaired, noText);
        }
    }

    /// A row that is not judged.
    ///
    /// @param detail what is wrong, without any of the row's text
    record Rejected(long row, RowRejection reason, String detail) implements InputRow {}
}
