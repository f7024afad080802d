package io.pairbatch.job;

import java.util.Locale;

/// A provider of batch inference.
public enum Backend {
    OPENAI("EXP"),
    ANTHROPIC("ANTH"),
    GEMINI("GEM");

    private final String idPrefix;

    Backend(String idPrefix) {
        this.idPrefix = idPrefix;
    }

    /// The name in job.json and in files: lower case.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The backend with this code.
    ///
    /// @throws IllegalArgumentException when there is none
    public static Backend of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /// What the `custom_id` column begins with unless the job says otherwise (contract 2).
    public String idPrefix() {
        return idPrefix;
    }
}
