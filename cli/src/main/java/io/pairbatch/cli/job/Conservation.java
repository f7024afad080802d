package io.pairbatch.cli.job;

import java.util.Locale;

/// Every input row ends in exactly one file: rows = observed + failed + rejected.
///
/// @param rows rows of the input file
/// @param observed rows of `combined_results.csv`
/// @param failed rows of `failed_pairs.csv`
/// @param rejected rows of `rejected_rows.csv`
public record Conservation(long rows, long observed, long failed, long rejected) {

    Conservation withRows(long other) {
        return new Conservation(other, observed, failed, rejected);
    }

    /// Whether nothing is missing and nothing is there twice.
    public boolean holds() {
        return rows == observed + failed + rejected;
    }

    /// `190 rows = 187 observed + 3 failed + 0 rejected`; with `≠` when it does not hold.
    public String line() {
        return String.format(
                Locale.ROOT,
                "%d rows %s %d observed + %d failed + %d rejected",
                rows,
                holds() ? "=" : "≠",
                observed,
                failed,
                rejected);
    }
}
