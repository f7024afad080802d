package io.pairbatch.cli.smoke;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;

/// A case's job is still under way when nobody waits any longer.
final class OpenException extends CliException {

    private static final long serialVersionUID = 1L;

    OpenException(String what, String remedy) {
        super(ExitStatus.JOB_FAILED, what, remedy);
    }
}
