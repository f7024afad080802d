package io.pairbatch.pairing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// What comparisons connect, and how often each sample stands in which position. Holds 16 bytes for each sample.
public final class ComparisonGraph {

    private final int[] parent;
    /// The samples of a part, at the one that stands for it.
    private final int[] size;
    private final int[] first;
    private final int[] second;
    private long comparisons;

    /// Samples that comparisons connect.
    ///
    /// @param members the first of them
    public record Part(int size, List<Integer> members) {

        public Part {
            members = List.copyOf(members);
        }
    }

    public ComparisonGraph(int samples) {
        parent = new int[samples];
        size = new int[samples];
        first = new int[samples];
        second = new int[samples];
        for (int i = 0; i < samples; i++) {
            parent[i] = i;
        }
        Arrays.fill(size, 1);
    }

    /// Adds one comparison.
    public void add(int one, int other) {
        comparisons++;
        first[one]++;
        second[other]++;
        int a = root(one);
        int b = root(other);
        if (a != b) {
            int large = size[a] < size[b] ? b : a;
            int small = large == a ? b : a;
            parent[small] = large;
            size[large] += size[small];
        }
    }

    private int root(int sample) {
        int at = sample;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    public long comparisons() {
        return comparisons;
    }

    /// The comparisons of a sample.
    public int of(int sample) {
        return first[sample] + second[sample];
    }

    /// How much more often a sample stands in one position than in the other.
    public int unevenness(int sample) {
        return Math.abs(first[sample] - second[sample]);
    }

    /// In how many comparisons a sample stands first.
    public int first(int sample) {
        return first[sample];
    }

    /// In how many parts the samples are; those without a comparison are parts of their own.
    public int parts() {
        int parts = 0;
        for (int i = 0; i < parent.length; i++) {
            parts += parent[i] == i ? 1 : 0;
        }
        return parts;
    }

    /// The largest parts, of those of the same size first those with the earliest sample.
    ///
    /// @param most parts
    /// @param shown members of each at most
    public List<Part> largest(int most, int shown) {
        int[] earliest = new int[parent.length];
        Arrays.fill(earliest, -1);
        List<Integer> roots = new ArrayList<>();
        for (int i = 0; i < parent.length; i++) {
            int root = root(i);
            if (earliest[root] < 0) {
                earliest[root] = i;
                roots.add(root);
                // Few are kept at a time.
                if (roots.size() > 2 * most + 2) {
                    keep(roots, most, earliest);
                }
            }
        }
        keep(roots, most, earliest);
        return roots.stream().map(root -> part(root, shown)).toList();
    }

    private void keep(List<Integer> roots, int most, int[] earliest) {
        roots.sort(Comparator.<Integer>comparingInt(root -> -size[root]).thenComparingInt(root -> earliest[root]));
        if (roots.size() > most) {
            roots.subList(most, roots.size()).clear();
        }
    }

    private Part part(int root, int shown) {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < parent.length && members.size() < shown; i++) {
            if (root(i) == root) {
                members.add(i);
            }
        }
        return new Part(size[root], members);
    }
}
