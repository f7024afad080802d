package io.pairbatch.step;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.store.JobStore;

/// A job that this execution may work on, with its frozen specification and its files.
public record OpenJob(Fence fence, JobItem item, ResolvedJob resolved, JobStore store) {

    public String id() {
        return fence.jobId();
    }
}
