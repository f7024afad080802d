package io.pairbatch.results;

/// The result of the live request, as named in `preflight.json`.
public enum PreflightOutcome {
    PASSED,
    NO_WINNER,
    REFUSED,
    UNDECIDED
}
