package io.pairbatch.registry;

/// The progress of a job's preflight (attribute `preflight` of the JOB item). No mark means that none was made, or that
/// one was refused and may be made again.
public enum PreflightMark {
    /// The request may have been sent. It is never sent again; a later call that finds this mark changes it to
    /// UNDECIDED.
    STARTED,
    PASSED,
    /// There was no answer that decides anything; the job continues.
    UNDECIDED
}
