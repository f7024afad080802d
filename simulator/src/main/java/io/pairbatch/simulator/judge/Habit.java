package io.pairbatch.simulator.judge;

/// How a bad judge decides, whatever the texts are worth.
public enum Habit {
    /// By chance, in each request anew.
    COIN,
    /// The text that it reads first.
    FIRST,
    /// The longer text; of two that are as long the first. Of unknown texts the first lines count.
    LONGEST
}
