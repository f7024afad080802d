package io.pairbatch.pairing;

/// How often each pair of a job is judged, and in which orders. The comparisons of a pair are numbered one after the
/// other: those of the first time come first, and of each time the order that was given.
///
/// @param bothOrders whether each pair is also judged with its second text first
/// @param repeats how often each order is judged, at least once
public record Repetition(boolean bothOrders, int repeats) {

    /// Each pair once, as it was given.
    public static final Repetition NONE = new Repetition(false, 1);

    public Repetition {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: " + repeats);
        }
    }

    /// How many comparisons each pair makes.
    public int perPair() {
        return (bothOrders ? 2 : 1) * repeats;
    }

    /// Whether there is more than one.
    public boolean isAny() {
        return perPair() > 1;
    }

    /// The number of the first comparison of a pair.
    ///
    /// @param pair from 1
    public long first(long pair) {
        return (pair - 1) * perPair() + 1;
    }

    /// Whether a comparison is the first one of its pair.
    public boolean isFirst(long comparison) {
        return place(comparison) == 0;
    }

    /// In which order a comparison is: 1 as it was given, 2 with the second text first.
    public int order(long comparison) {
        return bothOrders && place(comparison) % 2 == 1 ? 2 : 1;
    }

    /// The how many-th time it is, from 1.
    public int repeat(long comparison) {
        return 1 + place(comparison) / (bothOrders ? 2 : 1);
    }

    private int place(long comparison) {
        return (int) ((comparison - 1) % perPair());
    }
}
