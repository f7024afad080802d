package io.pairbatch.cli.smoke;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.util.Locale;

/// What came of a case.
///
/// @param reason what was found, or why it failed or was not tried
/// @param look what to look at or to do; empty if nothing
/// @param status the exit code that it asks for
record Outcome(String name, Kind kind, String reason, String look, int status) {

    /// How it ended.
    enum Kind {
        PASSED,
        FAILED,
        /// It could not be tried.
        SKIPPED,
        /// Its job is under way.
        WAITING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Outcome passed(String name, String found) {
        return new Outcome(name, Kind.PASSED, found, "", ExitStatus.DONE);
    }

    static Outcome of(String name, CliException e) {
        Kind kind = switch (e) {
            case SkippedException skipped -> Kind.SKIPPED;
            case OpenException open -> Kind.WAITING;
            default -> Kind.FAILED;
        };
        // Whatever went wrong with a case, the command itself has done what it was to do.
        int status =
                kind == Kind.FAILED && e.exitStatus() != ExitStatus.RECOUNT ? ExitStatus.JOB_FAILED : e.exitStatus();
        return new Outcome(name, kind, String.valueOf(e.getMessage()), e.remedy(), status);
    }
}
