package io.pairbatch.analysis.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Pairs;
import io.pairbatch.analysis.model.PositionEffects;
import io.pairbatch.analysis.model.Ranking;
import io.pairbatch.analysis.model.Reliability;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {

    private final Judgements judgements = new Judgements();

    private void judged(String judge, String first, String second, int winner) {
        judgements.add(judge, first, second, winner, winner == 0 ? 0.5 : 2 - winner);
    }

    /// R: `binom.test(k, n)$p.value`.
    @ParameterizedTest
    @CsvSource({"0, 5, 0.0625", "3, 10, 0.34375", "5, 10, 1", "8, 11, 0.2265625", "60, 100, 0.05688793364098078"})
    void theSignTestIsExact(long successes, long trials, double p) {
        assertThat(Chance.fairCoin(successes, trials)).isCloseTo(p, within(1e-12));
        assertThat(Chance.fairCoin(trials - successes, trials)).isCloseTo(p, within(1e-12));
    }

    @Test
    void quantilesAreThoseOfR() {
        assertThat(Chance.quantile(new double[] {1, 2, 4, 8}, 0.4)).isCloseTo(2.4, within(1e-12));
        assertThat(Chance.quantile(new double[] {3}, 0.9)).isEqualTo(3);
    }

    @Test
    void pairsInBothOrdersAreConsistentOrFavourAPosition() {
        judged("m", "a", "b", 1);
        judged("m", "b", "a", 2);
        judged("m", "c", "a", 1);
        judged("m", "a", "c", 1);
        judged("m", "b", "c", 2);
        judged("m", "c", "b", 2);
        // A majority of three, and a tie, which has no winner.
        judged("m", "d", "a", 1);
        judged("m", "d", "a", 1);
        judged("m", "d", "a", 2);
        judged("m", "a", "d", 1);
        judged("m", "e", "a", 1);
        judged("m", "e", "a", 2);
        judged("m", "a", "e", 2);
        judged("m", "x", "y", 1);
        List<Consistency.Detail> details = Consistency.details(judgements, 0);
        assertThat(details).extracting(Consistency.Detail::key).containsExactly("a||b", "a||c", "a||d", "b||c");
        assertThat(details).extracting(Consistency.Detail::consistent).containsExactly(true, false, false, false);
        assertThat(details.get(2).main().firstVotes()).isEqualTo(2);
        Consistency.Summary summary = Objects.requireNonNull(Consistency.summary(details, 0.95, 1));
        assertThat(summary.pairs()).isEqualTo(4);
        assertThat(summary.consistent()).isEqualTo(0.25);
        assertThat(summary.inconsistent()).isEqualTo(3);
        assertThat(summary.favourFirst()).isEqualTo(2);
        assertThat(summary.favourSecond()).isEqualTo(1);
        assertThat(summary.signTest()).isEqualTo(1);
        assertThat(summary.firstWins()).isEqualTo(5);
        assertThat(summary.comparisons()).isEqualTo(8);
        assertThat(summary.bootLow()).isBetween(0.0, 0.25);
        assertThat(summary.bootHigh()).isBetween(0.5, 1.0);
        assertThat(Consistency.summary(List.of(), 0.95, 1)).isNull();
    }

    /// Python: `krippendorff.alpha` of the 2 × 6 votes, `sklearn.metrics.cohen_kappa_score`.
    @Test
    void agreementOfTwoJudgesIsThatOfTheTextbooks() {
        int[] one = {1, 1, 2, 1, 2, 2};
        int[] other = {1, 2, 2, 1, 2, 1};
        for (int k = 0; k < one.length; k++) {
            judged("m", "a" + k, "b" + k, one[k]);
            judged("n", "a" + k, "b" + k, other[k]);
        }
        judged("m", "c", "d", 1);
        List<Agreement> rows = Agreement.of(judgements, 0.95, 1);
        assertThat(rows)
                .extracting(Agreement::kind)
                .containsExactly("repeats", "orders", "repeats", "orders", "judges");
        assertThat(rows.get(0).status()).isEqualTo("not scoreable: no pair was judged twice in the same order");
        assertThat(rows.get(0).raw()).isNaN();
        Agreement judges = rows.getLast();
        assertThat(judges.units()).isEqualTo(6);
        assertThat(judges.raw()).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(judges.kappa()).isCloseTo(1 / 3.0, within(1e-12));
        // 1 − (12 − 1) · 2 / (6 · 6)
        assertThat(judges.alpha()).isCloseTo(1 - 11 * 2 / 36.0, within(1e-12));
        assertThat(judges.low()).isLessThan(judges.alpha());
        assertThat(judges.high()).isGreaterThan(judges.alpha()).isLessThanOrEqualTo(1);
        assertThat(Agreement.of(judgements, 0.95, 1)).isEqualTo(rows);
    }

    @Test
    void judgementsThatAreAllTheSameHaveNoAlpha() {
        judged("m", "a", "b", 1);
        judged("m", "a", "b", 1);
        Agreement repeats = Agreement.of(judgements, 0.95, 1).getFirst();
        assertThat(repeats.raw()).isEqualTo(1);
        assertThat(repeats.alpha()).isNaN();
        assertThat(repeats.status()).startsWith("not scoreable beyond raw");
    }

    @Test
    void aPanelCountsEachPairOnce() {
        for (String judge : List.of("m", "n", "o")) {
            judged(judge, "a", "b", 1);
            judged(judge, "c", "d", judge.equals("o") ? 2 : 1);
        }
        judged("n", "e", "f", 1);
        judged("o", "e", "f", 2);
        Agreement panel = Agreement.of(judgements, 0.95, 1).getLast();
        assertThat(panel.kind()).isEqualTo("panel");
        assertThat(panel.units()).isEqualTo(3);
        assertThat(panel.raw()).isCloseTo((1 + 1 / 3.0 + 0) / 3, within(1e-12));
    }

    @Test
    void circlesOfThreeAreCounted() {
        judged("m", "a", "b", 1);
        judged("m", "b", "c", 1);
        judged("m", "c", "a", 1);
        judged("m", "a", "d", 1);
        judged("m", "b", "d", 1);
        judged("m", "c", "d", 0);
        Triads triads = Triads.of(Pairs.of(judgements));
        assertThat(triads.circular()).isEqualTo(1);
        assertThat(triads.triads()).isEqualTo(2);
    }

    @Test
    void anEffectOfPositionIsFoundAndOneThatTheDesignHidesIsNamed() {
        Random random = new Random(4);
        for (int k = 0; k < 4000; k++) {
            int i = random.nextInt(20);
            int j = (i + 1 + random.nextInt(19)) % 20;
            judged("m", "" + i, "" + j, random.nextDouble() < 1 / (1 + Math.exp(0.1 * (j - i) - 0.5)) ? 1 : 2);
        }
        // Each item stands on one side only: a better side and better items are the same.
        judged("n", "0", "19", 1);
        PositionEffects.Effect effect = effects().getFirst();
        assertThat(effect.effect()).isCloseTo(0.5, within(4 * effect.error()));
        assertThat(effect.error()).isCloseTo(effect.clusteredError(), within(0.3 * effect.error()));
        assertThat(effect.chance()).isBetween(0.58, 0.66);

        Judgements hidden = new Judgements();
        hidden.add("m", "a", "b", 1, 1);
        hidden.add("m", "c", "b", 2, 0);
        hidden.add("m", "c", "d", 1, 1);
        assertThat(PositionEffects.of(hidden, Pairs.of(hidden))
                        .effects()
                        .getFirst()
                        .status())
                .isEqualTo("not scoreable: the design does not tell position from quality");
    }

    private List<PositionEffects.Effect> effects() {
        return PositionEffects.of(judgements, Pairs.of(judgements)).effects();
    }

    @Test
    void coinsDoNotPassForAJudge() {
        Random random = new Random(8);
        int above = 0;
        for (int job = 0; job < 60; job++) {
            Judgements coins = new Judgements();
            for (int k = 0; k < 100; k++) {
                int i = random.nextInt(20);
                int j = (i + 1 + random.nextInt(19)) % 20;
                boolean first = random.nextBoolean();
                coins.add("m", "" + i, "" + j, first ? 1 : 2, first ? 1 : 0);
            }
            Pairs pairs = Pairs.of(coins);
            Reliability reliability = Reliability.of(pairs, List.of(pairs), job);
            above += reliability.separation() > reliability.limit() ? 1 : 0;
        }
        // Of 60, about 3; more than 10 in one of ten thousand.
        assertThat(above).isLessThan(11);
    }

    @Test
    void reliabilityOfTwoItemsIsNotScoreable() {
        judged("m", "a", "b", 1);
        Pairs pairs = Pairs.of(judgements);
        assertThat(Reliability.of(pairs, List.of(pairs), 1).status()).startsWith("not scoreable");
    }

    @Test
    void misfitIsOneWhereJudgementsScatterAsTheModelSays() {
        Random random = new Random(5);
        for (int k = 0; k < 6000; k++) {
            int i = random.nextInt(10);
            int j = (i + 1 + random.nextInt(9)) % 10;
            judged("m", "" + i, "" + j, random.nextDouble() < 1 / (1 + Math.exp(0.2 * (j - i))) ? 1 : 2);
        }
        judged("wild", "0", "9", 1);
        Misfit misfit = Misfit.of(judgements, Ranking.of(Pairs.of(judgements)));
        for (double infit : misfit.itemInfit()) {
            assertThat(infit).isCloseTo(1, within(0.15));
        }
        assertThat(misfit.judgeInfit()[0]).isCloseTo(1, within(0.05));
        assertThat(misfit.judgeOutfit()[1]).isGreaterThan(3);
    }
}
