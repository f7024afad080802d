package io.pairbatch.pairing;

import io.pairbatch.numbers.RRandom;
import java.util.Arrays;

/// New samples against anchors, so many for each new one. Anchors are used in laps: one lap uses each of them once, in
/// an order of its own that the seed chooses, so none is used more than once oftener than another. The order of the
/// second lap connects what the first one has left apart, with as few new samples as can do it.
///
/// Of two comparisons that follow each other at a new sample, and of two at an anchor, one has it in the first position
/// and the other in the second. Holds two laps.
public final class Linked implements Design {

    private final int[] fresh;
    private final int[] anchors;
    private final int each;
    private final int seed;

    /// @param fresh the new samples
    /// @param each comparisons of each new sample
    public Linked(int[] fresh, int[] anchors, int each, int seed) {
        if (anchors.length == 0) {
            throw new RefusedDesignException("no anchor", "at least 1");
        }
        if (fresh.length == 0) {
            throw new RefusedDesignException("no sample that is not an anchor", "at least 1 new sample");
        }
        if (each < 1 || each > anchors.length) {
            throw new RefusedDesignException(
                    each + " comparisons of each new sample with " + anchors.length
                            + (anchors.length == 1 ? " anchor" : " anchors"),
                    anchors.length == 1 ? "1" : "1 to " + anchors.length);
        }
        this.fresh = fresh.clone();
        this.anchors = anchors.clone();
        this.each = each;
        this.seed = seed;
    }

    @Override
    public long pairs() {
        return (long) fresh.length * each;
    }

    @Override
    public PairCursor cursor() {
        return new Laps();
    }

    /// Two laps at a time. A comparison is known by its number, from 0 on: its new sample is the number divided by the
    /// comparisons of each.
    private final class Laps extends PairCursor {

        private final RRandom random = new RRandom(seed);
        private final int[] laps = new int[2 * anchors.length];
        /// Whether the new sample stands first.
        private final boolean[] freshFirst = new boolean[laps.length];

        private int at = laps.length;
        private int lap;
        private long number;

        @Override
        public boolean next() {
            if (number == pairs()) {
                return false;
            }
            if (at == laps.length) {
                fill();
            }
            int newOne = fresh[(int) (number / each)];
            int anchor = anchors[laps[at]];
            set(freshFirst[at] ? newOne : anchor, freshFirst[at] ? anchor : newOne);
            at++;
            number++;
            return true;
        }

        private void fill() {
            boolean last = number > 0 && freshFirst[laps.length - 1];
            int[] before = number == 0 ? new int[0] : Arrays.copyOfRange(laps, anchors.length, laps.length);
            int[] one = order(before);
            int[] two = order(one);
            System.arraycopy(one, 0, laps, 0, one.length);
            System.arraycopy(two, 0, laps, one.length, two.length);
            at = 0;
            decidePositions(last);
        }

        /// The next lap. The new sample in whose comparisons the last one ends meets no anchor again.
        private int[] order(int[] before) {
            int[] order = lap == 1 && each > 1 ? connecting(before) : shuffled(before);
            lap++;
            return order;
        }

        private int[] shuffled(int[] before) {
            int[] order = new int[anchors.length];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            shuffle(order, 0);
            int begun = (int) ((long) lap * anchors.length % each);
            boolean[] met = new boolean[order.length];
            for (int i = 0; i < begun; i++) {
                met[before[before.length - 1 - i]] = true;
            }
            int other = order.length - 1;
            for (int i = 0; i < each - begun && begun > 0; i++) {
                if (met[order[i]]) {
                    while (met[order[other]]) {
                        other--;
                    }
                    swap(order, i, other--);
                }
            }
            return order;
        }

        /// Takes an anchor that is connected already and the first ones of parts that are not, for one new sample after
        /// the other. A part is what one new sample has met in the first lap.
        private int[] connecting(int[] first) {
            int parts = first.length / each;
            int begun = first.length % each;
            int[] order = new int[first.length];
            int ordered = 0;
            int[] connected = new int[first.length];
            int size = 0;
            int part = 0;
            int room = begun > 0 ? each - begun : 0;
            if (begun == 0) {
                size = addOthers(first, part++, 0, connected, size);
            }
            while (part < parts) {
                if (room == 0) {
                    order[ordered++] = taken(connected, size--);
                    room = each - 1;
                }
                order[ordered++] = first[part * each];
                size = addOthers(first, part++, 1, connected, size);
                room--;
                if (begun > 0 && ordered == each - begun) {
                    size = addRest(first, parts * each, connected, size);
                    begun = 0;
                }
            }
            while (begun > 0 && ordered < each - begun) {
                order[ordered++] = taken(connected, size--);
            }
            if (begun > 0) {
                size = addRest(first, parts * each, connected, size);
            }
            System.arraycopy(connected, 0, order, ordered, size);
            shuffle(order, ordered);
            return order;
        }

        private int addOthers(int[] first, int part, int from, int[] connected, int size) {
            System.arraycopy(first, part * each + from, connected, size, each - from);
            return size + each - from;
        }

        private int addRest(int[] first, int from, int[] connected, int size) {
            System.arraycopy(first, from, connected, size, first.length - from);
            return size + first.length - from;
        }

        /// One of the connected, whose place the last of them takes.
        private int taken(int[] connected, int size) {
            int place = (int) random.index(size);
            int one = connected[place];
            connected[place] = connected[size - 1];
            return one;
        }

        private void shuffle(int[] order, int from) {
            for (int i = order.length - 1; i > from; i--) {
                swap(order, i, from + (int) random.index(i - from + 1L));
            }
        }

        private static void swap(int[] order, int i, int j) {
            int one = order[i];
            order[i] = order[j];
            order[j] = one;
        }

        /// The comparisons form chains in which two neighbours share a sample, a new one and an anchor in turn, so that
        /// positions can alternate along each. A chain that comes from the laps before goes on as it came.
        private void decidePositions(boolean last) {
            int[] where = new int[2 * anchors.length];
            for (int i = 0; i < laps.length; i++) {
                where[i < anchors.length ? laps[i] : anchors.length + laps[i]] = i;
            }
            boolean[] decided = new boolean[laps.length];
            int[] open = new int[laps.length];
            for (int i = 0; i < laps.length; i++) {
                if (decided[i]) {
                    continue;
                }
                freshFirst[i] = (i == 0 && neighbour(0) == -1) ? !last : random.index(2) == 0;
                decided[i] = true;
                int size = 0;
                open[size++] = i;
                while (size > 0) {
                    int one = open[--size];
                    int anchor = laps[one];
                    int other = one < anchors.length ? where[anchors.length + anchor] : where[anchor];
                    size = follow(one, other, decided, open, size);
                    size = follow(one, neighbour(one), decided, open, size);
                }
            }
        }

        private int follow(int one, int other, boolean[] decided, int[] open, int size) {
            if (other < 0 || other >= laps.length || decided[other]) {
                return size;
            }
            freshFirst[other] = !freshFirst[one];
            decided[other] = true;
            open[size] = other;
            return size + 1;
        }

        private static final int NONE = Integer.MIN_VALUE;

        /// The place of the comparison with which one alternates at its new sample: -1 for the last one of the laps
        /// before.
        private int neighbour(int place) {
            long turn = (number + place) % each;
            if (turn % 2 != 0) {
                return place - 1;
            }
            return turn + 1 < each ? place + 1 : NONE;
        }
    }
}
