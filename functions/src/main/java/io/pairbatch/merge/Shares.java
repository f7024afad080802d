package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentColumns;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.store.Draft;
import io.pairbatch.store.GzipMember;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// The segments' parts of the job's files. A segment that was collected by another version may have other columns: its
/// rows are then mapped by column name, and columns that it lacks are `NA`. A column that this version no longer has
/// would be lost, so it is refused before anything is written. Holds the columns of such segments in memory.
final class Shares {

    private static final List<String> WITHOUT_HEADER =
            List.of(JobFiles.FAILED_PAIRS, JobFiles.FAILED_ATTEMPTS, JobFiles.BATCH_FAILURES, JobFiles.UNMATCHED_LINES);

    private static final byte[] FALSE = "FALSE".getBytes(StandardCharsets.UTF_8);

    private final JobStore store;
    private final ResultSettings settings;
    private final SegmentColumns today;
    private final String digest;
    private final Superseded superseded;
    private final Map<Integer, SegmentColumns> others = new HashMap<>();

    Shares(JobStore store, ResultSettings settings, ResultTables tables, Superseded superseded) {
        this.store = store;
        this.settings = settings;
        this.superseded = superseded;
        this.today = SegmentColumns.of(tables);
        this.digest = today.digest();
    }

    /// Checks a segment before anything is merged.
    ///
    /// @throws JobRejectedException if its rows do not fit into this version's files
    void look(int segment, SegmentTally.Made made) throws IOException {
        if (made.columns().equals(digest)) {
            return;
        }
        Optional<SegmentColumns> written =
                made.columns().isEmpty() ? Optional.empty() : SegmentColumns.read(store, segment);
        SegmentColumns columns = written.isPresent() ? written.get() : told(segment);
        for (String file : columns.names().keySet()) {
            places(segment, file, columns.of(file));
        }
        if (!columns.equals(today)) {
            others.put(segment, columns);
        }
    }

    /// For a segment whose version did not record its columns: its results have a header, and its other files have the
    /// columns that all such versions had, so their number must match.
    private SegmentColumns told(int segment) throws IOException {
        SortedMap<String, List<String>> names = new TreeMap<>(today.names());
        List<String> header = first(settings.resultsFile(segment));
        names.put(JobFiles.COMBINED, header.isEmpty() ? today.of(JobFiles.COMBINED) : header);
        names.put(
                JobFiles.FAILED_ATTEMPTS,
                today.of(JobFiles.FAILED_ATTEMPTS).stream()
                        .filter(column -> !column.equals("cause"))
                        .toList());
        for (String file : WITHOUT_HEADER) {
            List<String> row = first(JobFiles.part(file, segment));
            if (!row.isEmpty()
                    && row.size() != names.getOrDefault(file, List.of()).size()) {
                throw refused(segment, file, "rows of " + row.size() + " columns without their names", today.of(file));
            }
        }
        return new SegmentColumns(names);
    }

    private List<String> first(String name) throws IOException {
        Optional<InputStream> file = store.open(name);
        if (file.isEmpty()) {
            return List.of();
        }
        try (RawRows rows = new RawRows(file.get())) {
            return rows.next() ? rows.texts() : List.of();
        }
    }

    /// The index of each current column among a segment's columns.
    private int[] places(int segment, String file, List<String> columns) {
        List<String> wanted = today.of(file);
        if (!new HashSet<>(wanted).containsAll(columns) || new HashSet<>(columns).size() < columns.size()) {
            throw refused(segment, file, "the columns " + String.join(", ", columns), wanted);
        }
        return wanted.stream().mapToInt(columns::indexOf).toArray();
    }

    /// Appends a segment's part of a file without headers.
    void append(Draft draft, String jobFile, int segment) throws IOException {
        append(draft, jobFile, JobFiles.part(jobFile, segment), segment, 0);
    }

    /// Appends a segment's part.
    ///
    /// @param name of the part
    /// @param header the header's length in bytes for a part with these columns; 0 without a header
    void append(Draft draft, String jobFile, String name, int segment, long header) throws IOException {
        SegmentColumns columns = others.getOrDefault(segment, today);
        if (columns.of(jobFile).equals(today.of(jobFile)) && !superseded.changes(segment, jobFile)) {
            long size = store.size(name);
            if (size > header) {
                draft.append(name, header, size - header);
            }
            return;
        }
        Optional<InputStream> file = store.open(name);
        if (file.isEmpty()) {
            return;
        }
        int[] places = places(segment, jobFile, columns.of(jobFile));
        boolean gzipped = name.endsWith(".gz");
        try (RawRows rows = new RawRows(gzipped ? new GZIPInputStream(file.get()) : file.get())) {
            if (header > 0) {
                rows.next();
            }
            if (gzipped) {
                try (GzipMember member = new GzipMember(draft)) {
                    map(rows, jobFile, segment, columns.of(jobFile), places, member);
                    member.finish();
                }
            } else {
                map(rows, jobFile, segment, columns.of(jobFile), places, draft);
            }
        }
    }

    private void map(
            RawRows rows, String jobFile, int segment, List<String> columns, int[] places, java.io.OutputStream out)
            throws IOException {
        int last = Superseded.finalColumn(today.of(jobFile));
        for (int place = 0; rows.next(); place++) {
            if (rows.fields() != columns.size()) {
                throw new IllegalStateException("segment " + segment + " has a row of " + rows.fields() + " fields in "
                        + jobFile + " instead of " + columns.size());
            }
            switch (superseded.of(segment, jobFile, rows, place, columns)) {
                case KEPT -> rows.write(out, places);
                case NOT_FINAL -> rows.write(out, places, last, FALSE);
                case DROPPED -> {}
            }
        }
    }

    private static JobRejectedException refused(int segment, String file, String found, List<String> wanted) {
        return new JobRejectedException(new Problem(
                ErrorCode.REGISTRY_CONFLICT,
                "segment " + segment + ", its share of " + file,
                found,
                "no other columns than " + String.join(", ", wanted)));
    }
}
