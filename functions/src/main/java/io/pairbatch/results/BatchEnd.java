package io.pairbatch.results;

import org.jspecify.annotations.Nullable;

/// How the batch of a segment ended.
public sealed interface BatchEnd {

    /// The provider worked through it; single requests may have failed.
    record Completed() implements BatchEnd {}

    /// It failed, expired or was cancelled. What was finished before may be there.
    ///
    /// @param status the provider's final status
    /// @param detail what the provider said about it, null when nothing
    record Broken(String status, @Nullable String detail) implements BatchEnd {}

    /// It was paid for, and the provider has it no more.
    record Lost(String detail) implements BatchEnd {}

    /// No batch was ever created.
    record NotSubmitted(String detail) implements BatchEnd {}
}
