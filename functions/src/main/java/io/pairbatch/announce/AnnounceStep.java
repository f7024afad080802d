package io.pairbatch.announce;

import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// Composes what the workflow publishes when a job has come to rest. It never fails: the job's end stands already.
public final class AnnounceStep {

    private final JobIndex jobs;
    private final Announcement.Place place;

    public AnnounceStep(JobIndex jobs, Announcement.Place place) {
        this.jobs = jobs;
        this.place = place;
    }

    /// The announcement of a job that has come to rest in `state`; without counts when the registry cannot be read.
    ///
    /// @param code why it stopped; null for a finished job
    public Announcement of(String jobId, JobState state, @Nullable String code) {
        return Announcement.of(jobId, state, code, read(jobId), place);
    }

    private @Nullable JobRecord read(String jobId) {
        try {
            return jobs.find(jobId).orElse(null);
        } catch (SdkException e) {
            return null; // The announcement goes out without the counts.
        }
    }
}
