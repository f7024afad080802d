package io.pairbatch.panel;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Csv;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `rejected_rows.csv` of all judges. A row that each of them has rejected stands there once; one that is too large for
/// some providers names their judges. Holds one row of each judge's file.
final class RejectedRows {

    private static final byte[] HEADER = "row,reason,detail,judge\n".getBytes(StandardCharsets.UTF_8);

    private RejectedRows() {}

    /// Writes the file into the job's folder.
    ///
    /// @return how many rows every judge has rejected
    static long write(List<JoinedTable.Part> parts, JobStore to) throws IOException {
        List<Rows> all = new ArrayList<>();
        long common = 0;
        try (Draft draft = to.create(JobFiles.REJECTED_ROWS)) {
            for (JoinedTable.Part part : parts) {
                all.add(new Rows(part));
            }
            draft.write(HEADER);
            for (long row = first(all); row != Long.MAX_VALUE; row = first(all)) {
                long at = row;
                List<Rows> rejecting =
                        all.stream().filter(rows -> rows.row == at).toList();
                boolean everywhere = rejecting.size() == parts.size();
                common += everywhere ? 1 : 0;
                for (Rows rows : everywhere ? rejecting.subList(0, 1) : rejecting) {
                    StringBuilder line = new StringBuilder();
                    List<@Nullable String> fields = new ArrayList<>(rows.fields());
                    fields.add(everywhere ? null : rows.judge);
                    Csv.line(line, fields);
                    draft.write(line.toString().getBytes(StandardCharsets.UTF_8));
                }
                for (Rows rows : rejecting) {
                    rows.next();
                }
            }
            draft.commit();
        } finally {
            for (Rows rows : all) {
                rows.close();
            }
        }
        return common;
    }

    private static long first(List<Rows> all) {
        return all.stream().mapToLong(rows -> rows.row).min().orElse(Long.MAX_VALUE);
    }

    /// The rejected rows of one judge, in the order of the table.
    private static final class Rows {

        private final String judge;
        private final @Nullable RawRows file;
        /// The number of the current row; that of no row after the last one.
        private long row;

        Rows(JoinedTable.Part part) throws IOException {
            judge = part.judge();
            Optional<InputStream> in = part.store().open(JobFiles.REJECTED_ROWS);
            file = in.map(RawRows::new).orElse(null);
            if (file != null) {
                file.next();
            }
            next();
        }

        void next() throws IOException {
            row = file != null && file.next() ? Long.parseLong(fields().getFirst()) : Long.MAX_VALUE;
        }

        List<String> fields() {
            return file == null ? List.of() : file.texts();
        }

        void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
