package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.Attempts;
import io.pairbatch.results.FailedRows;
import io.pairbatch.results.RetryList;
import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
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
    private Elsewhere rows = Elsewhere.none();

    private Superseded(JobStore store, Attempts attempts) {
        this.store = store;
        this.attempts = attempts;
    }

    /// A segment of which something does not count.
    ///
    /// @param wins how many of its winners do not
    /// @param failures whether some of its pairs without a winner do not
    /// @param left those of them that do, by `error_code`
    private record Counts(int attempt, long wins, boolean failures, SortedMap<String, Rows> left) {}

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
    /// @param left rows without a winner that this attempt decides, by `error_code`
    private record Elsewhere(BitSet failures, BitSet places, BitSet wins, SortedMap<String, Rows> left) {

        static Elsewhere none() {
            return new Elsewhere(new BitSet(), new BitSet(), new BitSet(), new TreeMap<>());
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
        Elsewhere all = read(segment, attempt);
        if (!all.failures.isEmpty() || !all.wins.isEmpty()) {
            counts.put(segment, new Counts(attempt, all.wins.cardinality(), !all.failures.isEmpty(), all.left));
        }
    }

    /// The files of one segment after another are merged, and each file of all of them.
    private Elsewhere rows(int segment, int attempt) throws IOException {
        if (read != segment) {
            rows = read(segment, attempt);
            read = segment;
        }
        return rows;
    }

    private Elsewhere read(int segment, int attempt) throws IOException {
        Elsewhere rows = Elsewhere.none();
        BitSet failed = new BitSet();
        int[] place = {0};
        FailedRows.each(store, segment, pair -> {
            failed.set((int) pair.row());
            if (!attempts.isFinal(pair.row(), attempt)) {
                rows.failures.set((int) pair.row());
                rows.places.set(place[0]);
            } else {
                rows.left.merge(pair.code(), Rows.of(pair.row()), Rows::plus);
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

    /// A segment's tally without the pairs that another attempt decides.
    SegmentTally deciding(SegmentTally tally) {
        Counts changed = counts.get(tally.segment());
        return changed == null ? tally : tally.without(changed.wins(), changed.left());
    }

    /// Whether a segment's share of a file is to be merged record by record.
    boolean changes(int segment, String jobFile) {
        Counts changed = counts.get(segment);
        if (changed == null) {
            return false;
        }
        return switch (jobFile) {
            case JobFiles.COMBINED, JobFiles.JUDGEMENTS -> changed.wins() > 0;
            case JobFiles.FAILED_PAIRS, JobFiles.FAILED_ATTEMPTS -> changed.failures();
            default -> false;
        };
    }

    /// What happens to a record.
    ///
    /// @param place from 0, without the header
    /// @param columns of the share
    Fate of(int segment, String jobFile, RawRows record, int place, List<String> columns) throws IOException {
        Counts changed = counts.get(segment);
        if (changed == null || !changes(segment, jobFile)) {
            return Fate.KEPT;
        }
        Elsewhere all = rows(segment, changed.attempt());
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
