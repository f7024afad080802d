package io.pairbatch.results;

import io.pairbatch.problem.FailureCode;
import org.jspecify.annotations.Nullable;

/// How the batch of a segment ended.
public sealed interface BatchEnd {

    /// The provider processed it completely; single requests may have failed.
    record Completed() implements BatchEnd {}

    /// It failed, expired or was cancelled. Results finished before that may exist.
    ///
    /// @param status the provider's final status
    /// @param detail the provider's message about it, null if none
    record Broken(String status, @Nullable String detail) implements BatchEnd {

        public boolean cancelled() {
            return status.equalsIgnoreCase("cancelled") || status.equalsIgnoreCase("canceled");
        }
    }

    /// It was paid for, and the provider no longer has it.
    record Lost(String detail) implements BatchEnd {}

    /// No batch was ever created.
    ///
    /// @param code what its pairs fail with
    record NotSubmitted(String detail, FailureCode code) implements BatchEnd {

        public NotSubmitted(String detail) {
            this(detail, FailureCode.NOT_SUBMITTED);
        }
    }

    /// Whether a provider's word for a batch says that its time was over before all of it was done.
    static boolean expired(String status) {
        return status.equalsIgnoreCase("expired") || status.equalsIgnoreCase("timeout_exceeded");
    }
}
