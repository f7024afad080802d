package io.pairbatch.job;

/// The pairs of one provider batch, as they were written.
///
/// @param index 1-based
/// @param firstRow input row (1-based) of the first pair
/// @param lastRow input row of the last pair; rejected rows may be in between
/// @param rows number of pairs, at least 1
/// @param inputBytes size of `batch_NN_input.jsonl`
/// @param inputSha256 its SHA-256, 64 hex digits
/// @param attempt 1 for the first attempt at its pairs
public record Segment(
        int index, long firstRow, long lastRow, int rows, long inputBytes, String inputSha256, int attempt) {

    /// A segment of the first round.
    public Segment(int index, long firstRow, long lastRow, int rows, long inputBytes, String inputSha256) {
        this(index, firstRow, lastRow, rows, inputBytes, inputSha256, 1);
    }
}
