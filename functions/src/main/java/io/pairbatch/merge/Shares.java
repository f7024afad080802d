package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentColumns;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// With which columns the segments' shares of the job's files were written. A segment that was collected by another
/// version may have other columns: its rows are then mapped by column name, and columns that it lacks are `NA`. A
/// column that this version no longer has would be lost, so it is refused before anything is written. Holds the columns
/// of such segments in memory, once for all that have the same.
final class Shares {

    private static final List<String> WITHOUT_HEADER =
            List.of(JobFiles.FAILED_PAIRS, JobFiles.FAILED_ATTEMPTS, JobFiles.BATCH_FAILURES, JobFiles.UNMATCHED_LINES);

    private final JobStore store;
    private final ResultSettings settings;
    private final SegmentColumns today;
    private final String digest;
    private final Map<Integer, SegmentColumns> others = new HashMap<>();
    private final Map<SegmentColumns, SegmentColumns> known = new HashMap<>();
    private final Set<Integer> unrecorded = new HashSet<>();

    Shares(JobStore store, ResultSettings settings, ResultTables tables) {
        this.store = store;
        this.settings = settings;
        this.today = SegmentColumns.of(tables);
        this.digest = today.digest();
    }

    /// The columns of a segment.
    ///
    /// @param recorded whether its version wrote them down
    record Look(int segment, SegmentColumns columns, boolean recorded) {}

    /// Looks at a segment before anything is merged; on any thread.
    ///
    /// @throws JobRejectedException if its rows do not fit into this version's files
    Look look(int segment, SegmentTally.Made made) throws IOException {
        if (made.columns().equals(digest)) {
            return new Look(segment, today, true);
        }
        Optional<SegmentColumns> written =
                made.columns().isEmpty() ? Optional.empty() : SegmentColumns.read(store, segment);
        SegmentColumns columns = written.isPresent() ? written.get() : told(segment);
        for (String file : columns.names().keySet()) {
            places(segment, file, columns.of(file));
        }
        return new Look(segment, columns, written.isPresent());
    }

    /// Remembers what was seen.
    void keep(Look look) {
        if (!look.columns().equals(today)) {
            others.put(look.segment(), known.computeIfAbsent(look.columns(), columns -> columns));
        }
        if (!look.recorded()) {
            unrecorded.add(look.segment());
        }
    }

    /// The columns of a segment's share of a file.
    List<String> columns(int segment, String file) {
        return others.getOrDefault(segment, today).of(file);
    }

    /// The same as far as the segment's version has recorded them; else empty.
    List<String> recorded(int segment, String file) {
        return unrecorded.contains(segment) ? List.of() : columns(segment, file);
    }

    /// Whether a segment's share has the columns of now, in their order.
    boolean isOfToday(int segment, String file) {
        return columns(segment, file).equals(today.of(file));
    }

    /// The columns of now.
    List<String> today(String file) {
        return today.of(file);
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

    /// The index of each current column among the columns of a segment's share.
    int[] places(int segment, String file) {
        return places(segment, file, columns(segment, file));
    }

    private int[] places(int segment, String file, List<String> columns) {
        List<String> wanted = today.of(file);
        if (!new HashSet<>(wanted).containsAll(columns) || new HashSet<>(columns).size() < columns.size()) {
            throw refused(segment, file, "the columns " + String.join(", ", columns), wanted);
        }
        return wanted.stream().mapToInt(columns::indexOf).toArray();
    }

    private static JobRejectedException refused(int segment, String file, String found, List<String> wanted) {
        return new JobRejectedException(new Problem(
                ErrorCode.REGISTRY_CONFLICT,
                "segment " + segment + ", its share of " + file,
                found,
                "no other columns than " + String.join(", ", wanted)));
    }
}
