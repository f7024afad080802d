package io.pairbatch.spec;

/// How many rejected rows a job tolerates (`max_bad_rows`).
public sealed interface BadRowLimit {

    /// At most `rows` rejected rows.
    record Rows(long rows) implements BadRowLimit {}

    /// At most `percent` (0 to 100) of the input rows.
    record Percent(double percent) implements BadRowLimit {}

    /// Any number.
    record None() implements BadRowLimit {}
}
