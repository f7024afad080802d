package io.pairbatch.cli.deployment;

import java.util.function.Consumer;

/// Starts an embedded stack.
@FunctionalInterface
public interface StackStarter {

    /// Starts a stack and returns when it is ready for jobs.
    ///
    /// @param keep whether the stack keeps running after the handle is closed
    /// @param progress gets each step in a few words
    StackHandle start(boolean keep, Consumer<String> progress);
}
