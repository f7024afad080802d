package io.pairbatch.analysis.counts;

import java.util.Arrays;

/// The judgements of one judge, added up for each ordered pair of items. Cells are numbered from 0 in the order in
/// which their pairs were first seen. About 60 bytes a cell, however many judgements it counts.
public final class Cells {

    private static final int SMALLEST = 16;
    private static final int EMPTY = -1;

    private long[] keys = new long[SMALLEST];
    private int[] firsts = new int[SMALLEST];
    private int[] seconds = new int[SMALLEST];
    private int[] ties = new int[SMALLEST];
    private double[] shares = new double[SMALLEST];
    private int[] slots = empty(2 * SMALLEST);
    private int size;

    private static int[] empty(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, EMPTY);
        return slots;
    }

    /// Adds one judgement.
    ///
    /// @param first the item in the first position
    /// @param second the other one, not the same
    /// @param winner 1 or 2; 0 for a tie
    /// @param share what of the judgement the first item gets, from 0 to 1
    void add(int first, int second, int winner, double share) {
        int cell = cell(key(first, second));
        switch (winner) {
            case 1 -> firsts[cell]++;
            case 2 -> seconds[cell]++;
            default -> ties[cell]++;
        }
        shares[cell] += share;
    }

    private static long key(int first, int second) {
        return (long) first << Integer.SIZE | second;
    }

    private int cell(long key) {
        int slot = slot(key);
        if (slots[slot] == EMPTY) {
            if (size == keys.length) {
                grow();
                slot = slot(key);
            }
            keys[size] = key;
            slots[slot] = size++;
        }
        return slots[slot];
    }

    private int slot(long key) {
        int mask = slots.length - 1;
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed ^ mixed >>> Integer.SIZE) & mask;
        while (slots[slot] != EMPTY && keys[slots[slot]] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int room = 2 * size;
        keys = Arrays.copyOf(keys, room);
        firsts = Arrays.copyOf(firsts, room);
        seconds = Arrays.copyOf(seconds, room);
        ties = Arrays.copyOf(ties, room);
        shares = Arrays.copyOf(shares, room);
        slots = empty(2 * room);
        for (int cell = 0; cell < size; cell++) {
            slots[slot(keys[cell])] = cell;
        }
    }

    /// The cell of an ordered pair; -1 if nobody has judged it.
    public int find(int first, int second) {
        return slots[slot(key(first, second))];
    }

    public int size() {
        return size;
    }

    /// The item in the first position.
    public int first(int cell) {
        return (int) (keys[cell] >> Integer.SIZE);
    }

    /// The item in the second position.
    public int second(int cell) {
        return (int) keys[cell];
    }

    /// How often the first one won.
    public int firstWins(int cell) {
        return firsts[cell];
    }

    /// How often the second one won.
    public int secondWins(int cell) {
        return seconds[cell];
    }

    public int ties(int cell) {
        return ties[cell];
    }

    /// Judgements of this cell, ties included.
    public int count(int cell) {
        return firsts[cell] + seconds[cell] + ties[cell];
    }

    /// What the first one got of them: 1 for a win, a half for a tie, or the preference where the file has one.
    public double share(int cell) {
        return shares[cell];
    }
}
