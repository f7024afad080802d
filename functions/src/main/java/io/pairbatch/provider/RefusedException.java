package io.pairbatch.provider;

import org.jspecify.annotations.Nullable;

/// The provider's own no: what was asked did not happen and will not happen by asking again.
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    /// What a refusal means for the job.
    public enum Kind {
        /// The key is missing, wrong, without permission or out of credit.
        KEY,
        /// Too much at the moment; the same request may pass later.
        LATER,
        /// There is no such file or batch.
        NOT_FOUND,
        /// The request itself.
        REQUEST
    }

    private final Kind kind;
    private final int status;
    private final @Nullable String code;

    /// @param status the HTTP status
    /// @param code the provider's error code or type
    /// @param message the provider's message, which holds no text of ours
    public RefusedException(Kind kind, int status, @Nullable String code, String message) {
        super(message);
        this.kind = kind;
        this.status = status;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    public int status() {
        return status;
    }

    /// The provider's error code or type.
    public @Nullable String code() {
        return code;
    }

    /// One line for people: `HTTP 400 invalid_request: …`.
    public String describe() {
        return "HTTP " + status + (code == null ? "" : " " + code) + ": " + getMessage();
    }
}
