package io.pairbatch.analysis.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pairbatch.analysis.counts.Judgements;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What follows without another program; `oracles` compares with R.
class RankingTest {

    private final Judgements judgements = new Judgements();

    private void won(String better, String worse, int times) {
        for (int k = 0; k < times; k++) {
            judgements.add("1", better, worse, 1, 1);
        }
    }

    private Ranking ranking() {
        return Ranking.of(Pairs.of(judgements));
    }

    private Ranking.Place place(String id) {
        int item = judgements.items().indexOf(id);
        return ranking().places().stream()
                .filter(place -> place.item() == item)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ofTwoItemsTheAbilitiesAreKnownInClosedForm() {
        won("a", "b", 3);
        won("b", "a", 1);
        assertThat(place("a").ability()).isCloseTo(Math.log(3) / 2, within(1e-11));
        assertThat(place("b").ability()).isCloseTo(-Math.log(3) / 2, within(1e-11));
        // Firth: half a win more for each.
        assertThat(place("a").reduced()).isCloseTo(Math.log(3.5 / 1.5) / 2, within(1e-11));
        // The information of 4 judgements with p = 0.75; the difference's variance is four times that of one of them.
        assertThat(place("a").abilityError()).isCloseTo(Math.sqrt(1 / (4 * 0.75 * 0.25)) / 2, within(1e-12));
    }

    @Test
    void separatedItemsHaveNoAbilityByMaximumLikelihoodAndAreNamed() {
        won("a", "b", 2);
        won("b", "a", 1);
        won("up", "a", 1);
        won("b", "down", 1);
        won("x", "y", 1);
        won("y", "x", 1);
        won("x", "a", 3);
        assertThat(place("up").flags()).containsExactly(Flag.NEVER_LOST);
        assertThat(place("down").flags()).containsExactly(Flag.NEVER_WON);
        // Two groups are equally large: nothing says which one the scale is of.
        assertThat(place("a").ability()).isNaN();
        assertThat(place("a").flags()).containsExactly(Flag.ONE_SIDED);
        won("b", "c", 1);
        won("c", "a", 1);
        assertThat(place("a").ability()).isFinite();
        assertThat(place("a").flags()).isEmpty();
        assertThat(place("up").ability()).isNaN();
        assertThat(place("x").flags()).containsExactly(Flag.ONE_SIDED);
        assertThat(ranking().places()).allMatch(place -> Double.isFinite(place.reduced()));
    }

    @Test
    void componentsAreRankedApart() {
        won("a", "b", 2);
        won("b", "c", 2);
        won("c", "a", 1);
        won("x", "y", 1);
        judgements.addWithoutWinner("alone", "too");
        Ranking ranking = ranking();
        assertThat(ranking.components()).extracting(Ranking.Component::size).containsExactly(3, 2, 1, 1);
        assertThat(place("x").component()).isEqualTo(2);
        assertThat(place("x").rank()).isEqualTo(1);
        assertThat(place("x").flags()).containsExactlyInAnyOrder(Flag.NOT_CONNECTED, Flag.NEVER_LOST);
        assertThat(place("x").reduced() + place("y").reduced()).isCloseTo(0, within(1e-12));
        assertThat(place("alone").error()).isNaN();
    }

    @Test
    void theOrderOfTheRowsChangesNothing() {
        Random random = new Random(3);
        List<int[]> rows = random.ints(200, 0, 12)
                .mapToObj(i -> new int[] {i, (i + 1 + random.nextInt(11)) % 12})
                .toList();
        rows.forEach(row -> won("" + row[0], "" + row[1], 1));
        Ranking first = ranking();
        Judgements reversed = new Judgements();
        rows.reversed().forEach(row -> reversed.add("1", "" + row[1], "" + row[0], 2, 0));
        Ranking second = Ranking.of(Pairs.of(reversed));
        for (int at = 0; at < 12; at++) {
            Ranking.Place one = first.places().get(at);
            Ranking.Place other = second.places().get(at);
            assertThat(reversed.items().get(other.item()))
                    .isEqualTo(judgements.items().get(one.item()));
            assertThat(other.reduced()).isCloseTo(one.reduced(), within(1e-9));
            assertThat(other.high()).isCloseTo(one.high(), within(1e-9));
        }
    }

    @Test
    void withoutTheMatrixTheFiguresAreAlmostTheSame() {
        Pairs pairs = simulated(400, 30, 5);
        Fit dense = Fit.biasReduced(pairs);
        Fit sparse = Fit.fast(pairs);
        double[] errors = dense.errors();
        Sandwich exact = Sandwich.of(pairs, dense);
        Sandwich near = Sandwich.of(pairs, sparse);
        assertThat(near.error()).isPositive().isLessThan(0.1);
        for (int i = 0; i < 400; i++) {
            assertThat(sparse.ability()[i]).isCloseTo(dense.ability()[i], within(0.02 * errors[i]));
            assertThat(sparse.errors()[i]).isCloseTo(errors[i], within(0.05 * errors[i]));
            assertThat(near.errors()[i]).isCloseTo(exact.errors()[i], within(0.1 * errors[i]));
        }
    }

    @Test
    void halvesHaveEachPairOnce() {
        Pairs pairs = simulated(20, 8, 1);
        Pairs[] halves = pairs.halves(new Random(1));
        assertThat(halves[0].size() + halves[1].size()).isEqualTo(pairs.size());
        assertThat(Math.abs(halves[0].size() - halves[1].size())).isLessThan(2);
        assertThat(IntStream.range(0, halves[0].size())
                                .mapToDouble(k -> halves[0].count()[k])
                                .sum()
                        + IntStream.range(0, halves[1].size())
                                .mapToDouble(k -> halves[1].count()[k])
                                .sum())
                .isEqualTo(IntStream.range(0, pairs.size())
                        .mapToDouble(k -> pairs.count()[k])
                        .sum());
    }

    private static Pairs simulated(int items, int each, int seed) {
        Random random = new Random(seed);
        Judgements some = new Judgements();
        for (int k = 0; k < items * each / 2; k++) {
            int i = random.nextInt(items);
            int j = (i + 1 + random.nextInt(items - 1)) % items;
            boolean first = random.nextDouble() < Fit.chance(3.0 * (i - j) / items);
            some.add("1", "" + i, "" + j, first ? 1 : 2, first ? 1 : 0);
        }
        return Pairs.of(some);
    }
}
