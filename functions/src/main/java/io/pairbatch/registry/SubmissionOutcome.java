package io.pairbatch.registry;

/// What became of an intended creation.
public enum SubmissionOutcome {
    /// The provider answered with a batch id.
    CREATED,
    /// The answer was lost; the batch was found in the provider's list.
    ADOPTED,
    /// The provider refused it in its own words: there is no batch.
    REFUSED,
    /// Complete and witnessed listings did not show it: there is no batch.
    ABSENT,
    /// It was given up as absent and came after all, when another batch had been made for its segment: both are paid
    /// for.
    LATE
}
