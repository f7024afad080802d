package io.pairbatch.spec;

/// What a field decides.
public enum Part {
    /// What is judged: another value makes another job.
    JUDGED,
    /// How many rows are judged. A job's limit grows.
    LIMIT,
    /// How the table is split and what is read out of answers. May change until the first create is intended.
    PLAN,
    /// How the work is done. May change until the job is done.
    POLICY
}
