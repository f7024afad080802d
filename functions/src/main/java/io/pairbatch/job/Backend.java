package io.pairbatch.job;

/// A provider of batch inference.
public enum Backend {
    OPENAI;

    /// The name in job.json and in files: lower case.
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
