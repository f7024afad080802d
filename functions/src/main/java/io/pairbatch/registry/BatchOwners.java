package io.pairbatch.registry;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Looks for the owner of a batch among the jobs of all accounts: another key of the same project sees the same
/// batches.
public final class BatchOwners {

    private final SegmentRegistry segments;

    public BatchOwners(SegmentRegistry segments) {
        this.segments = segments;
    }

    /// A batch and whose it is.
    public record Owned(String batchId, String jobId, int segment) {

        /// In words, such as `segment 3 of job essays-1a2b3c4d`.
        public String owner() {
            return "segment " + segment + " of job " + jobId;
        }
    }

    /// One of the batches that a job owns, the first by its id.
    ///
    /// @param except a job that does not count; empty for none
    public Optional<Owned> first(Set<String> batchIds, String except) {
        TreeMap<String, Owned> owned = new TreeMap<>();
        Set<String> wanted = new HashSet<>(batchIds);
        segments.jobs().each(job -> {
            if (!job.jobId().equals(except)) {
                for (Submission submission : segments.submissions(job.jobId())) {
                    String batch = submission.batchId();
                    if (batch != null && wanted.contains(batch)) {
                        owned.putIfAbsent(batch, new Owned(batch, job.jobId(), submission.segment()));
                    }
                }
            }
        });
        return owned.isEmpty()
                ? Optional.empty()
                : Optional.of(owned.firstEntry().getValue());
    }
}
