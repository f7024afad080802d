package io.pairbatch.cli.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Is told how a job goes.
public interface JobListener {

    /// The newest snapshot; called about once a second, also when nothing has changed.
    void show(JobSnapshot snapshot, Instant now);

    /// Something that is not as it should be, in one sentence; null when it has passed.
    void note(@Nullable String message);
}
