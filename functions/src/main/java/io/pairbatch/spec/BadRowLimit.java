package io.pairbatch.spec;

/// How many rejected rows a job tolerates (`max_bad_rows`).
public sealed interface BadRowLimit {

    /// At most `rows` rejected rows.
    record Rows(long rows) implements BadRowLimit {}

    /// At most `percent` (0 to 100) of the input rows.
    record Percent(double percent) implements BadRowLimit {}

    /// No row that is not UTF-8, and for each other reason [#FEW] rows, or 1% of them if that is more: a table that is
    /// bad throughout stops before anything is sent.
    record Default() implements BadRowLimit {}

    /// Any number: jobs of versions that had no [Default].
    record None() implements BadRowLimit {}

    /// As many bad rows of one kind may be a coincidence.
    int FEW = 5;
}
