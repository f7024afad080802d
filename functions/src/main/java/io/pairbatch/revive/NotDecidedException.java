package io.pairbatch.revive;

/// Nothing was decided; the message says why in one sentence.
public final class NotDecidedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /// @param remedy one sentence
    NotDecidedException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// What to do, in one sentence.
    public String remedy() {
        return remedy;
    }
}
