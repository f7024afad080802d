package io.pairbatch.cli.fault;

/// The exit codes of every command.
public final class ExitStatus {
    public static final int DONE = 0;
    /// The job failed, was rejected or cancelled, or waits for a decision.
    public static final int JOB_FAILED = 1;
    public static final int USAGE = 2;
    /// The files of a finished job do not add up.
    public static final int RECOUNT = 3;
    /// No stack, or it does not answer.
    public static final int UNREACHABLE = 4;
    /// A fault of this command itself (BSD's `EX_SOFTWARE`).
    public static final int INTERNAL = 70;

    private ExitStatus() {}
}
