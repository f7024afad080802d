package io.pairbatch.job;

import org.jspecify.annotations.Nullable;

/// An outage: a service did not answer, or answered that it is overloaded. Nothing is lost; the workflow waits and
/// calls the same step again.
///
/// Its name stands in the workflow's definition, and an execution keeps the definition with which it began: it stays.
public final class RetryableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RetryableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
