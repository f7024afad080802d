package io.pairbatch.split;

import io.pairbatch.pairs.Encoding;
import io.pairbatch.pairs.FileEncoding;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RowFinding;
import io.pairbatch.problem.RowRejection;
import io.pairbatch.spec.BadRowLimit;
import io.pairbatch.spec.Batching;
import io.pairbatch.spec.TextsPerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a whole table may not be, once its last row is read: bad throughout, or with one ID for two texts.
///
record TableLimits(Batching batching, InputFile input) {

    /// What is wrong if there are more bad rows than the job allows.
    ///
    /// @param first the first of them
    Optional<Problem> badRows(SplitTotals totals, List<Long> first) throws IOException {
        return switch (batching.maxBadRows()) {
            case BadRowLimit.Rows limit ->
                totals.rejected() > limit.rows()
                        ? Optional.of(tooMany(totals, first, limit.rows() + " rows at most, as `max_bad_rows` says"))
                        : Optional.empty();
            case BadRowLimit.Percent limit ->
                totals.rejected() * 100.0 > limit.percent() * totals.rows()
                        ? Optional.of(tooMany(
                                totals, first, limit.percent() + "% of the rows at most, as `max_bad_rows` says"))
                        : Optional.empty();
            case BadRowLimit.Default usual -> systematic(totals);
            case BadRowLimit.None none -> Optional.empty();
        };
    }

    private Problem tooMany(SplitTotals totals, List<Long> first, String expected) {
        String rows = first.stream().map(String::valueOf).collect(Collectors.joining(", "));
        boolean several = first.size() > 1;
        return problem(
                bad(totals) + ", the first of them at row" + (several ? "s " : " ") + rows, expected + others(totals));
    }

    private static String bad(SplitTotals totals) {
        return totals.rejected() + (totals.rejected() == 1 ? " bad row of " : " bad rows of ") + totals.rows();
    }

    /// How the rows that are good are judged all the same, or, where none is, what mends the others: no limit would
    /// help.
    private static String others(SplitTotals totals) {
        return totals.rejected() < totals.rows()
                ? "; to judge the other rows all the same, set `max_bad_rows` in the job file (" + totals.rejected()
                        + ", or \"100%\" for any number)"
                : totals.table()
                        .mostRejected()
                        .map(reason -> ". No row is good, so the table has to be mended: " + reason.remedy())
                        .orElse("");
    }

    private Optional<Problem> systematic(SplitTotals totals) throws IOException {
        TableReport table = totals.table();
        TableReport.Rows encoding = table.rejected(RowRejection.INVALID_UTF8);
        boolean throughout = table.rejected().values().stream()
                .anyMatch(rows -> rows.count() == totals.rows()
                        || (rows.count() > BadRowLimit.FEW && rows.count() * 100 > totals.rows()));
        if (encoding.count() == 0 && !throughout) {
            return Optional.empty();
        }
        String found = bad(totals) + ": " + table.reasons(true);
        // Rows in ASCII do not tell what the others are in, so the table is looked at once more.
        String mend = encoding.count() == 0
                ? ""
                : FileEncoding.of(input).remedy(input.name(), encoding.places(), Encoding.charsetOf(encoding.detail()));
        boolean none = totals.rejected() == totals.rows();
        String expected = encoding.count() > 0
                ? "UTF-8 in every row" + mend
                : none
                        ? "rows that can be judged"
                        : "for each reason " + BadRowLimit.FEW + " rows at most, or 1% of the rows";
        return Optional.of(problem(found, mend.isEmpty() || !none ? expected + others(totals) : expected));
    }

    private Problem problem(String found, String expected) {
        return new Problem(ErrorCode.INPUT_TOO_MANY_BAD_ROWS, input.name(), found, expected);
    }

    /// What is wrong if an ID has two texts, and the job does not allow it.
    Optional<Problem> reusedId(TableReport table) {
        TableReport.Rows rows = table.found(RowFinding.ID_WITH_TWO_TEXTS);
        if (rows.count() == 0 || batching.textsPerId() != TextsPerId.ONE) {
            return Optional.empty();
        }
        String all = rows.count() == 1 ? "" : "; " + rows.count() + " rows have such an ID (" + rows.places() + ")";
        return Optional.of(new Problem(
                ErrorCode.INPUT_ID_REUSED,
                input.name(),
                rows.detail() + all,
                "one text for each ID; where an ID may have several, set `texts_per_id` to \"any\" in the job file"));
    }
}
