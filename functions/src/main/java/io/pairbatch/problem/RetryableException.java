package io.pairbatch.problem;

import org.jspecify.annotations.Nullable;

/// An outage: a service did not answer, or answered that it is overloaded. Nothing is lost; the workflow waits and
/// calls the same step again.
public final class RetryableException extends PairbatchException {

    private static final long serialVersionUID = 1L;

    public RetryableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
