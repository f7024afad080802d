package io.pairbatch.registry;

/// What the answers of a collected segment cost, and what they tell of the requests that follow.
///
/// @param nano in nano-USD
/// @param tokensPerMegabyte the most input tokens that a million bytes of a prompt came to; 0 where no answer tells
/// @param costliest the most that one answer cost, in nano-USD; 0 likewise
public record AnswerCost(long nano, long tokensPerMegabyte, long costliest) {

    /// Nothing was paid, and nothing is known.
    public static final AnswerCost NOTHING = new AnswerCost(0, 0, 0);
}
