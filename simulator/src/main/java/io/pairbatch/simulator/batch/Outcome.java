package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Usage;
import java.nio.file.Path;

/// What a batch has come to, before anybody sees it.
///
/// @param output the lines, or the lines that succeeded, in a draft
/// @param errors the lines that did not succeed, in a draft, where the API has a file for them
/// @param outputLines lines written, which a fault may make differ from the counts
record Outcome(
        Path output,
        Path errors,
        long outputLines,
        long errorLines,
        long completed,
        long failed,
        long unreached,
        Usage usage) {

    /// Keeps the counts with the batch.
    void note(Batch batch) {
        batch.note("completed", completed);
        batch.note("failed", failed);
        batch.note("unreached", unreached);
    }
}
