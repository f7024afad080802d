package io.pairbatch.cli.command;

import static io.pairbatch.pairing.Coverage.number;

import io.pairbatch.pairing.ComparisonGraph;
import io.pairbatch.pairing.Coverage;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.SampleList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What a table of pairs compares, in a few lines.
///
/// @param anchors empty where there are none
record PairsSummary(Coverage coverage, Order order, BitSet anchors) {

    private SampleList samples() {
        return coverage.samples();
    }

    private ComparisonGraph graph() {
        return coverage.graph();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(number(samples().size()) + " samples, " + number(graph().comparisons())
                + (graph().comparisons() == 1 ? " comparison" : " comparisons"));
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
        return coverage.all();
    }

    private String counts(Supplier<IntStream> which) {
        int least = which.get().map(graph()::of).min().orElse(0);
        int most = which.get().map(graph()::of).max().orElse(0);
        return least == most
                ? number(least) + " each"
                : number(least) + (least + 1 == most ? " or " : " to ") + number(most) + "; the fewest: "
                        + coverage.few(which.get(), least) + "; the most: " + coverage.few(which.get(), most);
    }

    private String positions() {
        int uneven = coverage.uneven();
        if (uneven <= 1) {
            return "each sample is first as often as second" + (uneven == 0 ? "" : ", give or take one");
        }
        int worst =
                all().filter(i -> graph().unevenness(i) == uneven).findFirst().orElse(0);
        return "uneven; the most: " + samples().shown(worst) + ", first in " + number(graph().first(worst)) + " of "
                + number(graph().of(worst))
                + (order == Order.AS_GIVEN ? "; --order random or alternate is more even" : "");
    }

    private String connected() {
        int parts = coverage.parts();
        if (parts == 1) {
            return coverage.uncompared() == 0 ? "all samples" : "all that are compared";
        }
        return "no, there are " + number(parts) + " parts that no comparison connects: " + coverage.largest();
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        int uncompared = coverage.uncompared();
        if (uncompared > 0) {
            notes.add(number(uncompared) + (uncompared == 1 ? " sample is" : " samples are") + " in no comparison: "
                    + coverage.few(all(), 0));
        }
        if (coverage.parts() > 1) {
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
}
