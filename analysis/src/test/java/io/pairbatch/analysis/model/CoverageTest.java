package io.pairbatch.analysis.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.analysis.counts.Judgements;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Simulated jobs with planted abilities and a planted effect of position: how often intervals hold what was
/// planted.
@Tag("long")
class CoverageTest {

    private static final int JOBS = 1_000;
    private static final double EFFECT = 0.3;
    private static final double Z = 1.959963984540054;

    /// Of a job: the shares of abilities, ability differences and ranks that their intervals hold, and whether that
    /// of the effect of position does.
    private record Held(double byModel, double clustered, double differences, double ranks, double position) {}

    /// @param each comparisons of each item
    /// @param noise the standard deviation of what a judge thinks of a pair beside the abilities, in both orders
    ///     alike
    @ParameterizedTest
    @CsvSource({
        "20, 10, false, 0",
        "60, 10, false, 0",
        "60, 10, true, 0",
        "60, 10, true, 1",
        "60, 20, false, 1",
        "60, 20, true, 1"
    })
    void intervalsHoldWhatWasPlanted(int items, int each, boolean bothOrders, double noise) {
        Held[] jobs = IntStream.range(0, JOBS)
                .parallel()
                .mapToObj(job -> job(new Random(job), items, each, bothOrders, noise))
                .toArray(Held[]::new);
        double clustered =
                Arrays.stream(jobs).mapToDouble(Held::clustered).average().orElse(0);
        double differences =
                Arrays.stream(jobs).mapToDouble(Held::differences).average().orElse(0);
        double ranks = Arrays.stream(jobs).mapToDouble(Held::ranks).average().orElse(0);
        double position =
                Arrays.stream(jobs).mapToDouble(Held::position).average().orElse(0);
        System.out.printf(
                "%d items, %d each, both orders %b, noise %.0f: abilities %.3f (by the model's errors %.3f), differences"
                        + " %.3f, ranks %.3f, position %.3f%n",
                items,
                each,
                bothOrders,
                noise,
                clustered,
                Arrays.stream(jobs).mapToDouble(Held::byModel).average().orElse(0),
                differences,
                ranks,
                position);
        assertThat(clustered).isBetween(0.93, 0.97);
        assertThat(differences).isBetween(0.93, 0.97);
        assertThat(ranks).isGreaterThan(0.95);
        assertThat(position).isBetween(0.93, 0.98);
    }

    private static Held job(Random random, int items, int each, boolean bothOrders, double noise) {
        double[] ability = random.doubles(items, -1.7, 1.7).toArray();
        Judgements judgements = new Judgements();
        Set<Integer> seen = new HashSet<>();
        // Each item is compared, in a ring, so that all are connected.
        for (int k = 0; k < items * each / 2; k++) {
            int i = k < items ? k : random.nextInt(items);
            int j = k < items ? (k + 1) % items : (i + 1 + random.nextInt(items - 1)) % items;
            if (!seen.add(Math.min(i, j) * items + Math.max(i, j))) {
                continue;
            }
            boolean turned = random.nextBoolean();
            double own = noise * random.nextGaussian();
            judge(judgements, turned ? j : i, turned ? i : j, ability, turned ? -own : own, random);
            if (bothOrders) {
                judge(judgements, turned ? i : j, turned ? j : i, ability, turned ? own : -own, random);
            }
        }
        // What a judge thinks of single pairs brings the log-odds of all of them nearer to 0, by this much on average.
        double scale = 1 / Math.sqrt(1 + 0.346 * noise * noise);
        return held(judgements, Arrays.stream(ability).map(a -> a * scale).toArray(), EFFECT * scale);
    }

    private static void judge(
            Judgements judgements, int first, int second, double[] ability, double own, Random random) {
        boolean won = random.nextDouble() < Fit.chance(ability[first] - ability[second] + EFFECT + own);
        judgements.add("m", "" + first, "" + second, won ? 1 : 2, won ? 1 : 0);
    }

    private static Held held(Judgements judgements, double[] planted, double effect) {
        Pairs pairs = Pairs.of(judgements);
        Ranking ranking = Ranking.of(pairs);
        int n = planted.length;
        double mean = Arrays.stream(planted).average().orElse(0);
        double[] truth = judgements.items().stream()
                .mapToDouble(id -> planted[Integer.parseInt(id)] - mean)
                .toArray();
        int byModel = 0;
        int clustered = 0;
        int ranks = 0;
        for (Ranking.Place place : ranking.places()) {
            double off = Math.abs(place.reduced() - truth[place.item()]);
            byModel += off < Z * place.error() ? 1 : 0;
            clustered += off < Z * place.clusteredError() ? 1 : 0;
            long rank = 1
                    + Arrays.stream(truth).filter(t -> t > truth[place.item()]).count();
            ranks += rank >= place.rankLow() && rank <= place.rankHigh() ? 1 : 0;
        }
        Ranking.Component all = ranking.components().getFirst();
        int differences = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double off = all.abilities()[i] - all.abilities()[j] - truth[i] + truth[j];
                differences += Math.abs(off) < Z * all.uncertainty().ofDifference(i, j) ? 1 : 0;
            }
        }
        PositionEffects.Effect found =
                PositionEffects.of(judgements, pairs).effects().getFirst();
        return new Held(
                (double) byModel / n,
                (double) clustered / n,
                differences / (n * (n - 1) / 2.0),
                (double) ranks / n,
                Math.abs(found.effect() - effect) < Z * found.clusteredError() ? 1 : 0);
    }
}
