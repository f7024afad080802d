package io.pairbatch.analysis.trust;

import io.pairbatch.analysis.counts.Cells;
import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Ranking;
import java.util.Arrays;

/// How well judgements fit the model, by item and by judge: mean squares of residuals, 1 where they scatter as the
/// model says. `infit` weighs by information, `outfit` does not, so that single surprising judgements show in it.
/// NaN where judgements are preferences, or there are none.
///
/// @param itemInfit by the item's number, likewise the others
@SuppressWarnings("ArrayRecordComponent") // never written to again
public record Misfit(double[] itemInfit, double[] itemOutfit, double[] judgeInfit, double[] judgeOutfit) {

    public static Misfit of(Judgements judgements, Ranking ranking) {
        int items = judgements.items().size();
        int judges = judgements.judges().size();
        double[] ability = new double[items];
        ranking.places().forEach(place -> ability[place.item()] = place.reduced());
        Sums ofItems = new Sums(items);
        Sums ofJudges = new Sums(judges);
        for (int judge = 0; judge < judges && !judgements.fractional(); judge++) {
            Cells cells = judgements.of(judge);
            for (int cell = 0; cell < cells.size(); cell++) {
                int first = cells.first(cell);
                int second = cells.second(cell);
                double p = 1 / (1 + Math.exp(ability[second] - ability[first]));
                double variance = p * (1 - p);
                double squares = cells.firstWins(cell) * (1 - p) * (1 - p)
                        + cells.secondWins(cell) * p * p
                        + cells.ties(cell) * (0.5 - p) * (0.5 - p);
                ofItems.add(first, squares, variance, cells.count(cell));
                ofItems.add(second, squares, variance, cells.count(cell));
                ofJudges.add(judge, squares, variance, cells.count(cell));
            }
        }
        return new Misfit(ofItems.infit(), ofItems.outfit(), ofJudges.infit(), ofJudges.outfit());
    }

    private static final class Sums {

        private final double[] squares;
        private final double[] variances;
        private final double[] standardised;
        private final double[] counts;

        Sums(int n) {
            squares = new double[n];
            variances = new double[n];
            standardised = new double[n];
            counts = new double[n];
        }

        void add(int at, double more, double variance, int count) {
            squares[at] += more;
            variances[at] += count * variance;
            standardised[at] += more / variance;
            counts[at] += count;
        }

        double[] infit() {
            double[] result = new double[squares.length];
            Arrays.setAll(result, i -> squares[i] / variances[i]);
            return result;
        }

        double[] outfit() {
            double[] result = new double[squares.length];
            Arrays.setAll(result, i -> standardised[i] / counts[i]);
            return result;
        }
    }
}
