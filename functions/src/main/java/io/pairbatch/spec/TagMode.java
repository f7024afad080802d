package io.pairbatch.spec;

import java.util.Locale;

/// How an answer is searched for the winner's tag (contract 3.3).
public enum TagMode {
    /// An exact match of the tag; `SAMPLE_1` wins if both are there.
    EXACT,
    /// Case-insensitive and with blanks inside; the last tag wins.
    TOLERANT;

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
