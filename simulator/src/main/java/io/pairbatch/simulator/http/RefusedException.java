package io.pairbatch.simulator.http;

/// A request is refused; the caller gets the error as it is.
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    RefusedException(ApiError error) {
        super(error.message());
        this.error = error;
    }

    public ApiError error() {
        return error;
    }
}
