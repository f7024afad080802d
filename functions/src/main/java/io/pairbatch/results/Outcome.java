package io.pairbatch.results;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;

/// The outcome of an attempt at a pair.
public sealed interface Outcome {

    /// A valid winner.
    ///
    /// @param betterSample `SAMPLE_1` or `SAMPLE_2`
    /// @param betterId that sample's ID
    /// @param winnerPos 1 if that is `A_id`, else 2
    /// @param ambiguous whether the answer holds the tags of both samples
    record Observed(String betterSample, String betterId, int winnerPos, boolean ambiguous) implements Outcome {}

    /// No winner.
    ///
    /// @param detail `error_detail`
    record Failed(FailureCode code, String detail, FailureCause cause) implements Outcome {}
}
