package io.pairbatch.collect;

/// What the provider's counts say that its files hold.
///
/// @param lines requests that ended, well or badly: each has a line
/// @param answers requests that were answered, and so were paid for
record Counted(long lines, long answers) {

    /// Nothing is counted: what the files hold is all.
    static final Counted NOTHING = new Counted(0, 0);
}
