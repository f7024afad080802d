package io.pairbatch.cli.smoke;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import java.util.Optional;

/// What jobs cost at most at the provider.
///
/// @param requests each of a pair, and one live request ahead of a job
/// @param nano in nano-USD
/// @param priced whether the price table knows the model
/// @param openEnded whether nothing limits an answer
record Cost(long requests, long nano, boolean priced, boolean openEnded) {

    static final Cost NOTHING = new Cost(0, 0, true, false);

    /// What a request's line holds beside the prompt.
    private static final long AROUND = 1_024;

    /// Of a job whose requests a simulator answers.
    static Cost simulated(long pairs) {
        return new Cost(pairs, 0, true, false);
    }

    /// Of a job that a provider answers, by one token a byte and the cap of the answers.
    static Cost of(Estimate estimate) {
        long pairs = estimate.comparisons();
        Optional<CostBounds> batch = CostBounds.ofBatches(PriceTable.bundled(), estimate.spec());
        Optional<CostBounds> live = CostBounds.ofLive(PriceTable.bundled(), estimate.spec());
        if (pairs == 0 || batch.isEmpty() || live.isEmpty()) {
            return new Cost(pairs + 1, 0, false, false);
        }
        CostBounds.Bound all = batch.get().of(estimate.promptBytes() + AROUND * pairs, pairs, CostBounds.Seen.NOTHING);
        CostBounds.Bound first = live.get().of(estimate.promptBytes() / pairs + AROUND, 1, CostBounds.Seen.NOTHING);
        return new Cost(pairs + 1, all.nano() + first.nano(), true, all.openEnded());
    }

    Cost plus(Cost more) {
        return new Cost(requests + more.requests, nano + more.nano, priced && more.priced, openEnded || more.openEnded);
    }

    /// For people.
    String words() {
        if (!priced) {
            return "unknown: the price table does not know the model";
        }
        return NanoUsd.words(nano) + (openEnded ? ", and what the answers cost: nothing limits their length" : "");
    }
}
