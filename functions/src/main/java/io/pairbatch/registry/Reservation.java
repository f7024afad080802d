package io.pairbatch.registry;

/// What a create holds of its job's money until the batch has been paid for.
///
/// @param nano the most that it can cost, in nano-USD
/// @param openEnded whether it can cost more than that: no limit is known for its answers
public record Reservation(long nano, boolean openEnded) {

    /// Of a model without a price.
    public static final Reservation NONE = new Reservation(0, false);
}
