package io.pairbatch.cli.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Receives a job's progress.
public interface JobListener {

    /// The newest snapshot. Called about once a second, even if nothing has changed.
    void show(JobSnapshot snapshot, Instant now);

    /// The newest snapshot of a job that is as it was before it goes on: nothing of it is news.
    default void before(JobSnapshot snapshot) {}

    /// The job was done, or had stopped, and goes on from now on.
    default void goesOn(Instant now) {}

    /// A problem, in one sentence; null when it is over.
    void note(@Nullable String message);
}
