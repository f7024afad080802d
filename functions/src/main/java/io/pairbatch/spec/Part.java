package io.pairbatch.spec;

/// What a field decides.
public enum Part {
    /// What is judged: another value makes another job.
    JUDGED,
    /// How many rows are judged. A job's limit grows.
    LIMIT,
    /// How the table is split and what is written. May change until the first create is intended.
    PLAN,
    /// How the winner is read out of an answer. May change as long as the answers are kept: they are read again.
    READING,
    /// How the work is done. May change until the job is done.
    POLICY
}
