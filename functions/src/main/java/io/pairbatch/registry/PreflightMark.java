package io.pairbatch.registry;

/// How far a job's preflight has come (attribute `preflight` of the JOB item). Without a mark none was made, or one
/// was refused and may be made again.
public enum PreflightMark {
    /// The request may have been sent. It is never sent again; whoever finds this mark left behind makes it UNDECIDED.
    STARTED,
    PASSED,
    /// There was no answer that decides anything; the job goes on.
    UNDECIDED
}
