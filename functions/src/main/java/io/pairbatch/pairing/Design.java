package io.pairbatch.pairing;

/// Which samples are compared with which (contract 9.1).
public interface Design {

    /// The number of pairs.
    long pairs();

    /// A new cursor before the first pair. Every cursor of a design has the same pairs in the same order.
    PairCursor cursor();
}
