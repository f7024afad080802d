package io.pairbatch.cli.command;

import io.pairbatch.pairing.ComparisonGraph;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.SampleList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a table of pairs compares, in a few lines.
///
/// @param anchors empty where there are none
record PairsSummary(SampleList samples, ComparisonGraph graph, Order order, BitSet anchors) {

    private static final int SHOWN_PARTS = 4;
    private static final int SHOWN_IDS = 3;

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(number(samples.size()) + " samples, " + number(graph.comparisons())
                + (graph.comparisons() == 1 ? " comparison" : " comparisons"));
        if (anchors.isEmpty()) {
            lines.add("  per sample: " + counts(this::all));
        } else {
            lines.add("  per new sample: " + counts(() -> all().filter(i -> !anchors.get(i))));
            lines.add("  per anchor: " + counts(anchors::stream));
        }
        lines.add("  positions: " + positions());
        lines.add("  connected: " + connected());
        notes().forEach(note -> lines.add("note: " + note));
        return lines;
    }

    private IntStream all() {
        return IntStream.range(0, samples.size());
    }

    private String counts(Supplier<IntStream> which) {
        int least = which.get().map(graph::of).min().orElse(0);
        int most = which.get().map(graph::of).max().orElse(0);
        return least == most
                ? number(least) + " each"
                : number(least) + (least + 1 == most ? " or " : " to ") + number(most) + "; the fewest: "
                        + few(which.get(), least) + "; the most: " + few(which.get(), most);
    }

    private String positions() {
        int uneven = all().map(graph::unevenness).max().orElse(0);
        if (uneven <= 1) {
            return "each sample is first as often as second" + (uneven == 0 ? "" : ", give or take one");
        }
        int worst = all().filter(i -> graph.unevenness(i) == uneven).findFirst().orElse(0);
        return "uneven; the most: " + id(worst) + ", first in " + number(graph.first(worst)) + " of "
                + number(graph.of(worst))
                + (order == Order.AS_GIVEN ? "; --order random or alternate is more even" : "");
    }

    private String connected() {
        int parts = comparedParts();
        if (parts == 1) {
            return uncompared() == 0 ? "all samples" : "all that are compared";
        }
        List<ComparisonGraph.Part> shown = graph.largest(SHOWN_PARTS, SHOWN_IDS).stream()
                .filter(part -> part.size() > 1)
                .toList();
        return "no, there are " + number(parts) + " parts that no comparison connects: "
                + shown.stream().map(this::words).collect(Collectors.joining("; "))
                + (parts > shown.size() ? "; and " + number(parts - shown.size()) + " more" : "");
    }

    private String words(ComparisonGraph.Part part) {
        return number(part.size()) + " samples ("
                + part.members().stream().map(this::id).collect(Collectors.joining(", "))
                + (part.size() > part.members().size() ? ", …" : "") + ")";
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        int uncompared = uncompared();
        if (uncompared > 0) {
            notes.add(number(uncompared) + (uncompared == 1 ? " sample is" : " samples are") + " in no comparison: "
                    + few(all(), 0));
        }
        if (comparedParts() > 1) {
            notes.add("Samples of different parts cannot be ranked with one another.");
        }
        if (!notes.isEmpty()) {
            notes.add(
                    anchors.isEmpty()
                            ? "More pairs may help, or another --seed; --design per_sample connects all samples with few"
                                    + " comparisons."
                            : "That does no harm where the anchors have been compared with one another before; where not, a"
                                    + " larger --k helps.");
        }
        return notes;
    }

    private int uncompared() {
        return (int) all().filter(i -> graph.of(i) == 0).count();
    }

    private int comparedParts() {
        return graph.parts() - uncompared();
    }

    private String few(IntStream which, int comparisons) {
        int[] some = which.filter(i -> graph.of(i) == comparisons)
                .limit(SHOWN_IDS + 1L)
                .toArray();
        return IntStream.of(some).limit(SHOWN_IDS).mapToObj(this::id).collect(Collectors.joining(", "))
                + (some.length > SHOWN_IDS ? ", …" : "");
    }

    private String id(int sample) {
        return samples.shown(sample);
    }

    static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
