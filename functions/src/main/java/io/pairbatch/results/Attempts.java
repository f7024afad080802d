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
/// Memory: two bits a row of the table for each attempt, if anything was sent again, and else nothing.
public final class Attempts {

    /// The rows of each attempt but the first, which has every row.
    private final SortedMap<Integer, BitSet> sent = new TreeMap<>();

    private final SortedMap<Integer, BitSet> failed = new TreeMap<>();

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
    public static Attempts read(JobStore store, SortedMap<Integer, Integer> attempts) throws IOException {
        return read(store, attempts, (segment, failed) -> FailedRows.each(store, segment, failed), Lanes.ONE);
    }

    /// The same, several segments at a time.
    public static Attempts read(JobStore store, SortedMap<Integer, Integer> attempts, Failures failures, Lanes lanes)
            throws IOException {
        Attempts all = new Attempts();
        NavigableSet<Integer> listed = new TreeSet<>();
        RetryList.each(store, listed::add);
        listed.retainAll(attempts.keySet());
        lanes.each(listed, segment -> RetryList.read(store, segment), list -> list.ifPresent(all::add));
        if (all.any()) {
            lanes.each(
                    attempts.entrySet(),
                    segment -> new Failing(segment.getValue(), rows(failures, segment.getKey())),
                    all::add);
        }
        return all;
    }

    private static IntStream rows(Failures failures, int segment) throws IOException {
        IntStream.Builder rows = IntStream.builder();
        failures.each(segment, pair -> rows.add((int) pair.row()));
        return rows.build();
    }

    /// The rows of a segment that have no winner in its attempt.
    private record Failing(int attempt, IntStream rows) {}

    private void add(Failing segment) {
        BitSet all = failed.computeIfAbsent(segment.attempt(), a -> new BitSet());
        segment.rows().forEach(all::set);
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

    /// Whether this attempt at the row has been collected, and has no winner.
    public boolean failed(long row, int attempt) {
        BitSet rows = failed.get(attempt);
        return rows != null && rows.get((int) row);
    }

    /// Whether an attempt before this one has a winner.
    public boolean wonBefore(long row, int attempt) {
        for (int earlier = attempt - 1; earlier >= 1; earlier--) {
            boolean took = earlier == 1 || isListed(row, earlier);
            if (took && !failed(row, earlier)) {
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
