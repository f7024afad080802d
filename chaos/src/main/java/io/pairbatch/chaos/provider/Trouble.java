package io.pairbatch.chaos.provider;

/// Why a provider refuses without a reason in the request; each reports it in its own format.
public enum Trouble {
    BAD_REQUEST,
    /// The key is wrong or was revoked.
    BAD_KEY,
    NO_PERMISSION,
    NO_CREDIT,
    /// The account's own spending limit, answered with 429.
    SPENDING_CAP,
    /// The requested object does not exist.
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
    RATE_LIMIT,
    TIMEOUT,
    SERVER_ERROR,
    OVERLOADED
}
