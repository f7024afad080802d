package io.pairbatch.cli.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Receives a job's progress.
public interface JobListener {

    /// The newest snapshot. Called about once a second, even if nothing has changed.
    void show(JobSnapshot snapshot, Instant now);

    /// A problem, in one sentence; null when it is over.
    void note(@Nullable String message);
}
