package io.pairbatch.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesignsTest {

    @Test
    void allPairsGoRowByRow() {
        assertThat(pairs(new AllPairs(4))).containsExactly("0-1", "0-2", "0-3", "1-2", "1-3", "2-3");
    }

    @Test
    void aPairIsFoundByItsPlace() {
        for (int n = 2; n < 60; n++) {
            AllPairs all = new AllPairs(n);
            PairCursor pairs = all.cursor();
            for (long index = 0; pairs.next(); index++) {
                int first = all.first(index);
                assertThat(List.of(first, all.second(index, first))).isEqualTo(List.of(pairs.first(), pairs.second()));
            }
        }
    }

    /// Where a double cannot hold the square.
    @ParameterizedTest
    @CsvSource({"100000", "1000000", "50000000", "500000000"})
    void aPairIsFoundByItsPlaceAmongVeryMany(int n) {
        AllPairs all = new AllPairs(n);
        for (int first : new int[] {0, 1, n / 3, n / 2, n - 3, n - 2}) {
            long start = (long) first * (2L * n - first - 1) / 2;
            for (long index : new long[] {start, start + n - first - 2}) {
                assertThat(all.first(index)).isEqualTo(first);
                assertThat(all.second(index, first)).isEqualTo(index == start ? first + 1 : n - 1);
            }
        }
    }

    @Test
    void bothOrdersFollowEachOther() {
        PairCursor pairs = Order.BOTH.of(new AllPairs(3), 1);
        assertThat(pairs(pairs)).containsExactly("0-1", "1-0", "0-2", "2-0", "1-2", "2-1");
        assertThat(Order.BOTH.comparisons(3)).isEqualTo(6);
    }

    @Test
    void aShareOfAllPairsIsRoundedDownAndADrawOfAllKeepsTheirOrder() {
        assertThat(new RandomPairs(12, new BigDecimal("7"), null, 1).pairs()).isEqualTo(4);
        assertThat(new RandomPairs(12, new BigDecimal("7"), 3L, 1).pairs()).isEqualTo(3);
        assertThat(pairs(new RandomPairs(4, new BigDecimal("250"), 99L, 1))).isEqualTo(pairs(new AllPairs(4)));
        assertThatThrownBy(() -> new RandomPairs(4, new BigDecimal("10"), null, 1))
                .hasMessage(
                        "found no pair to draw of the 6 that there are; expected a share or a number that gives one");
    }

    @Test
    void ofVeryManyPairsEachIsDrawnOnce() {
        assertThat(pairs(new RandomPairs(5_000, null, 40_000L, 3)))
                .hasSize(40_000)
                .doesNotHaveDuplicates();
    }

    /// Each sample has its comparisons, one has one more where that cannot be otherwise; no pair stands twice; each is
    /// first as often as second, or once more; everything is connected.
    @Test
    void perSampleIsBalancedAndConnected() {
        for (int n = 2; n <= 26; n++) {
            for (int k = n > 3 ? 2 : 1; k < n; k++) {
                for (int seed = 0; seed < 12; seed++) {
                    checkPerSample(n, k, seed);
                }
            }
        }
        for (int[] large : new int[][] {{997, 3}, {1_000, 7}, {4_096, 2}, {20_001, 5}, {20_000, 10}}) {
            checkPerSample(large[0], large[1], 4711);
        }
    }

    private static void checkPerSample(int n, int k, int seed) {
        String what = n + " samples, " + k + " each, seed " + seed;
        PerSample design = new PerSample(n, k, seed);
        ComparisonGraph graph = graph(design, n, what);
        int more = 0;
        for (int i = 0; i < n; i++) {
            assertThat(graph.of(i)).as(what).isBetween(k, k + 1);
            assertThat(graph.unevenness(i)).as(what).isLessThanOrEqualTo(1);
            more += graph.of(i) - k;
        }
        assertThat(more).as(what).isEqualTo(n * k % 2);
        assertThat(graph.parts()).as(what).isEqualTo(1);
    }

    @Test
    void theSeedDecidesPerSampleAndNothingElse() {
        assertThat(pairs(new PerSample(30, 5, 7))).isEqualTo(pairs(new PerSample(30, 5, 7)));
        Set<List<String>> different = new HashSet<>();
        IntStream.range(0, 20).forEach(seed -> different.add(pairs(new PerSample(30, 5, seed))));
        assertThat(different).hasSize(20);
        // Not only the samples' places are drawn: how many triangles there are differs.
        Set<Long> triangles = new HashSet<>();
        IntStream.range(0, 20).forEach(seed -> triangles.add(triangles(pairs(new PerSample(30, 6, seed)), 30)));
        assertThat(triangles).hasSizeGreaterThan(2);
    }

    private static long triangles(List<String> pairs, int n) {
        boolean[][] joined = new boolean[n][n];
        for (String pair : pairs) {
            String[] ends = pair.split("-", -1);
            joined[Integer.parseInt(ends[0])][Integer.parseInt(ends[1])] = true;
            joined[Integer.parseInt(ends[1])][Integer.parseInt(ends[0])] = true;
        }
        long found = 0;
        for (int a = 0; a < n; a++) {
            for (int b = a + 1; b < n; b++) {
                for (int c = b + 1; c < n; c++) {
                    found += joined[a][b] && joined[b][c] && joined[a][c] ? 1 : 0;
                }
            }
        }
        return found;
    }

    @Test
    void perSampleRefusesWhatCannotBe() {
        assertThatThrownBy(() -> new PerSample(1, 1, 1)).hasMessageStartingWith("found 1 sample; expected at least 2");
        assertThatThrownBy(() -> new PerSample(6, 6, 1)).hasMessageContaining("expected 1 to 5");
        assertThatThrownBy(() -> new PerSample(6, 0, 1)).hasMessageContaining("expected 1 to 5");
        assertThatThrownBy(() -> new PerSample(6, 1, 1)).hasMessageContaining("that nothing connects");
    }

    /// Each new sample meets as many different anchors; anchors differ by one use at most; all are balanced over both
    /// positions; everything is connected as soon as there are as many comparisons as that needs.
    @Test
    void linkedIsBalancedAndConnectedWhereItCanBe() {
        for (int anchors = 1; anchors <= 13; anchors++) {
            for (int k = 1; k <= anchors; k++) {
                for (int fresh = 1; fresh <= 30; fresh++) {
                    for (int seed = 0; seed < 4; seed++) {
                        checkLinked(fresh, anchors, k, seed);
                    }
                }
            }
        }
        checkLinked(10_000, 37, 5, 1);
        checkLinked(501, 500, 2, 1);
        checkLinked(499, 500, 2, 1);
    }

    private static void checkLinked(int fresh, int anchors, int k, int seed) {
        String what = fresh + " new samples, " + anchors + " anchors, " + k + " each, seed " + seed;
        int[] olds = IntStream.range(0, anchors).toArray();
        int[] news = IntStream.range(anchors, anchors + fresh).toArray();
        ComparisonGraph graph = graph(new Linked(news, olds, k, seed), anchors + fresh, what);
        for (int i = 0; i < anchors + fresh; i++) {
            assertThat(graph.unevenness(i)).as(what).isLessThanOrEqualTo(1);
        }
        for (int one : news) {
            assertThat(graph.of(one)).as(what).isEqualTo(k);
        }
        int least = IntStream.of(olds).map(graph::of).min().orElseThrow();
        int most = IntStream.of(olds).map(graph::of).max().orElseThrow();
        assertThat(most - least).as(what).isLessThanOrEqualTo(1);
        // A tree over all of them has one edge less than they are.
        if (fresh * k >= anchors + fresh - 1) {
            assertThat(graph.parts()).as(what).isEqualTo(1);
        }
    }

    @Test
    void linkedComparesNoTwoAnchorsAndNoTwoNewSamples() {
        PairCursor pairs = new Linked(new int[] {3, 4, 5, 6, 7}, new int[] {0, 1, 2}, 2, 9).cursor();
        while (pairs.next()) {
            assertThat(pairs.first() < 3).isNotEqualTo(pairs.second() < 3);
        }
    }

    @Test
    void linkedRefusesWhatCannotBe() {
        int[] none = {};
        int[] one = {0};
        int[] two = {1, 2};
        assertThatThrownBy(() -> new Linked(two, none, 1, 1)).hasMessage("found no anchor; expected at least 1");
        assertThatThrownBy(() -> new Linked(none, two, 1, 1)).hasMessageContaining("no sample that is not an anchor");
        assertThatThrownBy(() -> new Linked(one, two, 3, 1)).hasMessageContaining("expected 1 to 2");
    }

    @Test
    void theLargestPartsAreShown() {
        ComparisonGraph graph = new ComparisonGraph(9);
        graph.add(7, 8);
        graph.add(2, 3);
        graph.add(3, 4);
        assertThat(graph.parts()).isEqualTo(6);
        assertThat(graph.largest(3, 2))
                .containsExactly(
                        new ComparisonGraph.Part(3, List.of(2, 3)),
                        new ComparisonGraph.Part(2, List.of(7, 8)),
                        new ComparisonGraph.Part(1, List.of(0)));
        assertThat(graph.first(3)).isEqualTo(1);
        assertThat(graph.comparisons()).isEqualTo(3);
    }

    /// Also checks that no pair stands twice, and that there are as many as the design says.
    private static ComparisonGraph graph(Design design, int samples, String what) {
        ComparisonGraph graph = new ComparisonGraph(samples);
        Set<Long> seen = new HashSet<>();
        PairCursor pairs = design.cursor();
        while (pairs.next()) {
            graph.add(pairs.first(), pairs.second());
            long low = Math.min(pairs.first(), pairs.second());
            long high = Math.max(pairs.first(), pairs.second());
            assertThat(low).as(what).isLessThan(high);
            assertThat(seen.add(low << 32 | high)).as(what).isTrue();
        }
        assertThat(graph.comparisons()).as(what).isEqualTo(design.pairs());
        return graph;
    }

    private static List<String> pairs(Design design) {
        return pairs(design.cursor());
    }

    private static List<String> pairs(PairCursor pairs) {
        List<String> all = new ArrayList<>();
        while (pairs.next()) {
            all.add(pairs.first() + "-" + pairs.second());
        }
        return all;
    }
}
