package io.pairbatch.panel;

import io.pairbatch.results.JoinedColumns;
import io.pairbatch.store.Csv;
import io.pairbatch.store.Draft;
import io.pairbatch.store.GzipMember;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// One result file of all judges: their own, one after the other, with a column that names the judge. Where providers
/// have other columns, rows are joined by the columns' names, and what one has not is `NA`. Each field stays byte for
/// byte as it is. Holds the headers and one row.
final class JoinedTable {

    private static final String JUDGE = "judge";

    private final String name;
    private final boolean zipped;
    private final List<Part> parts;

    /// The file of one judge.
    record Part(String judge, JobStore store) {}

    JoinedTable(String name, List<Part> parts) {
        this.name = name;
        this.zipped = name.endsWith(".gz");
        this.parts = parts;
    }

    /// Writes the file into the job's folder; a file that no judge has is not written.
    ///
    /// @param last columns that stay behind all others
    void write(JobStore to, List<String> last) throws IOException {
        List<Part> having = new ArrayList<>();
        List<List<String>> headers = new ArrayList<>();
        for (Part part : parts) {
            Optional<InputStream> file = part.store().open(name);
            if (file.isPresent()) {
                try (RawRows rows = rows(file.get())) {
                    if (rows.next()) {
                        having.add(part);
                        headers.add(rows.texts());
                    }
                }
            }
        }
        if (having.isEmpty()) {
            to.delete(name);
            return;
        }
        List<List<String>> named = headers.stream()
                .map(header -> header.contains(JUDGE)
                        ? header
                        : Stream.concat(header.stream(), Stream.of(JUDGE)).toList())
                .toList();
        JoinedColumns columns = JoinedColumns.of(named, last);
        try (Draft draft = to.create(name);
                GzipMember member = zipped ? new GzipMember(draft) : null) {
            OutputStream out = member == null ? draft : member;
            out.write(columns.line().getBytes(StandardCharsets.UTF_8));
            for (Part part : having) {
                copy(part, columns, out);
            }
            if (member != null) {
                member.finish();
            }
            draft.commit();
        }
    }

    private RawRows rows(InputStream file) throws IOException {
        return new RawRows(zipped ? new GZIPInputStream(file) : file);
    }

    private void copy(Part part, JoinedColumns columns, OutputStream out) throws IOException {
        byte[] judge = field(part.judge());
        int at = columns.names().indexOf(JUDGE);
        try (RawRows rows = rows(part.store().open(name).orElseThrow(() -> new IOException(name + " is gone")))) {
            rows.next();
            int[] places = columns.places(rows.texts());
            while (rows.next()) {
                rows.write(out, places, at, judge);
            }
        }
    }

    private static byte[] field(String text) {
        StringBuilder field = new StringBuilder();
        Csv.field(field, text);
        return field.toString().getBytes(StandardCharsets.UTF_8);
    }
}
