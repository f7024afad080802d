package io.pairbatch.problem;

/// Our errors. [JobRejectedException] ends the job, [RetryableException] makes the workflow wait and try again.
public abstract sealed class PairbatchException extends RuntimeException
        permits JobRejectedException, RetryableException {

    private static final long serialVersionUID = 1L;

    protected PairbatchException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
