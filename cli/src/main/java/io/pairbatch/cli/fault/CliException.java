package io.pairbatch.cli.fault;

import org.jspecify.annotations.Nullable;

/// An error that the user can do something about: what is wrong, what to do, and the exit code.
public class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;
    private final String remedy;

    public CliException(int exitStatus, String message, String remedy) {
        this(exitStatus, message, remedy, null);
    }

    public CliException(int exitStatus, String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
        this.remedy = remedy;
    }

    /// A wrong argument: an option, or a file or a job that is not there. What a file says is [#refused].
    public static CliException usage(String message, String remedy) {
        return new CliException(ExitStatus.USAGE, message, remedy);
    }

    /// A file that was read, and says what cannot be taken.
    public static CliException refused(String message, String remedy) {
        return new CliException(ExitStatus.JOB_FAILED, message, remedy);
    }

    /// That nothing has to be done: no error, and the exit code says so.
    public static CliException nothingNew(String message, String more) {
        return new CliException(ExitStatus.DONE, "Nothing new: " + message, more);
    }

    /// One of [ExitStatus].
    public int exitStatus() {
        return exitStatus;
    }

    public String remedy() {
        return remedy;
    }
}
