package io.pairbatch.registry;

/// The result of claiming a job.
public sealed interface Claim {

    /// The job as it is now.
    JobItem job();

    /// The caller acts for the job from now on.
    record Mine(JobItem job) implements Claim {}

    /// The job has ended; its results are the answer.
    record Finished(JobItem job) implements Claim {}

    /// Another execution acts for the job.
    record Taken(JobItem job) implements Claim {}
}
