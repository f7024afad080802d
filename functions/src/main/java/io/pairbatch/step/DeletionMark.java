package io.pairbatch.step;

import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.DeletionRegistry.DeletingJob;
import io.pairbatch.registry.JobState;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Says in a job's folder that the job is being deleted. Without it a job whose registry is lost meanwhile would come
/// back, and send what it had not sent yet.
public final class DeletionMark {

    private final DeletionRegistry deletion;
    private final Duration lateWrites;
    private final Clock clock;

    /// @param lateWrites how long after its job was taken away a function may still write
    public DeletionMark(DeletionRegistry deletion, Duration lateWrites, Clock clock) {
        this.deletion = deletion;
        this.lateWrites = lateWrites;
        this.clock = clock;
    }

    /// Marks the job. The mark goes with the job's other files, after `job.json`.
    public static void write(JobStore store) throws IOException {
        store.putNew(JobFiles.DELETING, "{}\n".getBytes(StandardCharsets.UTF_8));
    }

    /// Begins the deletion of a marked job anew: once its segments are restored, and before anything is sent.
    ///
    /// @return whether the job is marked: nobody may go on with it
    public boolean resumes(OpenJob job) throws IOException {
        if (job.store().size(JobFiles.DELETING) < 0) {
            return false;
        }
        Optional<DeletingJob> found = deletion.find(job.id()).filter(item -> item.state() != JobState.DELETING);
        found.ifPresent(item -> deletion.begin(item, clock.instant().plus(lateWrites)));
        return true;
    }
}
