package io.pairbatch.submit;

import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Settles a submission whose answer was lost. Once its lease is over nobody can be sending its create any more; then
/// the provider decides: a batch that is provably ours is adopted, and two complete looks without one, at least a while
/// apart, prove that there is none. Where the provider gives no proof, a person decides.
public final class Reconciler {

    /// Clocks differ, and that of somebody's own machine by a time zone; the provider's list is read this far before
    /// the intent.
    static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private final SegmentRegistry segments;
    private final Duration absenceGap;
    private final Clock clock;

    public Reconciler(SegmentRegistry segments, Duration absenceGap, Clock clock) {
        this.segments = segments;
        this.absenceGap = absenceGap;
        this.clock = clock;
    }

    /// When looking at the provider can settle the segment, or bring it nearer to that.
    public Instant readyAt(SegmentItem segment) {
        Instant lease = segment.leaseUntil() == null ? Instant.EPOCH : segment.leaseUntil();
        Instant absent = segment.absentSince();
        Instant ready = absent == null || absent.plus(absenceGap).isBefore(lease) ? lease : absent.plus(absenceGap);
        Instant again = segment.lookAgain();
        return again == null || again.isBefore(ready) ? ready : again;
    }

    /// Looks at the provider for the batch of the segment's last submission.
    ///
    /// @param seen the segment as the caller knows it; it is read anew, for another call may have gone on with it
    /// @return whether a batch was adopted
    public boolean settle(OpenJob job, Account account, SegmentItem seen) {
        SegmentItem segment = segments.find(job.id(), seen.index());
        if (segment.state() != SegmentState.SUBMITTING || clock.instant().isBefore(readyAt(segment))) {
            return false;
        }
        Submission open = segments.submissions(job.id(), segment.index()).getLast();
        if (open.outcome() != null || !open.token().equals(segment.invocation())) {
            return false;
        }
        // The list of another key may be that of another project, in which our batch cannot be seen.
        Search.Finding finding = account.of(open.account())
                .map(maker -> look(job, maker, segment, open))
                .orElseGet(() ->
                        new Search.Finding.NoProof("the key was changed while the answer to a create was missing"));
        return conclude(job, segment, open, finding);
    }

    private Search.Finding look(OpenJob job, Account account, SegmentItem segment, Submission open) {
        try {
            return search(account).look(job, account, segment, open);
        } catch (RefusedException e) {
            return new Search.Finding.NoProof("the provider's list cannot be read: " + e.describe());
        }
    }

    private Search search(Account account) {
        return switch (account.provider().evidence()) {
            case TOKEN -> new TokenSearch(segments);
            case REQUEST_IDS -> new RequestIdSearch(segments.accounts(), absenceGap, clock);
        };
    }

    private boolean conclude(OpenJob job, SegmentItem segment, Submission open, Search.Finding finding) {
        switch (finding) {
            case Search.Finding.Found found -> {
                segments.created(job.id(), open, found.batchId(), SubmissionOutcome.ADOPTED);
                Mirror.outcome(job.store(), open, SubmissionOutcome.ADOPTED, found.batchId());
                return true;
            }
            case Search.Finding.Absent absent -> {
                if (segment.absentSince() == null) {
                    segments.absent(job.id(), segment);
                } else {
                    Mirror.outcome(job.store(), open, SubmissionOutcome.ABSENT, null);
                    segments.givenBack(job.fence(), open, SubmissionOutcome.ABSENT, clock.instant());
                }
            }
            case Search.Finding.NotYet notYet -> segments.lookAgain(job.id(), segment, notYet.lookAgain());
            case Search.Finding.NoProof noProof -> segments.doubt(job.id(), segment, noProof.reason());
        }
        return false;
    }
}
