package io.pairbatch.split;

/// How a call of the split ended.
public sealed interface SplitResult {

    /// The last row is read and every segment is written.
    record Done(SplitTotals totals, ContentHash content) implements SplitResult {}

    /// Time is short; the next call continues from the cursor.
    record Paused(SplitCursor cursor) implements SplitResult {}
}
