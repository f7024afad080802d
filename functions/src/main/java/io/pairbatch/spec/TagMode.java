package io.pairbatch.spec;

import java.util.Locale;

/// How an answer is searched for the winner's tag (contract 3.3).
public enum TagMode {
    /// The tag letter by letter; `SAMPLE_1` wins when both are there.
    EXACT,
    /// In any case and with blanks inside; the last tag wins.
    TOLERANT;

    /// As it stands in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
