package io.pairbatch.chaos;

/// Decides what happens to each effect.
@FunctionalInterface
interface Fates {

    /// Nothing goes wrong.
    Fates KIND = (number, effect) -> Fate.PLAIN;

    /// The fate of the `number`-th effect.
    ///
    /// @param number from 1, in the order in which effects start
    Fate of(long number, Effect effect);
}
