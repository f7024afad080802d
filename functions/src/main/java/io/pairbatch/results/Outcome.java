package io.pairbatch.results;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import org.jspecify.annotations.Nullable;

/// The outcome of an attempt at a pair.
public sealed interface Outcome {

    /// A valid verdict.
    ///
    /// @param betterSample `SAMPLE_1` or `SAMPLE_2`; `TIE` if neither text is better
    /// @param betterId that sample's ID; null of a tie
    /// @param winnerPos 1 if that is `A_id`, 2 if it is `B_id`, 0 of a tie
    /// @param ambiguous whether the answer holds the tags of both samples, or more than one label
    record Observed(String betterSample, @Nullable String betterId, int winnerPos, boolean ambiguous)
            implements Outcome {

        public boolean tie() {
            return betterId == null;
        }
    }

    /// No winner.
    ///
    /// @param detail `error_detail`
    record Failed(FailureCode code, String detail, FailureCause cause) implements Outcome {}
}
