package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The pairs of a collected segment that have no winner, from its share of `failed_attempts.csv`, in row order. Holds
/// one record in memory.
public final class FailedRows {

    private FailedRows() {}

    /// A pair without a winner.
    ///
    /// @param code its `error_code`
    /// @param cause as a code; `NA` where an older version has collected the segment
    public record Failed(long row, String code, String cause) {

        /// Whether no batch was ever created for it.
        public boolean unsent() {
            return FailureCode.isUnsent(code);
        }
    }

    /// Passes on each of them; none of a segment whose version has not recorded the columns of its files.
    public static void each(JobStore store, int segment, Consumer<Failed> failed) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.part(JobFiles.FAILED_ATTEMPTS, segment));
        if (file.isEmpty()) {
            return;
        }
        try (RawRows rows = new RawRows(file.get())) {
            each(
                    rows,
                    SegmentColumns.read(store, segment)
                            .map(all -> all.of(JobFiles.FAILED_ATTEMPTS))
                            .orElse(List.of()),
                    failed);
        }
    }

    /// The same of a segment whose columns are known.
    ///
    /// @param columns of its share of `failed_attempts.csv`; empty if its version has not recorded them
    public static void each(JobStore store, int segment, List<String> columns, Consumer<Failed> failed)
            throws IOException {
        Optional<InputStream> file = store.open(JobFiles.part(JobFiles.FAILED_ATTEMPTS, segment));
        if (file.isPresent()) {
            try (RawRows rows = new RawRows(file.get())) {
                each(rows, columns, failed);
            }
        }
    }

    private static void each(RawRows rows, List<String> columns, Consumer<Failed> failed) throws IOException {
        if (columns.isEmpty()) {
            return;
        }
        int last = columns.indexOf("final");
        int row = columns.indexOf("row");
        int code = columns.indexOf("error_code");
        int cause = columns.indexOf("cause");
        while (rows.next()) {
            List<String> texts = rows.texts();
            if (texts.get(last).equals("TRUE")) {
                failed.accept(new Failed(
                        Long.parseLong(texts.get(row)), texts.get(code), cause < 0 ? "NA" : texts.get(cause)));
            }
        }
    }
}
