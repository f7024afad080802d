package io.pairbatch.cli.smoke;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;

/// A case could not be tried, so it shows nothing, neither good nor bad.
final class SkippedException extends CliException {

    private static final long serialVersionUID = 1L;

    SkippedException(String why, String remedy) {
        super(ExitStatus.DONE, why, remedy);
    }
}
