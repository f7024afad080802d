package io.pairbatch.simulator;

import java.nio.file.Path;

/// What a batch has come to, before anybody sees it.
///
/// @param output the lines that succeeded, in a draft
/// @param errors the lines that failed, in a draft
/// @param outputLines lines written, which a fault may make differ from `completed`
record Outcome(
        Path output,
        Path errors,
        long outputLines,
        long errorLines,
        long completed,
        long failed,
        ResultLines.Usage usage) {}
