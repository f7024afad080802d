package io.pairbatch.submit;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Settles a submission whose answer was lost. Once its lease is over nobody can be sending its create any more; then
/// the
/// provider's list decides: a batch that carries our token is adopted, and two complete listings without one, at
/// least a while apart, prove that there is none. Where the key may not list, there is no proof, and a person decides.
public final class Reconciler {

    /// Clocks differ, and that of somebody's own machine by a time zone; the provider's list is read this far before
    /// the intent.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private final SegmentRegistry segments;
    private final Duration absenceGap;
    private final Clock clock;

    public Reconciler(SegmentRegistry segments, Duration absenceGap, Clock clock) {
        this.segments = segments;
        this.absenceGap = absenceGap;
        this.clock = clock;
    }

    /// When looking at the provider can settle the segment, or bring it nearer to that.
    Instant readyAt(SegmentItem segment) {
        Instant lease = segment.leaseUntil() == null ? Instant.EPOCH : segment.leaseUntil();
        Instant absent = segment.absentSince();
        return absent == null || absent.plus(absenceGap).isBefore(lease) ? lease : absent.plus(absenceGap);
    }

    /// Looks at the provider for the batch of the segment's last submission.
    ///
    /// @param seen the segment as the caller knows it; it is read anew, for another call may have gone on with it
    /// @return whether a batch was adopted
    boolean settle(OpenJob job, Account account, SegmentItem seen) {
        SegmentItem segment = segments.find(job.id(), seen.index());
        if (segment.state() != SegmentState.SUBMITTING || clock.instant().isBefore(readyAt(segment))) {
            return false;
        }
        Submission open = segments.submissions(job.id(), segment.index()).getLast();
        if (open.outcome() != null || !open.token().equals(segment.invocation())) {
            return false;
        }
        if (!open.account().equals(account.window())) {
            // The list of another key may be that of another project, in which our batch cannot be seen.
            segments.doubt(job.id(), segment, "the key was changed while the answer to a create was missing");
            return false;
        }
        Found found = new Found(open.token());
        try {
            account.provider().list(open.createdAt().minus(CLOCK_SKEW), found::visit);
        } catch (RefusedException e) {
            segments.doubt(job.id(), segment, "the provider's list cannot be read: " + e.describe());
            return false;
        }
        if (found.batchId != null) {
            segments.created(job.id(), open, found.batchId, SubmissionOutcome.ADOPTED);
            Mirror.write(job.store(), open, SubmissionOutcome.ADOPTED, found.batchId);
            return true;
        }
        if (segment.absentSince() == null) {
            segments.absent(job.id(), segment);
            return false;
        }
        Mirror.write(job.store(), open, SubmissionOutcome.ABSENT, null);
        segments.givenBack(job.fence(), open, SubmissionOutcome.ABSENT, clock.instant());
        return false;
    }

    private static final class Found {

        private final String token;
        private @Nullable String batchId;

        Found(String token) {
            this.token = token;
        }

        boolean visit(BatchStatus batch) {
            if (token.equals(batch.metadata().get(BatchProvider.TOKEN))) {
                batchId = batch.id();
            }
            return batchId == null;
        }
    }
}
