package io.pairbatch.reconcile;

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
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Resolves a submission whose response was lost. Once the create has certainly timed out, its batch may be searched
/// for, and a batch that is provably ours is adopted. That there is none is proven only when nobody can be sending the
/// create any more (its lease is over), and only by a list with a witness: a batch that we recorded and that was
/// requested after that time. With older witnesses the batch must stay missing from the list for an hour; without any,
/// or if the provider gives no proof, a person decides, unless a later look resolves it.
public final class Reconciler {

    /// Clocks differ, and a user's own machine may be off by a time zone; the provider's list is read back to this long
    /// before the intent.
    static final Duration CLOCK_SKEW = Duration.ofDays(1);

    private final SegmentRegistry segments;
    private final AbsenceRule rule;
    private final Clock clock;

    public Reconciler(SegmentRegistry segments, AbsenceRule rule, Clock clock) {
        this.segments = segments;
        this.rule = rule;
        this.clock = clock;
    }

    /// When nobody can be sending a submission's create any more.
    static Instant over(SegmentItem segment, Submission submission) {
        return segment.leaseUntil() == null ? submission.createdAt() : segment.leaseUntil();
    }

    /// When reading the provider's list can resolve the segment, or bring it closer to that.
    public static Instant readyAt(SegmentItem segment) {
        Instant lease = Objects.requireNonNullElse(segment.leaseUntil(), Instant.EPOCH);
        return Objects.requireNonNullElseGet(
                segment.lookAgain(), () -> Objects.requireNonNullElse(segment.createUntil(), lease));
    }

    /// Searches the provider for the batch of the segment's last submission.
    ///
    /// @param seen the segment as the caller knows it; it is read again, because another call may have continued it
    /// @return whether a batch was adopted
    public boolean settle(OpenJob job, Account account, SegmentItem seen) {
        SegmentItem segment = segments.require(job.id(), seen.index());
        boolean doubtful = segment.state() == SegmentState.SUBMITTING || segment.state() == SegmentState.IN_DOUBT;
        if (!doubtful || clock.instant().isBefore(readyAt(segment))) {
            return false;
        }
        Submission open = segments.submissions(job.id(), segment.index()).getLast();
        if (open.outcome() != null || !open.token().equals(segment.invocation())) {
            return false;
        }
        return conclude(job, segment, open, look(job, account, segment, List.of(open)));
    }

    /// Whether a segment that is about to be submitted already has a batch from a submission that was given up as
    /// absent. Such a batch is adopted. Asks the provider only if there was such a submission.
    public Late late(OpenJob job, Account account, SegmentItem segment) {
        if (segment.submissions() == 0) {
            return new Late.None();
        }
        List<Submission> absent = segments.submissions(job.id(), segment.index()).stream()
                .filter(s -> s.outcome() == SubmissionOutcome.ABSENT)
                .toList();
        if (absent.isEmpty()) {
            return new Late.None();
        }
        return switch (look(job, account, segment, absent)) {
            case Search.Finding.Found found -> {
                taken(job, found.submission(), found.batchId());
                yield new Late.Taken();
            }
            case Search.Finding.Absent none -> new Late.None();
            case Search.Finding.NotYet notYet -> new Late.Wait(notYet.lookAgain());
            // It was absent while it could be seen; the key may have lost its permission since.
            case Search.Finding.NoProof noProof -> new Late.None();
        };
    }

    /// What became of a submission that was given up.
    public sealed interface Late {

        /// It has not appeared.
        record None() implements Late {}

        /// It had created a batch, which now belongs to the segment.
        record Taken() implements Late {}

        /// It may be a batch that is still running.
        record Wait(Instant until) implements Late {}
    }

    private void taken(OpenJob job, Submission submission, String batchId) {
        boolean taken = segments.creations().recordLate(job.fence(), submission, batchId);
        SubmissionOutcome outcome = taken ? SubmissionOutcome.ADOPTED : SubmissionOutcome.LATE;
        Mirror.outcome(job.store(), submission, outcome, batchId);
    }

