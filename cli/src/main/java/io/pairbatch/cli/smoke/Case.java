package io.pairbatch.cli.smoke;

import java.io.IOException;
import java.util.Optional;

/// One thing that a smoke test shows of a stack. All cases begin before any is checked, so that their batches run side
/// by side. What goes wrong is a [io.pairbatch.cli.fault.CliException], which says what to look at; what could not be
/// tried a [SkippedException].
interface Case {

    /// What `--only` calls it.
    String name();

    /// What it does and shows, for whoever is asked to agree.
    String shows();

    /// Why it cannot be tried here at all.
    default Optional<String> hindrance(Bench bench) {
        return Optional.empty();
    }

    /// Whether it changes how long functions may take, for a moment.
    default boolean lowersTimeouts() {
        return false;
    }

    /// Writes its files; nothing is dropped yet.
    SmokeJob prepare(Bench bench) throws IOException;

    /// Starts its job, or finds the one that an earlier test with the same number has started.
    default void begin(SmokeJob job) throws IOException, InterruptedException {
        job.drop();
    }

    /// Waits for the job and checks what came of it.
    ///
    /// @return what was found, in a few words
    String check(SmokeJob job) throws IOException, InterruptedException;
}
