package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pairbatch.numbers.RRandom;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The numbers are R's (contract 9.1).
class SampledRowsTest {

    @Test
    void theGeneratorDrawsWhatRDraws() {
        RRandom random = new RRandom(123);
        assertThat(random.unif()).isCloseTo(0.287577520124614, within(1e-15));
        assertThat(random.unif()).isCloseTo(0.788305135443807, within(1e-15));
        assertThat(random.unif()).isCloseTo(0.40897692181169987, within(1e-15));
    }

    @Test
    void aSampleIsTheOneOfSampleInt() {
        assertThat(rows(10, 123, 0, 5)).containsExactly(2, 3, 6, 8, 10);
        assertThat(rows(10, 42, 0, 5)).containsExactly(1, 2, 5, 8, 10);
        assertThat(rows(100_000, 1, 0, 5)).containsExactly(11571, 24388, 43307, 59521, 69586);
    }

    @Test
    void aLargerLimitOnlyAddsRowsAndTheRestRemains() {
        List<Integer> first = rows(1_000, 7, 0, 25);
        List<Integer> second = rows(1_000, 7, 25, 400);
        List<Integer> rest = rows(1_000, 7, 400, 0);
        assertThat(first).hasSize(25);
        assertThat(second).hasSize(375).doesNotContainAnyElementsOf(first);
        assertThat(rest).hasSize(600).doesNotContainAnyElementsOf(first).doesNotContainAnyElementsOf(second);
        assertThat(rows(1_000, 7, 0, 400)).containsAll(first).containsAll(second);
    }

    @Test
    void aLimitAboveTheTableIsTheWholeTable() {
        assertThat(rows(5, 1, 0, 9)).containsExactly(1, 2, 3, 4, 5);
        assertThat(rows(5, 1, 5, 9)).isEmpty();
        assertThat(SampledRows.of(5, 1, 9, 0).count()).isZero();
    }

    @Test
    void withoutALimitEveryRowIsWanted() {
        assertThat(LongStream.range(0, 100).allMatch(SampledRows.all()::contains))
                .isTrue();
    }

    private static List<Integer> rows(int accepted, int seed, int from, int to) {
        SampledRows rows = SampledRows.of(accepted, seed, from, to);
        List<Integer> found = IntStream.range(0, accepted)
                .filter(rows::contains)
                .map(i -> i + 1)
                .boxed()
                .toList();
        assertThat(rows.count()).isEqualTo(found.size());
        return found;
    }
}
