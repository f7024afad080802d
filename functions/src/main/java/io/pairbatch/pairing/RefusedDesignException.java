package io.pairbatch.pairing;

/// A design that these samples do not allow: what was found, and what was expected.
public final class RefusedDesignException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String found;
    private final String expected;

    RefusedDesignException(String found, String expected) {
        super("found " + found + "; expected " + expected);
        this.found = found;
        this.expected = expected;
    }

    /// What was found, to stand within a sentence.
    public String found() {
        return found;
    }

    /// What would have been accepted, to stand within a sentence.
    public String expected() {
        return expected;
    }
}
