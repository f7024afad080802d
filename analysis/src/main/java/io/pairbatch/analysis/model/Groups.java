package io.pairbatch.analysis.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Which items the judgements place on one scale. Items are in one component where a chain of judgements connects
/// them: only then can they be compared at all. They are in one group where, besides, a chain of wins leads from
/// each to the other (strongly connected): only then is the distance between them finite (Ford 1957).
///
/// @param component of each item, from 0 on, the largest first
/// @param components how many there are
/// @param group of each item
/// @param groups how many there are
@SuppressWarnings("ArrayRecordComponent") // never written to again
record Groups(int[] component, int components, int[] group, int groups) {

    static Groups of(Pairs pairs) {
        Edges any = Edges.of(pairs, true);
        Edges wins = Edges.of(pairs, false);
        int[] component = new int[pairs.items()];
        int components = strong(any, component);
        int[] group = new int[pairs.items()];
        int groups = strong(wins, group);
        return new Groups(largestFirst(component, components), components, group, groups);
    }

    /// Numbers the largest set 0, and among equals the one with the first item.
    private static int[] largestFirst(int[] of, int sets) {
        int[] sizes = new int[sets];
        int[] first = new int[sets];
        Arrays.fill(first, of.length);
        for (int i = 0; i < of.length; i++) {
            sizes[of[i]]++;
            first[of[i]] = Math.min(first[of[i]], i);
        }
        Integer[] order = new Integer[sets];
        Arrays.setAll(order, s -> s);
        Arrays.sort(order, (a, b) -> sizes[a] != sizes[b] ? sizes[b] - sizes[a] : first[a] - first[b]);
        int[] number = new int[sets];
        for (int rank = 0; rank < sets; rank++) {
            number[order[rank]] = rank;
        }
        return Arrays.stream(of).map(s -> number[s]).toArray();
    }

    /// The items of a component, ascending.
    int[] ofComponent(int which) {
        return members(component, which);
    }

    private static int[] members(int[] of, int which) {
        int[] found = new int[of.length];
        int size = 0;
        for (int i = 0; i < of.length; i++) {
            if (of[i] == which) {
                found[size++] = i;
            }
        }
        return Arrays.copyOf(found, size);
    }

    /// The largest group within a component: the items with finite abilities, ascending. Empty where no two items
    /// are in one group, or where two groups are the largest: nothing says which of them the scale is of.
    int[] core(int which) {
        int[] sizes = new int[groups];
        int most = 1;
        for (int i = 0; i < group.length; i++) {
            if (component[i] == which) {
                most = Math.max(most, ++sizes[group[i]]);
            }
        }
        int largest = most;
        int[] found = IntStream.range(0, groups)
                .filter(g -> sizes[g] == largest && largest > 1)
                .toArray();
        return found.length == 1 ? members(group, found[0]) : new int[0];
    }

    /// Strongly connected components by Tarjan's algorithm, without recursion.
    ///
    /// @param found gets the number of each item's set
    /// @return how many sets there are
    private static int strong(Edges edges, int[] found) {
        int n = found.length;
        int[] index = new int[n];
        int[] least = new int[n];
        int[] next = new int[n];
        int[] stack = new int[n];
        int[] path = new int[n];
        boolean[] open = new boolean[n];
        int top = 0;
        int seen = 0;
        int sets = 0;
        for (int root = 0; root < n; root++) {
            if (index[root] != 0) {
                continue;
            }
            int depth = 0;
            path[0] = root;
            while (depth >= 0) {
                int at = path[depth];
                if (index[at] == 0) {
                    index[at] = ++seen;
                    least[at] = seen;
                    next[at] = edges.start[at];
                    stack[top++] = at;
                    open[at] = true;
                }
                if (next[at] < edges.start[at + 1]) {
                    int to = edges.to[next[at]++];
                    if (index[to] == 0) {
                        path[++depth] = to;
                    } else if (open[to]) {
                        least[at] = Math.min(least[at], index[to]);
                    }
                    continue;
                }
                if (least[at] == index[at]) {
                    int member;
                    do {
                        member = stack[--top];
                        open[member] = false;
                        found[member] = sets;
                    } while (member != at);
                    sets++;
                }
                depth--;
                if (depth >= 0) {
                    least[path[depth]] = Math.min(least[path[depth]], least[at]);
                }
            }
        }
        return sets;
    }

    /// Edges from each item: `to[start[i]]` to `to[start[i + 1] - 1]`.
    @SuppressWarnings("ArrayRecordComponent") // local to this class
    private record Edges(int[] start, int[] to) {

        /// @param any an edge in both directions for each pair; else one from each item that got something of the
        ///     pair
        static Edges of(Pairs pairs, boolean any) {
            int[] start = new int[pairs.items() + 1];
            for (int pair = 0; pair < pairs.size(); pair++) {
                start[pairs.low()[pair] + 1] += any || pairs.share()[pair] > 0 ? 1 : 0;
                start[pairs.high()[pair] + 1] += any || pairs.share()[pair] < pairs.count()[pair] ? 1 : 0;
            }
            for (int i = 0; i < pairs.items(); i++) {
                start[i + 1] += start[i];
            }
            int[] at = start.clone();
            int[] to = new int[start[pairs.items()]];
            for (int pair = 0; pair < pairs.size(); pair++) {
                int low = pairs.low()[pair];
                int high = pairs.high()[pair];
                if (any || pairs.share()[pair] > 0) {
                    to[at[low]++] = high;
                }
                if (any || pairs.share()[pair] < pairs.count()[pair]) {
                    to[at[high]++] = low;
                }
            }
            return new Edges(start, to);
        }
    }
}
