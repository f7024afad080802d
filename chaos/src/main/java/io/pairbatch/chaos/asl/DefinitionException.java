package io.pairbatch.chaos.asl;

/// A state machine's definition is invalid, or uses something that the interpreter does not support.
public final class DefinitionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    DefinitionException(String where, String message) {
        super(where + ": " + message);
    }

    DefinitionException(String where, String message, Throwable cause) {
        super(where + ": " + message, cause);
    }
}
