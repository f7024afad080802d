package io.pairbatch.cli.job;

import java.util.Locale;

/// Every input row ends in exactly one file, or is not in the job's sample: rows = observed + failed + rejected + left.
///
/// @param rows rows of the input file
/// @param observed rows of `combined_results.csv`
/// @param failed rows of `failed_pairs.csv`
/// @param rejected rows of `rejected_rows.csv`
/// @param left accepted rows that are not in the sample; no file lists them, so the summary's number is used
public record Conservation(long rows, long observed, long failed, long rejected, long left) {

    Conservation(long rows, long observed, long failed, long rejected) {
        this(rows, observed, failed, rejected, 0);
    }

    Conservation withLeft(long other) {
        return new Conservation(rows, observed, failed, rejected, other);
    }

    Conservation withRows(long other) {
        return new Conservation(other, observed, failed, rejected, left);
    }

    /// Whether no row is missing or counted twice.
    public boolean holds() {
        return rows == observed + failed + rejected + left;
    }

    /// `190 rows = 187 observed + 3 failed + 0 rejected`; with `≠` when it does not hold.
    public String line() {
        return String.format(
                Locale.ROOT,
                "%d rows %s %d judged + %d failed + %d rejected%s",
                rows,
                holds() ? "=" : "≠",
                observed,
                failed,
                rejected,
                left == 0 ? "" : " + " + left + " not in the sample");
    }
}
