package io.pairbatch.announce;

import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// Composes the notification that the workflow publishes when a job has ended. It never fails, because the job's end is
/// already recorded.
public final class AnnounceStep {

    private final JobIndex jobs;
    private final Announcement.Place place;

    public AnnounceStep(JobIndex jobs, Announcement.Place place) {
        this.jobs = jobs;
        this.place = place;
    }

    /// The announcement of a job that has ended in `state`; without counts if the registry cannot be read.
    ///
    /// @param code why the job stopped; null for a finished job
    public Announcement of(String jobId, JobState state, @Nullable String code) {
        return Announcement.of(jobId, state, code, read(jobId), place);
    }

    private @Nullable JobRecord read(String jobId) {
        try {
            return jobs.find(jobId).orElse(null);
        } catch (SdkException e) {
            return null; // The announcement is sent without the counts.
        }
    }
}
