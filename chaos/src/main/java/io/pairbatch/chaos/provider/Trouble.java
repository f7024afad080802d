package io.pairbatch.chaos.provider;

/// Why a provider refuses without a reason in the request; each words it its own way.
public enum Trouble {
    BAD_REQUEST,
    /// The key is wrong or was revoked.
    BAD_KEY,
    NO_PERMISSION,
    NO_CREDIT,
    /// The account's own limit on spending, answered with 429.
    SPENDING_CAP,
    /// Something that is asked for does not exist.
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
    RATE_LIMIT,
    TIMEOUT,
    SERVER_ERROR,
    OVERLOADED
}
