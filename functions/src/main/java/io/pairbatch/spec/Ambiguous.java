package io.pairbatch.spec;

import java.util.Locale;

/// What becomes of an answer that holds the tags of both texts (contract 3.3).
public enum Ambiguous {
    /// The tag mode says which of them wins.
    TAKE,
    /// The pair fails.
    FAIL;

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
