package io.pairbatch.cli.job;

import io.pairbatch.text.Plural;

/// Every comparison of an input row ends in exactly one file, or the row is rejected or not in the job's sample:
/// (rows - rejected - left) · comparisons of a row = observed + failed.
///
/// @param rows rows of the input file
/// @param perRow how many comparisons a row makes
/// @param observed rows of `combined_results.csv`
/// @param failed rows of `failed_pairs.csv`
/// @param rejected rows of `rejected_rows.csv`
/// @param left accepted rows that are not in the sample; no file lists them, so the summary's number is used
public record Conservation(long rows, int perRow, long observed, long failed, long rejected, long left) {

    Conservation withLeft(long other) {
        return new Conservation(rows, perRow, observed, failed, rejected, other);
    }

    Conservation withRows(long other) {
        return new Conservation(other, perRow, observed, failed, rejected, left);
    }

    /// Whether no row is missing or counted twice.
    public boolean holds() {
        return (rows - rejected - left) * perRow == observed + failed;
    }

    /// `190 rows = 187 judged + 3 failed + 0 rejected`, or where a row makes more than one comparison `190 rows, 0 of
    /// them rejected: 2 comparisons of each = 376 judged + 4 failed`; with `≠` when it does not hold.
    public String line() {
        String sign = holds() ? "=" : "≠";
        if (perRow > 1) {
            return Plural.of(rows, "row") + ", " + rejected + " of them rejected"
                    + (left == 0 ? "" : " and " + left + " not in the sample") + ": " + perRow
                    + " comparisons of each other one " + sign + " " + observed + " judged + " + failed + " failed";
        }
        return Plural.of(rows, "row") + " " + sign + " " + observed + " judged + " + failed + " failed + " + rejected
                + " rejected" + (left == 0 ? "" : " + " + left + " not in the sample");
    }
}
