package io.pairbatch.chaos.provider;

/// Says what goes wrong; asked once with each request.
@FunctionalInterface
public interface Faults {

    /// All goes well.
    Faults NONE = call -> Fault.NONE;

    Fault next(Call call);
}
