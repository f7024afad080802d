package io.pairbatch.pairs;

/// A position between two rows, from which reading can continue.
///
/// @param offset bytes before it, decompressed
/// @param rows input rows before it, rejected ones included
public record Position(long offset, long rows) {

    /// Before the first row.
    public static final Position START = new Position(0, 0);
}
