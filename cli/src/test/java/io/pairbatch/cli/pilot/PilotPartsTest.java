package io.pairbatch.cli.pilot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The rules of contract 9.6, piece by piece.
class PilotPartsTest {

    private static SizeCounts counts(long... sizes) {
        SizeCounts counts = new SizeCounts();
        Arrays.stream(sizes).forEach(counts::add);
        return counts;
    }

    private static SortedSet<Long> choose(TestStrategy strategy, int pairs, int seed, long... sizes)
            throws IOException {
        return strategy.choose(each -> Arrays.stream(sizes).forEach(each), counts(sizes), pairs, seed);
    }

    private static Observed pair(long bytes, long input, long output) {
        return new Observed(bytes, input, output, BigDecimal.ONE, BigDecimal.ONE);
    }

    @Test
    void quantilesAreThoseOfTypeSeven() {
        SizeCounts counts = counts(4, 1, 3, 2, 2);
        counts.remove(2);
        assertThat(counts.pairs()).isEqualTo(4);
        assertThat(counts.quantile(0)).isEqualTo(1);
        assertThat(counts.quantile(0.25)).isEqualTo(1.75);
        assertThat(counts.quantile(1)).isEqualTo(4);
        assertThat(counts.sum(size -> 10 * size)).isEqualTo(100);
    }

    /// `set.seed(123); sort(sample.int(10, 3))` gives 2 3 10.
    @Test
    void randomPairsAreThoseOfR() throws IOException {
        long[] sizes = LongStream.range(0, 10).toArray();
        assertThat(choose(TestStrategy.RANDOM, 3, 123, sizes)).containsExactly(1L, 2L, 9L);
        assertThat(choose(TestStrategy.FIRST, 3, 123, sizes)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void eachFifthGivesAsMany() throws IOException {
        long[] sizes = LongStream.range(0, 100).map(i -> (i * 37) % 100).toArray();
        SortedSet<Long> chosen = choose(TestStrategy.STRATIFIED_PROMPT_BYTES, 12, 7, sizes);
        long[] perFifth = new long[5];
        chosen.forEach(place -> perFifth[(int) (sizes[place.intValue()] / 20)]++);
        // The remainder goes to the first bins.
        assertThat(perFifth).containsExactly(3, 3, 2, 2, 2);
        assertThat(choose(TestStrategy.STRATIFIED_PROMPT_BYTES, 12, 8, sizes)).isNotEqualTo(chosen);
    }

    /// Four of five prompts have one size, so that there are fewer bins, and one of them has too few pairs.
    @Test
    void whatABinHasNotIsDrawnFromTheOthers() throws IOException {
        long[] sizes = new long[40];
        Arrays.fill(sizes, 10);
        sizes[39] = 30;
        assertThat(choose(TestStrategy.STRATIFIED_PROMPT_BYTES, 12, 1, sizes)).hasSize(12);
        long[] lumpy =
                LongStream.range(0, 40).map(i -> i < 20 ? 10 : i < 38 ? 20 : i).toArray();
        assertThat(choose(TestStrategy.STRATIFIED_PROMPT_BYTES, 39, 1, lumpy)).hasSize(39);
        assertThat(choose(TestStrategy.STRATIFIED_PROMPT_BYTES, 40, 1, lumpy)).hasSize(40);
    }

    /// As `lm(c(110, 205, 310) ~ c(400, 800, 1200))` in R.
    @Test
    void theLineIsThatOfLeastSquares() {
        Calibration line = Calibration.of(List.of(pair(400, 110, 0), pair(800, 205, 0), pair(1200, 310, 0)));
        assertThat(line.slope()).isCloseTo(0.25, within(1e-12));
        assertThat(line.intercept()).isCloseTo(25 / 3.0, within(1e-9));
        assertThat(line.r2()).isCloseTo(0.99916736, within(1e-8));
        assertThat(line.rmse()).isCloseTo(2.3570226, within(1e-6));
        assertThat(line.tokens(401)).isEqualTo(109);
        assertThat(new Calibration(-20, 0.25, null, 0, 2).tokens(40)).isZero();
        assertThat(new Calibration(0, 0.25, null, 0, 2).tokens(10)).isEqualTo(2);
    }

    @Test
    void withFewerThanTwoPairsThereIsARuleToo() {
        assertThat(Calibration.of(List.of())).isEqualTo(new Calibration(0, 0.25, null, 0, 0));
        assertThat(Calibration.of(List.of(pair(400, 120, 5)))).isEqualTo(new Calibration(0, 0.3, null, 0, 1));
        Calibration same = Calibration.of(List.of(pair(400, 100, 0), pair(400, 110, 0)));
        assertThat(same.at(900)).isEqualTo(105);
    }

    @Test
    void expectationAndBudgetAreOfTheRest() {
        List<Observed> seen = List.of(pair(400, 100, 10), pair(800, 200, 20), pair(1200, 300, 60));
        Forecast forecast = Forecast.of(seen, counts(404, 1000), 0.75);
        assertThat(forecast.input()).isEqualTo(101 + 250);
        assertThat(forecast.output()).isEqualTo(2 * 30.0);
        // Half-way between 20 and 60.
        assertThat(forecast.budget()).isEqualTo(2 * 40.0);
        assertThat(Forecast.of(List.of(), counts(404), 0.9).output()).isNull();
    }
}
