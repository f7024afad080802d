package io.pairbatch.collect;

/// What the provider's files hold according to its counts.
///
/// @param lines requests that ended, with success or an error: each has a line
/// @param answers requests that were answered and therefore paid for
record Counted(long lines, long answers) {

    /// There are no counts: whatever the files hold is complete.
    static final Counted NOTHING = new Counted(0, 0);
}
