package io.pairbatch.job;

/// Why a comparison has no winner (`error_code`; contract 7.5, the last two are ours).
public enum FailureCode {
    TIMEOUT,
    PARSE_ERROR,
    HTTP_ERROR,
    BACKEND_MISSING_FIELDS,
    INVALID_WINNER,
    NOT_SUBMITTED,
    CANCELLED;

    /// The name in files: lower case.
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
