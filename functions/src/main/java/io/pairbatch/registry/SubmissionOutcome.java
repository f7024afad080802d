package io.pairbatch.registry;

/// The outcome of an intended creation.
public enum SubmissionOutcome {
    /// The provider answered with a batch ID.
    CREATED,
    /// The response was lost; the batch was found in the provider's list.
    ADOPTED,
    /// Somebody else has made the batch, and the job has taken it over.
    RESCUED,
    /// The provider explicitly refused it: there is no batch.
    REFUSED,
    /// Complete and witnessed lists did not show it: there is no batch.
    ABSENT,
    /// It was given up as absent and appeared after all, when another batch had been created for its segment: both are
    /// paid for.
    LATE
}
