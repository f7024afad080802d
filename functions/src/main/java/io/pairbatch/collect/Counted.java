package io.pairbatch.collect;

/// What the provider's files hold according to its counts.
///
/// @param lines requests that ended, with success or an error: each has a line
/// @param answers requests that were answered and therefore paid for
/// @param partly whether the files hold what a batch has done that did not run to its end
record Counted(long lines, long answers, boolean partly) {

    Counted(long lines, long answers) {
        this(lines, answers, true);
    }

    /// There are no counts: whatever the files hold is complete.
    static final Counted NOTHING = new Counted(0, 0);
}
