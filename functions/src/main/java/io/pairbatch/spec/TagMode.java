package io.pairbatch.spec;

import java.util.Locale;

/// How an answer is searched for the winner's tag (contract 3.3).
public enum TagMode {
    /// An exact match of the tag; the last one wins.
    LAST,
    /// An exact match of the tag; `SAMPLE_1` wins if both are there. The rule of pairwiseLLM.
    EXACT,
    /// In any case, with blanks and marks inside; the last tag wins.
    TOLERANT;

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
