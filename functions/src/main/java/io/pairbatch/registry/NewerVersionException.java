package io.pairbatch.registry;

/// An item holds a word that only a newer version of Pairbatch knows.
public final class NewerVersionException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    NewerVersionException(String message) {
        super(message);
    }
}
