package io.pairbatch.chaos.asl;

/// An expression got values that it cannot handle.
final class ExpressionFailed extends Exception {

    private static final long serialVersionUID = 1L;

    ExpressionFailed(String message) {
        super(message, null, false, false);
    }

    ExpressionFailed(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
