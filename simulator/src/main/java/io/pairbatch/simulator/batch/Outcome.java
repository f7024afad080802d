package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Usage;
import java.nio.file.Path;

/// The result of a batch, before it is published.
///
/// @param output a draft with all lines, or with those that succeeded
/// @param errors a draft with the lines that did not succeed, if the API has a file for them
/// @param outputLines lines written, which may differ from the counts because of a fault
record Outcome(
        Path output,
        Path errors,
        long outputLines,
        long errorLines,
        long completed,
        long failed,
        long unreached,
        Usage usage) {

    /// Stores the counts with the batch.
    void note(Batch batch) {
        batch.note("completed", completed);
        batch.note("failed", failed);
        batch.note("unreached", unreached);
    }
}
