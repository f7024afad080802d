package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.Attempts;
import io.pairbatch.results.RetryList;
import io.pairbatch.results.Rows;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import io.pairbatch.store.RawRows;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The attempts that do not decide their comparisons, because another one does: each comparison is in one result file
/// only. Memory: what [Attempts] holds, and a few numbers for each segment. Can be asked by several threads.
final class Superseded {

    private static final String ROW = "row";
    private static final String FINAL = "final";

    private final JobStore store;
    private final Attempts attempts;
    private final Attempts.Failures all;
    private final Map<Integer, Counts> counts = new HashMap<>();

    private Superseded(JobStore store, Attempts attempts, Attempts.Failures all) {
        this.store = store;
        this.attempts = attempts;
        this.all = all;
    }

    /// How much of a segment does not count.
    ///
    /// @param wins how many of its winners
    /// @param failures how many of its pairs without a winner
    /// @param left those of them that count, by `error_code`
    private record Counts(int segment, int attempt, long wins, long failures, SortedMap<String, Rows> left) {

        static final Counts NONE = new Counts(0, 1, 0, 0, new TreeMap<>());
    }

    /// What happens to a record of a segment's share of a file.
    enum Fate {
        KEPT,
        DROPPED,
        /// Kept, with `FALSE` in the column `final`.
        NOT_FINAL
    }

    /// What happens to the records of a share.
    @FunctionalInterface
    interface Fates {

        /// What happens to one of them.
        ///
        /// @param place from 0, without the header
        /// @param columns of the share
        Fate of(RawRows record, int place, List<String> columns);
    }

    /// Those of a job's collected segments.
    ///
    /// @param numbers which attempt each of them is
    /// @param failures reads the pairs of one of them that have no winner
    static Superseded of(JobStore store, SortedMap<Integer, Integer> numbers, Attempts.Failures failures, Lanes lanes)
            throws IOException {
        Superseded superseded = new Superseded(store, Attempts.read(store, numbers, failures, lanes), failures);
        if (superseded.attempts.any()) {
            lanes.each(
                    numbers.entrySet(),
                    segment -> superseded.count(segment.getKey(), segment.getValue()),
                    superseded::keep);
        }
        return superseded;
    }

    private Counts count(int segment, int attempt) throws IOException {
        SortedMap<String, Rows> left = new TreeMap<>();
        long[] failures = {0};
        all.each(segment, pair -> {
            if (attempts.isFinal(pair.row(), attempt)) {
                left.merge(pair.code(), Rows.of(pair.row()), Rows::plus);
            } else {
                failures[0]++;
            }
        });
        long wins = attempt == 1
                ? 0
                : RetryList.read(store, segment).stream()
                        .flatMap(list -> list.rows().values().stream())
                        .flatMap(List::stream)
                        .filter(row -> !attempts.failed(row, attempt) && attempts.wonBefore(row, attempt))
                        .count();
        return new Counts(segment, attempt, wins, failures[0], left);
    }

    private void keep(Counts segment) {
        if (segment.wins() > 0 || segment.failures() > 0) {
            counts.put(segment.segment(), segment);
        }
    }

    private Counts of(int segment) {
        return counts.getOrDefault(segment, Counts.NONE);
    }

    /// How many of a segment's winners do not count.
    long wins(int segment) {
        return of(segment).wins();
    }

    /// Those of a segment's pairs without a winner that count, by `error_code`.
    ///
    /// @param all of them
    SortedMap<String, Rows> failures(int segment, SortedMap<String, Rows> all) {
        Counts changed = counts.get(segment);
        return changed == null ? all : changed.left();
    }

    /// Whether a segment's share of a file is to be merged record by record.
    boolean changes(int segment, String jobFile) {
        return switch (jobFile) {
            case JobFiles.COMBINED, JobFiles.JUDGEMENTS -> of(segment).wins() > 0;
            case JobFiles.FAILED_PAIRS, JobFiles.FAILED_ATTEMPTS -> of(segment).failures() > 0;
            default -> false;
        };
    }

    /// What happens to the records of a segment's share of a file.
    Fates fates(int segment, String jobFile) throws IOException {
        if (!changes(segment, jobFile)) {
            return (record, place, columns) -> Fate.KEPT;
        }
        int attempt = of(segment).attempt();
        return switch (jobFile) {
            case JobFiles.FAILED_PAIRS -> {
                BitSet dropped = places(segment, attempt);
                yield (record, place, columns) -> dropped.get(place) ? Fate.DROPPED : Fate.KEPT;
            }
            case JobFiles.FAILED_ATTEMPTS ->
                (record, place, columns) ->
                        attempts.isFinal(row(record, columns), attempt) ? Fate.KEPT : Fate.NOT_FINAL;
            default ->
                (record, place, columns) ->
                        attempts.wonBefore(row(record, columns), attempt) ? Fate.DROPPED : Fate.KEPT;
        };
    }

    /// `failed_pairs.csv` does not say which row it tells of: its records are the failures in their order.
    private BitSet places(int segment, int attempt) throws IOException {
        BitSet places = new BitSet();
        int[] place = {0};
        all.each(segment, pair -> {
            places.set(place[0], !attempts.isFinal(pair.row(), attempt));
            place[0]++;
        });
        return places;
    }

    private static long row(RawRows record, List<String> columns) {
        return Long.parseLong(record.texts().get(columns.indexOf(ROW)));
    }

    /// The place of the column that says whether an attempt is the last word.
    static int finalColumn(List<String> columns) {
        return columns.indexOf(FINAL);
    }
}
