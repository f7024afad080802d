package io.pairbatch.pairing;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the comparisons of samples reach and connect, in words and figures.
public record Coverage(SampleList samples, ComparisonGraph graph) {

    private static final int SHOWN_PARTS = 4;
    private static final int SHOWN_IDS = 3;

    /// Goes through all comparisons.
    public static Coverage of(SampleList samples, PairCursor pairs) {
        ComparisonGraph graph = new ComparisonGraph(samples.size());
        while (pairs.next()) {
            graph.add(pairs.first(), pairs.second());
        }
        return new Coverage(samples, graph);
    }

    /// The numbers of all samples.
    public IntStream all() {
        return IntStream.range(0, samples.size());
    }

    /// How many samples are in no comparison.
    public int uncompared() {
        return (int) all().filter(i -> graph.of(i) == 0).count();
    }

    /// In how many parts those are that are compared.
    public int parts() {
        return graph.parts() - uncompared();
    }

    /// The fewest comparisons of a sample.
    public int least() {
        return all().map(graph::of).min().orElse(0);
    }

    /// The most comparisons of a sample.
    public int most() {
        return all().map(graph::of).max().orElse(0);
    }

    /// How much more often a sample stands in one position than in the other, at most.
    public int uneven() {
        return all().map(graph::unevenness).max().orElse(0);
    }

    /// The largest parts, with some of their samples.
    public String largest() {
        List<ComparisonGraph.Part> shown = graph.largest(SHOWN_PARTS, SHOWN_IDS).stream()
                .filter(part -> part.size() > 1)
                .toList();
        int parts = parts();
        return shown.stream().map(this::words).collect(Collectors.joining("; "))
                + (parts > shown.size() ? "; and " + number(parts - shown.size()) + " more" : "");
    }

    private String words(ComparisonGraph.Part part) {
        return number(part.size()) + " samples ("
                + part.members().stream().map(samples::shown).collect(Collectors.joining(", "))
                + (part.size() > part.members().size() ? ", …" : "") + ")";
    }

    /// The first of those samples that have so many comparisons.
    public String few(IntStream which, int comparisons) {
        int[] some = which.filter(i -> graph.of(i) == comparisons)
                .limit(SHOWN_IDS + 1L)
                .toArray();
        return IntStream.of(some).limit(SHOWN_IDS).mapToObj(samples::shown).collect(Collectors.joining(", "))
                + (some.length > SHOWN_IDS ? ", …" : "");
    }

    /// On one line, such as `60 samples, per_sample k=10: 300 comparisons, connected, 10 each`.
    public String words(Pairing pairing) {
        int parts = parts();
        int uncompared = uncompared();
        int least = least();
        int most = most();
        return number(samples.size()) + " samples, " + pairing.words() + ": " + number(graph.comparisons())
                + (graph.comparisons() == 1 ? " comparison, " : " comparisons, ")
                + (parts == 1 ? "connected" : "in " + number(parts) + " parts that nothing connects")
                + (uncompared == 0 ? "" : ", " + number(uncompared) + " samples in no comparison") + ", "
                + (least == most ? number(least) : number(least) + " to " + number(most)) + " each";
    }

    /// A number as people write it.
    public static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
