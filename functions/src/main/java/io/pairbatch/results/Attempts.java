package io.pairbatch.results;

import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import java.io.IOException;
import java.util.BitSet;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Which attempt decides a comparison that was sent more than once: the first with a winner, or the last. Usually the
/// attempts before the last have none; one may get a winner when its answers are read again by other rules.
///
/// An attempt has its number also where no batch was ever created for it.
///
/// Memory: two bits a row of the table for each attempt, a third where some of it was never sent, if there is more than
/// one attempt, and else nothing.
public final class Attempts {

    /// The rows of each attempt but the first, which has every row.
    private final SortedMap<Integer, BitSet> listed = new TreeMap<>();

    private final SortedMap<Integer, BitSet> failed = new TreeMap<>();

    /// Those of them that were never sent.
    private final SortedMap<Integer, BitSet> unsent = new TreeMap<>();

    private Attempts() {}

    /// Passes on the pairs without a winner of a segment.
    @FunctionalInterface
    public interface Failures {

        /// Of one segment, in row order; on any thread.
        void each(int segment, Consumer<FailedRows.Failed> failed) throws IOException;
    }

    /// Reads the lists of the later rounds, and the failures of all segments if there are any. Of a segment that is not
    /// given nothing is known.
    ///
    /// @param attempts which attempt each collected segment is, by its number
    /// @param lanes how many segments are read side by side
    public static Attempts read(JobStore store, SortedMap<Integer, Integer> attempts, Lanes lanes) throws IOException {
        return read(store, attempts, (segment, failed) -> FailedRows.each(store, segment, failed), lanes);
    }

    /// The same, of failures that are read otherwise.
    public static Attempts read(JobStore store, SortedMap<Integer, Integer> attempts, Failures failures, Lanes lanes)
            throws IOException {
        Attempts all = new Attempts();
        NavigableSet<Integer> lists = new TreeSet<>();
        RetryList.each(store, lists::add);
        lists.retainAll(attempts.keySet());
        lanes.each(lists, segment -> RetryList.read(store, segment), list -> list.ifPresent(all::add));
        if (all.any()) {
            lanes.each(
                    attempts.entrySet(), segment -> failing(segment.getValue(), segment.getKey(), failures), all::add);
        }
        return all;
    }

    private static Failing failing(int attempt, int segment, Failures failures) throws IOException {
        IntStream.Builder rows = IntStream.builder();
        IntStream.Builder unsent = IntStream.builder();
        failures.each(segment, pair -> {
            rows.add((int) pair.row());
            if (pair.unsent()) {
                unsent.add((int) pair.row());
            }
        });
        return new Failing(attempt, rows.build(), unsent.build());
    }

    /// The rows of a segment that have no winner in its attempt, and those of them that were never sent.
    private record Failing(int attempt, IntStream rows, IntStream unsent) {}

    private void add(Failing segment) {
        set(failed, segment.attempt(), segment.rows());
        set(unsent, segment.attempt(), segment.unsent());
    }

    private static void set(SortedMap<Integer, BitSet> attempts, int attempt, IntStream rows) {
        rows.forEach(row -> attempts.computeIfAbsent(attempt, a -> new BitSet()).set(row));
    }

    /// Whether anything was sent more than once.
    public boolean any() {
        return !listed.isEmpty();
    }

    /// Adds the rows of one more segment.
    public void add(RetryList list) {
        BitSet rows = listed.computeIfAbsent(list.attempt(), a -> new BitSet());
        list.rows().values().forEach(numbers -> numbers.forEach(row -> rows.set(row.intValue())));
    }

    /// Whether the row is on the list of this attempt.
    public boolean isListed(long row, int attempt) {
        return has(listed, attempt, row);
    }

    private static boolean has(SortedMap<Integer, BitSet> attempts, int attempt, long row) {
        BitSet rows = attempts.get(attempt);
        return rows != null && rows.get((int) row);
    }

    /// Whether this attempt at the row has been collected, and has no winner.
    public boolean failed(long row, int attempt) {
        return has(failed, attempt, row);
    }

    /// How often a pair was sent, up to the attempt in which it failed so.
    public int sent(FailedRows.Failed pair, int attempt) {
        int times = pair.unsent() ? 0 : 1;
        for (int earlier = 1; earlier < attempt; earlier++) {
            times += took(pair.row(), earlier) && !has(unsent, earlier, pair.row()) ? 1 : 0;
        }
        return times;
    }

    private boolean took(long row, int attempt) {
        return attempt == 1 || isListed(row, attempt);
    }

    /// Whether an attempt before this one has a winner.
    public boolean wonBefore(long row, int attempt) {
        for (int earlier = attempt - 1; earlier >= 1; earlier--) {
            if (took(row, earlier) && !failed(row, earlier)) {
                return true;
            }
        }
        return false;
    }

    /// Whether this attempt, which found no winner, is the comparison's last word.
    public boolean isFinal(long row, int attempt) {
        return listed.tailMap(attempt + 1).values().stream().noneMatch(rows -> rows.get((int) row))
                && !wonBefore(row, attempt);
    }
}
