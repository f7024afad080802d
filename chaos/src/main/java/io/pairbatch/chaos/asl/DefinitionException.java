package io.pairbatch.chaos.asl;

/// A state machine's definition is not one, or has what the interpreter does not know.
public final class DefinitionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    DefinitionException(String where, String message) {
        super(where + ": " + message);
    }

    DefinitionException(String where, String message, Throwable cause) {
        super(where + ": " + message, cause);
    }
}
