package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.problem.RowRejection;
import io.pairbatch.split.SplitTotals;

/// A table without a pair that can be judged, which every command refuses.
final class NoPairs {

    private NoPairs() {}

    /// Refuses such a table.
    ///
    /// @param end what was not done
    static void check(SplitTotals totals, String end) {
        if (totals.accepted() == 0) {
            throw CliException.refused(
                    totals.table()
                                    .rejectedRows()
                                    .map(rows -> "None of the rows can be judged: " + rows + ".")
                                    .orElse("The table has no rows.")
                            + " " + end,
                    totals.table()
                            .mostRejected()
                            .map(RowRejection::remedy)
                            .orElse("Give a table with at least one pair that can be judged."));
        }
    }
}
