package io.pairbatch.analysis;

import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Pairs;
import io.pairbatch.analysis.model.PositionEffects;
import io.pairbatch.analysis.model.Ranking;
import io.pairbatch.analysis.model.Reliability;
import io.pairbatch.analysis.trust.Agreement;
import io.pairbatch.analysis.trust.Misfit;
import io.pairbatch.analysis.trust.Triads;
import java.util.List;
import java.util.stream.IntStream;

/// All that is said of judgements. The same judgements and seed give the same figures.
///
/// @param pairs how many unordered pairs were judged
/// @param seed of everything that is drawn
public record Analysis(
        Judgements judgements,
        int pairs,
        Ranking ranking,
        PositionEffects position,
        List<Agreement> agreement,
        Triads triads,
        Misfit misfit,
        Reliability reliability,
        long seed) {

    /// Analyses judgements.
    public static Analysis of(Judgements judgements, long seed) {
        Pairs pairs = Pairs.of(judgements);
        Ranking ranking = Ranking.of(pairs);
        int items = judgements.items().size();
        List<Pairs> judges = IntStream.range(0, judgements.judges().size())
                .mapToObj(judge -> Pairs.of(items, judgements.of(judge)))
                .toList();
        return new Analysis(
                judgements,
                pairs.size(),
                ranking,
                PositionEffects.of(judgements, pairs),
                Agreement.of(judgements, Ranking.LEVEL, seed),
                Triads.of(pairs),
                Misfit.of(judgements, ranking),
                Reliability.of(pairs, judges, seed),
                seed);
    }
}
