package io.pairbatch.cli.fault;

/// A call that failed for a temporary reason and is worth retrying.
public final class OutageException extends CliException {

    private static final long serialVersionUID = 1L;

    public OutageException(String message, String remedy, Throwable cause) {
        super(ExitStatus.UNREACHABLE, message, remedy, cause);
    }
}
