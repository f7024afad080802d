package io.pairbatch.results;

/// What came of the live request, as `preflight.json` calls it.
public enum PreflightOutcome {
    PASSED,
    NO_WINNER,
    REFUSED,
    UNDECIDED
}
