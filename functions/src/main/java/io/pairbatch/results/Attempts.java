package io.pairbatch.results;

import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which attempt decides a comparison that was sent more than once: the first with a winner, or the last. Usually the
/// attempts before the last have none; one may get a winner when its answers are read again by other rules.
///
/// Memory: two bits a row of the table for each attempt, if anything was sent again, and else nothing.
public final class Attempts {

    /// The rows of each attempt but the first, which has every row.
    private final SortedMap<Integer, BitSet> sent = new TreeMap<>();

    private final SortedMap<Integer, BitSet> failed = new TreeMap<>();

    private Attempts() {}

    /// Reads the lists of the later rounds, and the failures of all segments if there are any. Of a segment that is not
    /// given nothing is known.
    ///
    /// @param attempts which attempt each collected segment is, by its number
    public static Attempts read(JobStore store, SortedMap<Integer, Integer> attempts) throws IOException {
        Attempts all = new Attempts();
        SortedMap<Integer, Integer> listed = new TreeMap<>();
        RetryList.each(store, segment -> listed.put(segment, segment));
        listed.keySet().retainAll(attempts.keySet());
        for (int segment : listed.keySet()) {
            RetryList.read(store, segment).ifPresent(all::add);
        }
        if (all.any()) {
            for (Map.Entry<Integer, Integer> segment : attempts.entrySet()) {
                BitSet rows = all.failed.computeIfAbsent(segment.getValue(), a -> new BitSet());
                FailedRows.each(store, segment.getKey(), pair -> rows.set((int) pair.row()));
            }
        }
        return all;
    }

    /// Whether anything was sent more than once.
    public boolean any() {
        return !sent.isEmpty();
    }

    /// Adds the rows of one more segment.
    public void add(RetryList list) {
        BitSet rows = sent.computeIfAbsent(list.attempt(), a -> new BitSet());
        list.rows().values().forEach(numbers -> numbers.forEach(row -> rows.set(row.intValue())));
    }

    /// Whether the row is on the list of this attempt.
    public boolean isListed(long row, int attempt) {
        BitSet rows = sent.get(attempt);
        return rows != null && rows.get((int) row);
    }

    /// Whether an attempt before this one has a winner.
    public boolean wonBefore(long row, int attempt) {
        for (int earlier = attempt - 1; earlier >= 1; earlier--) {
            BitSet without = failed.get(earlier);
            boolean took = earlier == 1 || isListed(row, earlier);
            if (took && (without == null || !without.get((int) row))) {
                return true;
            }
        }
        return false;
    }

    /// Whether this attempt, which found no winner, is the comparison's last word.
    public boolean isFinal(long row, int attempt) {
        return sent.tailMap(attempt + 1).values().stream().noneMatch(rows -> rows.get((int) row))
                && !wonBefore(row, attempt);
    }
}
