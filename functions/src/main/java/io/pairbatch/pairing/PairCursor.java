package io.pairbatch.pairing;

/// Goes through the pairs of a design, one after the other.
public abstract class PairCursor {

    private int first;
    private int second;

    /// Moves to the next pair; false after the last one.
    public abstract boolean next();

    /// The sample in the first position.
    public final int first() {
        return first;
    }

    /// The sample in the second position.
    public final int second() {
        return second;
    }

    final void set(int first, int second) {
        this.first = first;
        this.second = second;
    }
}