    /// Records a response that arrived for a submission which may have been given up in the meantime.
    public void answered(OpenJob job, Submission submission, String batchId) {
        if (segments.creations().recordCreated(job.id(), submission, batchId, SubmissionOutcome.CREATED)) {
            Mirror.outcome(job.store(), submission, SubmissionOutcome.CREATED, batchId);
        } else {
            taken(job, submission, batchId);
        }
    }

    /// Another key's list may be another project's, in which our batch cannot be seen.
    private Search.Finding look(OpenJob job, Account account, SegmentItem segment, List<Submission> sought) {
        Optional<Account> maker = account.of(sought.getLast().account());
        if (maker.isEmpty()) {
            return new Search.Finding.NoProof("the key was changed while the response to a create was missing");
        }
        try {
            return search(maker.get()).look(job, maker.get(), segment, sought);
        } catch (RefusedException e) {
            return new Search.Finding.NoProof("the provider's list cannot be read: " + e.describe());
        }
    }

    private Search search(Account account) {
        return switch (account.provider().evidence()) {
            case TOKEN -> new TokenSearch(segments);
            case REQUEST_IDS -> new RequestIdSearch(segments, rule.gap(), clock);
        };
    }

    private boolean conclude(OpenJob job, SegmentItem segment, Submission open, Search.Finding finding) {
        switch (finding) {
            case Search.Finding.Found found -> {
                segments.creations().recordCreated(job.id(), open, found.batchId(), SubmissionOutcome.ADOPTED);
                Mirror.outcome(job.store(), open, SubmissionOutcome.ADOPTED, found.batchId());
                return true;
            }
            case Search.Finding.NotYet notYet -> segments.creations().lookAgain(job.id(), segment, notYet.lookAgain());
            case Search.Finding.Absent absent ->
                unseen(job, segment, open, () -> absent(job, segment, open, absent.witness()));
            case Search.Finding.NoProof noProof ->
                unseen(job, segment, open, () -> doubt(job, segment, noProof.reason()));
        }
        return false;
    }

    /// A person is not asked to decide while the create may still be sent.
    private void unseen(OpenJob job, SegmentItem segment, Submission open, Runnable otherwise) {
        Instant over = over(segment, open);
        if (clock.instant().isBefore(over)) {
            segments.creations().lookAgain(job.id(), segment, over);
        } else {
            otherwise.run();
        }
    }

    private void absent(OpenJob job, SegmentItem segment, Submission open, Witness.Strength witness) {
        Instant now = clock.instant();
        if (rule.trusted() || witness == Witness.Strength.NEW) {
            if (isPast(segment.absentSince(), rule.gap())) {
                gone(job, open);
            } else {
                segments.creations().markAbsent(job.id(), segment, now.plus(rule.gap()));
            }
        } else if (witness == Witness.Strength.OLD) {
            boolean often = segment.unseenLooks() + 1 >= AbsenceRule.OLD_WITNESS_LOOKS;
            if (often && isPast(segment.unseenSince(), AbsenceRule.OLD_WITNESS)) {
                gone(job, open);
            } else {
                segments.creations().markUnseen(job.id(), segment, now.plus(AbsenceRule.PATIENCE));
            }
        } else {
            doubt(
                    job,
                    segment,
                    "the provider's list shows no batch of ours at all, so it does not prove that this one does not exist");
        }
    }

    private boolean isPast(java.time.@org.jspecify.annotations.Nullable Instant since, Duration time) {
        return since != null && !clock.instant().isBefore(since.plus(time));
    }

    private void gone(OpenJob job, Submission open) {
        Mirror.outcome(job.store(), open, SubmissionOutcome.ABSENT, null);
        segments.creations().returnToPending(job.fence(), open, SubmissionOutcome.ABSENT, clock.instant());
    }

    private void doubt(OpenJob job, SegmentItem segment, String reason) {
        segments.creations()
                .markInDoubt(job.id(), segment, reason, clock.instant().plus(AbsenceRule.PATIENCE));
    }
}
