package io.pairbatch.claim;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.Mirror;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Whether a job may have a batch that is paid for.
record Intents(SegmentRegistry segments, JobOpener jobs) {

    /// Whether nothing of a job, which is at rest, was ever let in: each create that the registry or its mirror knows
    /// of
    /// was refused by the provider, or its batch failed there before anything of it was done, for lack of room for
    /// example. One whose outcome is not known, or was only never seen, may still turn up.
    boolean nothingLetIn(String jobId) throws IOException {
        Map<Integer, Integer> mirrored = Mirror.intents(jobs.store(jobId));
        for (SegmentItem segment : segments.all(jobId)) {
            Integer last = mirrored.remove(segment.index());
            // A registry that was set back knows fewer than there were.
            if ((last != null && last > segment.submissions()) || !cameBack(jobId, segment)) {
                return false;
            }
        }
        return mirrored.isEmpty();
    }

    /// A segment is pending again only if its last batch was not let in.
    private boolean cameBack(String jobId, SegmentItem segment) {
        if (segment.submissions() == 0) {
            return true;
        }
        List<Submission> submissions = segments.submissions(jobId, segment.index());
        return segment.state() == SegmentState.PENDING
                && submissions.size() == segment.submissions()
                && submissions.stream()
                        .allMatch(submission -> submission.outcome() == SubmissionOutcome.REFUSED
                                || submission.outcome() == SubmissionOutcome.CREATED);
    }
}
