package io.pairbatch.split;

import io.pairbatch.pairs.InputRow;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Duration;

/// Counts the accepted rows, which `n_segments` needs before the first segment is cut.
///
/// @param rows opens the table
record CountingPass(RequestRows.Source rows, Deadline deadline) {

    private static final int ROWS_BETWEEN_LOOKS_AT_THE_CLOCK = 1024;
    private static final Duration ONE_STRETCH = Duration.ofSeconds(5);

    /// The cursor with the count, or the position from which counting continues.
    SplitCursor run(SplitCursor from) throws IOException {
        long accepted = from.counted();
        long read = 0;
        try (RequestRows table = rows.open(from.position())) {
            for (InputRow row = table.read(); row != null; row = table.read()) {
                accepted += row instanceof InputRow.Accepted ? 1 : 0;
                table.leaveRow();
                if (++read % ROWS_BETWEEN_LOOKS_AT_THE_CLOCK == 0 && !deadline.allows(ONE_STRETCH.multipliedBy(2))) {
                    return from.countingAt(table.position(), accepted);
                }
            }
        }
        return from.counted(accepted);
    }
}
