package io.pairbatch.merge;

import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The sums of the tallies of a job's collected segments. Of each of them it holds three
/// numbers, a text, and the first rows that failed with each code.
final class Sums {

    private SegmentTally total = SegmentTally.none();
    private final SortedMap<Integer, SegmentTally> byAttempt = new TreeMap<>();
    private final Map<Integer, Counted> counted = new HashMap<>();

    /// What `summary.json` tells of a collected segment.
    ///
    /// @param version of Pairbatch that collected it; empty if it did not record it
    /// @param failures those that failed, by `error_code`
    record Counted(String version, long observed, long failed, SortedMap<String, Rows> failures) {}

    /// Adds a segment; they come in their order.
    void add(int segment, int attempt, SegmentTally tally) {
        total = total.plus(tally);
        byAttempt.merge(attempt, tally, SegmentTally::plus);
        counted.put(
                segment,
                new Counted(tally.made().version().intern(), tally.observed(), tally.failed(), tally.failedByCode()));
    }

    /// By segment.
    Map<Integer, Counted> counted() {
        return counted;
    }

    /// The totals of the job.
    Merged merged(MergeJob job, Superseded superseded) {
        long comparisons = 0;
        long open = 0;
        long unsent = 0;
        long wins = 0;
        SortedMap<String, Rows> failures = new TreeMap<>();
        for (MergedSegment segment : job.segments()) {
            boolean first = segment.attempt() == 1;
            comparisons += first ? segment.pairs() : 0;
            Counted counts = counted.get(segment.index());
            if (counts == null) {
                open += first ? segment.pairs() : 0;
                continue;
            }
            SortedMap<String, Rows> left = superseded.failures(segment.index(), counts.failures());
            left.forEach((code, rows) -> failures.merge(code, rows, Rows::plus));
            wins += superseded.wins(segment.index());
            unsent +=
                    share(segment, left.values().stream().mapToLong(Rows::count).sum());
        }
        return new Merged(
                job.perRow(),
                comparisons,
                job.rejectedRows(),
                job.leftRows(),
                open,
                total.without(wins, failures),
                unsent,
                byAttempt);
    }

    /// What some pairs of a segment may cost that was not submitted.
    private static long share(MergedSegment segment, long pairs) {
        return segment.pairs() == 0
                ? 0
                : Math.ceilDiv(Math.multiplyExact(segment.unsentBound(), pairs), segment.pairs());
    }
}
