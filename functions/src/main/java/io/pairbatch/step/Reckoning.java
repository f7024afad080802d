package io.pairbatch.step;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Tallies;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/// Counts a job's money anew from its segments and files, before anything is sent: a registry that was lost, or that an
/// older version has written, has other sums than these, or none.
public final class Reckoning {

    private final SegmentRegistry segments;
    private final PriceTable prices;

    public Reckoning(SegmentRegistry segments, PriceTable prices) {
        this.segments = segments;
        this.prices = prices;
    }

    /// Writes the sums anew.
    ///
    /// @param job opened by this call, so that its limit is the one of its latest drop
    /// @throws RetryableException if something changed meanwhile
    public void restate(OpenJob job) throws IOException, FencedException {
        Costs seen = segments.jobs().require(job.fence()).costs();
        List<SegmentItem> all = segments.all(job.id());
        Budget budget = Budget.of(job.resolved().spec(), prices, all);
        if (budget.isPriced() && complete(job, budget, all)) {
            all = segments.all(job.id());
        }
        long preflightSpent = Math.max(seen.preflightSpent(), PreflightFile.spent(job.store()));
        long spent = preflightSpent;
        long reserved = seen.preflightReserved();
        long openEnded = 0;
        for (SegmentItem segment : all) {
            AnswerCost cost = segment.cost();
            spent += cost == null ? 0 : cost.nano();
            reserved += segment.held().nano();
            openEnded += segment.held().openEnded() ? 1 : 0;
        }
        for (Submission submission : segments.submissions(job.id())) {
            // Paid beside its segment's batch, and never collected.
            boolean late = submission.outcome() == SubmissionOutcome.LATE;
            reserved += late ? submission.bound().nano() : 0;
        }
        Costs now = new Costs(
                Budget.limit(job.resolved().spec()),
                spent + reserved,
                spent,
                openEnded,
                seen.needed(),
                seen.preflightReserved(),
                preflightSpent,
                seen.merged());
        boolean limitKnown = Objects.equals(seen.limit(), job.item().costs().limit());
        if (!limitKnown || !segments.jobs().restateCosts(job.fence(), seen, now)) {
            throw new RetryableException("the job's money changed while it was counted", null);
        }
    }

    /// Adds what an older version has not written down.
    ///
    /// @return whether anything was missing
    private boolean complete(OpenJob job, Budget budget, List<SegmentItem> all) throws IOException {
        boolean missing = false;
        for (SegmentItem segment : all) {
            boolean paying = segment.batchId() != null || segment.state() == SegmentState.SUBMITTING;
            if (segment.state().isFinal() && segment.cost() == null) {
                boolean told = job.store().size(JobFiles.tally(segment.index())) >= 0;
                AnswerCost cost = told ? cost(Tallies.read(job.store(), segment.index()), 0) : AnswerCost.NOTHING;
                segments.batches().recordCost(job.id(), segment, cost);
                missing = true;
            } else if (!segment.state().isFinal()
                    && paying
                    && segment.outcome() != SegmentState.NOT_SUBMITTED
                    && !job.resolved().spec().isOthers(segment.attempt())
                    && segment.held().nano() == 0) {
                segments.batches().recordHeld(job.id(), segment, budget.of(segment));
                missing = true;
            }
        }
        return missing;
    }

    /// What the answers of a segment cost. Where some were paid for whose tokens or price nobody knows, it is what was
    /// reserved at least.
    ///
    /// @param held what its create had reserved, in nano-USD
    public static AnswerCost cost(SegmentTally tally, long held) {
        long known = NanoUsd.of(tally.costUsd());
        boolean unknown = tally.unpricedAnswers() > 0 || tally.seen().unaccounted() > 0;
        return new AnswerCost(
                unknown ? Math.max(known, held) : known,
                tally.seen().tokensPerMegabyte(),
                NanoUsd.of(tally.seen().costliestUsd()));
    }
}
