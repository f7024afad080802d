package io.pairbatch.cli.job;

import java.util.Optional;
import java.util.function.Predicate;

/// The registry, read only. A failure that may pass is an [io.pairbatch.cli.fault.OutageException].
public interface JobSource {

    /// The job and its segments, or nothing when there is no such job.
    Optional<JobSnapshot> read(String jobId);

    /// Visits the jobs, newest first, until `visitor` returns false.
    void visitNewestFirst(Predicate<Job> visitor);
}
