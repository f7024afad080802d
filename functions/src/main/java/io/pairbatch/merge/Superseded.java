package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.Attempts;
import io.pairbatch.results.FailedRows;
import io.pairbatch.results.RetryList;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The attempts that do not decide their comparisons, because another one does: each comparison is in one result file
/// only. Memory: what [Attempts] holds, a few numbers for each segment, and three bits a row for one of them.
final class Superseded {

    private static final String ROW = "row";
    private static final String FINAL = "final";

    private final JobStore store;
    private final Attempts attempts;
    private final Map<Integer, Counts> counts = new HashMap<>();
    private int read;
    private Rows rows = Rows.none();

    private Superseded(JobStore store, Attempts attempts) {
        this.store = store;
        this.attempts = attempts;
    }

    /// What does not count of a segment.
    ///
    /// @param codes of its pairs without a winner
    private record Counts(int attempt, long wins, SortedMap<String, Long> codes) {

        static final Counts NONE = new Counts(1, 0, new TreeMap<>());
    }

    /// What happens to a record of a segment's share of a file.
    enum Fate {
        KEPT,
        DROPPED,
        /// Kept, with `FALSE` in the column `final`.
        NOT_FINAL
    }

    /// @param failures rows that another attempt decides
    /// @param places the places of these among the segment's failures, from 0
    /// @param wins rows with a winner that an earlier attempt has found too
    private record Rows(BitSet failures, BitSet places, BitSet wins, SortedMap<String, Long> codes) {

        static Rows none() {
            return new Rows(new BitSet(), new BitSet(), new BitSet(), new TreeMap<>());
        }
    }

    /// Those of a job's collected segments.
    static Superseded of(JobStore store, List<MergedSegment> segments) throws IOException {
        SortedMap<Integer, Integer> numbers = new TreeMap<>();
        for (MergedSegment segment : segments) {
            if (segment.receivedAt() != null) {
                numbers.put(segment.index(), segment.attempt());
            }
        }
        Superseded superseded = new Superseded(store, Attempts.read(store, numbers));
        if (superseded.attempts.any()) {
            for (Map.Entry<Integer, Integer> segment : numbers.entrySet()) {
                superseded.count(segment.getKey(), segment.getValue());
            }
        }
        return superseded;
    }

    private void count(int segment, int attempt) throws IOException {
        Rows all = read(segment, attempt);
        if (!all.failures.isEmpty() || !all.wins.isEmpty()) {
            counts.put(segment, new Counts(attempt, all.wins.cardinality(), all.codes));
        }
    }

    private Counts of(int segment) {
        return counts.getOrDefault(segment, Counts.NONE);
    }

    /// The files of one segment after another are merged, and each file of all of them.
    private Rows rows(int segment) throws IOException {
        if (read != segment) {
            rows = read(segment, of(segment).attempt());
            read = segment;
        }
        return rows;
    }

    private Rows read(int segment, int attempt) throws IOException {
        Rows rows = Rows.none();
        BitSet failed = new BitSet();
        int[] place = {0};
        FailedRows.each(store, segment, pair -> {
            failed.set((int) pair.row());
            if (!attempts.isFinal(pair.row(), attempt)) {
                rows.failures.set((int) pair.row());
                rows.places.set(place[0]);
                rows.codes.merge(pair.code(), 1L, Long::sum);
            }
            place[0]++;
        });
        RetryList.read(store, segment).stream()
                .flatMap(list -> list.rows().values().stream())
                .flatMap(List::stream)
                .filter(row -> !failed.get(row.intValue()) && attempts.wonBefore(row, attempt))
                .forEach(row -> rows.wins.set(row.intValue()));
        return rows;
    }

    /// How many of a segment's winners do not count.
    long wins(int segment) {
        return of(segment).wins();
    }

    /// How many of its pairs without a winner do not count, by `error_code`.
    SortedMap<String, Long> failures(int segment) {
        return of(segment).codes();
    }

    /// Whether a segment's share of a file is to be merged record by record.
    boolean changes(int segment, String jobFile) {
        return switch (jobFile) {
            case JobFiles.COMBINED, JobFiles.JUDGEMENTS -> wins(segment) > 0;
            case JobFiles.FAILED_PAIRS, JobFiles.FAILED_ATTEMPTS ->
                !failures(segment).isEmpty();
            default -> false;
        };
    }

    /// What happens to a record.
    ///
    /// @param place from 0, without the header
    /// @param columns of the share
    Fate of(int segment, String jobFile, RawRows record, int place, List<String> columns) throws IOException {
        if (!changes(segment, jobFile)) {
            return Fate.KEPT;
        }
        Rows all = rows(segment);
        return switch (jobFile) {
            case JobFiles.FAILED_PAIRS -> all.places.get(place) ? Fate.DROPPED : Fate.KEPT;
            case JobFiles.FAILED_ATTEMPTS -> all.failures.get(row(record, columns)) ? Fate.NOT_FINAL : Fate.KEPT;
            default -> all.wins.get(row(record, columns)) ? Fate.DROPPED : Fate.KEPT;
        };
    }

    private static int row(RawRows record, List<String> columns) {
        return Integer.parseInt(record.texts().get(columns.indexOf(ROW)));
    }

    /// The place of the column that says whether an attempt is the last word.
    static int finalColumn(List<String> columns) {
        return columns.indexOf(FINAL);
    }
}
