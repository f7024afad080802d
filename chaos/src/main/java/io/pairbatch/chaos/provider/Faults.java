package io.pairbatch.chaos.provider;

/// Decides what goes wrong; called once for each request.
@FunctionalInterface
public interface Faults {

    /// Nothing goes wrong.
    Faults NONE = call -> Fault.NONE;

    Fault next(Call call);
}
