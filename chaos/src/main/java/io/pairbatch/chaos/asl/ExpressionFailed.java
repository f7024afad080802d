package io.pairbatch.chaos.asl;

/// An expression was given values that it cannot do with.
final class ExpressionFailed extends Exception {

    private static final long serialVersionUID = 1L;

    ExpressionFailed(String message) {
        super(message, null, false, false);
    }

    ExpressionFailed(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
