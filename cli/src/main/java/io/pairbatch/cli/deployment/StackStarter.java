package io.pairbatch.cli.deployment;

import java.util.function.Consumer;

/// Starts an embedded stack.
@FunctionalInterface
public interface StackStarter {

    /// Starts a stack and returns when it takes jobs.
    ///
    /// @param keep whether the stack outlives the handle, so that the user can look at it
    /// @param progress is told each step in a few words
    StackHandle start(boolean keep, Consumer<String> progress);
}
