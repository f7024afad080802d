package io.pairbatch.claim;

import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.Mirror;
import java.io.IOException;

/// Whether a job has ever been about to create a batch.
record Intents(SegmentRegistry segments, JobOpener jobs) {

    /// Whether neither the registry nor its mirror knows of an intent.
    boolean none(String jobId) throws IOException {
        return segments.all(jobId).stream().allMatch(segment -> segment.submissions() == 0)
                && !Mirror.anyIntent(jobs.store(jobId));
    }
}
