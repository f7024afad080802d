package io.pairbatch.revive;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.revive.Continuation.Answer;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Budget;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Whether the limit of a job that is done has room for pairs that were never sent. Where it has none, sending them
/// again makes segments that are not sent either.
final class Room {

    private final JobItem job;
    private final Costs costs;
    private final List<SegmentItem> unsent;
    private final Budget budget;

    /// @param costs the job's, within the limit that is asked about
    /// @param all the segments of the job
    Room(JobItem job, Costs costs, JobSpec spec, List<SegmentItem> all) {
        this.job = job;
        this.costs = costs;
        this.unsent = all.stream()
                .filter(segment -> segment.state() == SegmentState.NOT_SUBMITTED)
                .toList();
        this.budget = Budget.of(spec, PriceTable.bundled(), all);
    }

    /// Those of some codes whose pairs were never sent, and have no room: not even the smallest batch of theirs has.
    Set<String> lackingFor(Collection<String> codes) {
        Set<String> lacking = new TreeSet<>();
        for (String code : codes) {
            if (FailureCode.isUnsent(code)
                    && job.failedCodes().contains(code)
                    && unsent.stream()
                            .filter(segment -> codeOf(segment).equals(code))
                            .noneMatch(segment -> costs.hasRoomFor(budget.of(segment)))) {
                lacking.add(code);
            }
        }
        return lacking;
    }

    private static String codeOf(SegmentItem segment) {
        String budget = FailureCode.BUDGET_REACHED.code();
        return budget.equals(segment.errorCode()) ? budget : FailureCode.NOT_SUBMITTED.code();
    }

    /// @param lacking the codes that have no room
    /// @param others whether other pairs were to be sent as well
    Answer.Refused refused(Set<String> lacking, boolean others) {
        String enough = NanoUsd.limit(enough(lacking));
        boolean raising = lacking.equals(Set.of(FailureCode.BUDGET_REACHED.code())) || job.cancelled();
        return new Answer.Refused(
                RefusalCode.JOB_COST_LIMIT,
                "max_cost_usd of " + NanoUsd.words(Objects.requireNonNull(costs.limit()))
                        + " leaves no room for the pairs with "
                        + String.join(" and ", lacking) + ": " + NanoUsd.words(costs.committed())
                        + " are spent or reserved.",
                "./pairbatch continue " + job.jobId() + " --max-cost " + enough
                        + (raising ? " sends them." : " makes room; then ask again.")
                        + (others ? " To send the others alone, name their codes alone." : ""));
    }

    /// A limit that is enough for these pairs, or more than enough.
    private long enough(Set<String> codes) {
        Long needed = costs.needed();
        if (needed != null && codes.equals(Set.of(FailureCode.BUDGET_REACHED.code()))) {
            return needed;
        }
        return costs.committed()
                + unsent.stream()
                        .filter(segment -> codes.contains(codeOf(segment)))
                        .mapToLong(segment -> budget.of(segment).nano())
                        .sum();
    }
}
