package io.pairbatch.revive;

import io.pairbatch.problem.RefusalCode;

/// Nothing was decided; the message says why in one sentence.
public final class NotDecidedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final RefusalCode code;
    private final String remedy;

    /// @param remedy one sentence
    NotDecidedException(RefusalCode code, String message, String remedy) {
        super(message);
        this.code = code;
        this.remedy = remedy;
    }

    public RefusalCode code() {
        return code;
    }

    /// What to do, in one sentence.
    public String remedy() {
        return remedy;
    }
}
