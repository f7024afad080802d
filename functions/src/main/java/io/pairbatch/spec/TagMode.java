package io.pairbatch.spec;

import java.util.Locale;

/// How an answer is searched for the winner's tag (contract 3.3).
public enum TagMode {
    /// An exact match of the tag; the last one wins.
    LAST,
    /// An exact match of the tag; `SAMPLE_1` wins if both are there. The rule of pairwiseLLM.
    EXACT,
    /// In any case, with blanks and marks inside, with other joints and brackets; the last tag wins.
    TOLERANT;

    /// What the mode's rules are known by: answers that were read when they were others are read again.
    String rules() {
        return this == TOLERANT ? "tolerant 2" : code();
    }

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
