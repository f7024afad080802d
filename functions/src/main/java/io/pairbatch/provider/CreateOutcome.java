package io.pairbatch.provider;

import java.time.Duration;

/// What is known after asking for a batch.
public sealed interface CreateOutcome {

    /// The provider answered with the batch's id.
    record Created(String batchId) implements CreateOutcome {}

    /// The provider refused in its own words: there is no batch.
    ///
    /// @param retryAfter how long it asks to wait, or zero
    record Refused(RefusedException reason, Duration retryAfter) implements CreateOutcome {}

    /// Nobody knows yet whether there is a batch.
    record InDoubt(String reason) implements CreateOutcome {}
}
