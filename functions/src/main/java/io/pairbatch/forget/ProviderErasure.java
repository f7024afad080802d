package io.pairbatch.forget;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.BatchProvider.Evidence;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.DeletionRegistry.DoomedSegment;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Deletes a job's data at the provider, segment by segment; the outcome is recorded in the SEGMENT item before the
/// next segment. Running batches are cancelled first. A create whose response was lost is resolved as usual, so that no
/// batch stays behind unnoticed.
final class ProviderErasure {

    private static final Duration NEEDED = Duration.ofSeconds(5);
    private static final int LOOK_AGAIN_SECONDS = 3;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SegmentRegistry segments;
    private final DeletionRegistry deletion;
    private final Reconciler reconciler;
    private final Clock clock;

    ProviderErasure(SegmentRegistry segments, DeletionRegistry deletion, Reconciler reconciler, Clock clock) {
        this.segments = segments;
        this.deletion = deletion;
        this.reconciler = reconciler;
        this.clock = clock;
    }

    /// Why the deletion is not complete.
    ///
    /// @param seconds how long to wait before checking again
    record Unfinished(String why, int seconds) {}

    /// Processes all segments that are not finished yet.
    ///
    /// @return null if all are finished
    @Nullable
    Unfinished run(OpenJob job, Account account, Deadline deadline) {
        Unfinished unfinished = null;
        for (DoomedSegment doomed : deletion.segments(job.id())) {
            if (doomed.forgotten() != null) {
                continue;
            }
            if (!deadline.allows(NEEDED)) {
                return new Unfinished("deleting at the provider", 0);
            }
            Unfinished waits = one(job, account, doomed);
            unfinished = waits == null ? unfinished : waits;
        }
        return unfinished;
    }

    /// Records that the provider was not asked.
    void skip(String jobId) {
        for (DoomedSegment doomed : deletion.segments(jobId)) {
            if (doomed.forgotten() == null) {
                SegmentItem segment = doomed.segment();
                List<Submission> submissions = segments.submissions(jobId, segment.index());
                ArrayNode outcomes = JSON.createArrayNode();
                submissions.forEach(s -> {
                    add(outcomes, Copy.Kind.INPUT_FILE.code(), s.fileId(), "not_asked");
                    add(outcomes, Copy.Kind.BATCH.code(), s.batchId(), "not_asked");
                    disown(jobId, s, true);
                });
                add(outcomes, Copy.Kind.OUTPUT_FILE.code(), segment.outputFileId(), "not_asked");
                add(outcomes, Copy.Kind.ERROR_FILE.code(), segment.errorFileId(), "not_asked");
                deletion.forgotten(jobId, segment.index(), outcomes.toString());
            }
        }
    }

    private static void add(ArrayNode outcomes, String kind, @Nullable String id, String outcome) {
        if (id != null && !id.isEmpty()) {
            outcomes.addObject().put("kind", kind).put("id", id).put("outcome", outcome);
        }
    }

    private @Nullable Unfinished one(OpenJob job, Account account, DoomedSegment doomed) {
        try {
            return switch (doomed.segment().state()) {
                case SUBMITTING -> inDoubt(job, account, doomed.segment());
                case SUBMITTED -> open(job, account, doomed);
                default -> {
                    erase(job, account, doomed.segment(), List.of());
                    yield null;
                }
            };
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.KEY) {
                throw new JobRejectedException(new Problem(
                        ErrorCode.KEY_REFUSED, "the provider, deleting", e.describe(), "a key that it accepts"));
            }
            throw new RetryableException("the provider refused: " + e.describe(), e);
        }
    }

    private @Nullable Unfinished inDoubt(OpenJob job, Account account, SegmentItem seen) throws RefusedException {
        Instant now = clock.instant();
        if (now.isBefore(Reconciler.readyAt(seen))) {
            return new Unfinished("looking for a create whose response was lost", LOOK_AGAIN_SECONDS);
        }
        boolean adopted = reconciler.settle(job, account, seen);
        SegmentItem after = segments.require(job.id(), seen.index());
        // The second complete list without the batch: the write that would reset the segment is fenced off by the
        // deletion itself.
        boolean absent = seen.absentSince() != null
                && after.state() == SegmentState.SUBMITTING
                && !now.isBefore(Reconciler.readyAt(after));
        if (adopted || (after.state() == SegmentState.SUBMITTING && !absent)) {
            return new Unfinished("looking for a create whose response was lost", LOOK_AGAIN_SECONDS);
        }
        erase(job, account, after, List.of());
        return null;
    }

    private @Nullable Unfinished open(OpenJob job, Account account, DoomedSegment doomed) throws RefusedException {
        SegmentItem segment = doomed.segment();
        String batchId = Objects.requireNonNull(segment.batchId());
        String maker = segment.openAccount();
        Account.Answered<BatchStatus> answered =
                account.callAs(maker, at -> at.provider().retrieve(batchId));
        BatchStatus batch = answered.answer();
        Account at = answered.by();
        // If the provider does not know the batch, there is nothing to cancel or delete.
        if (batch.state().terminal() || batch.state() == BatchState.GONE) {
            erase(job, account, segment, at.provider().takesFiles() ? Copy.of(batch, maker) : List.of());
            return null;
        }
        if (!doomed.cancelAsked()) {
            at.call(a -> a.provider().cancel(batchId));
            deletion.cancelAsked(job.id(), segment.index());
        }
        return new Unfinished("cancelling batches at the provider", LOOK_AGAIN_SECONDS);
    }

    private void erase(OpenJob job, Account account, SegmentItem segment, List<Copy> more) throws RefusedException {
        List<Submission> submissions = segments.submissions(job.id(), segment.index());
        ArrayNode outcomes = JSON.createArrayNode();
        Set<String> gone = new HashSet<>();
        for (Copy copy : Copy.union(Copy.of(account.provider(), segment, submissions), more)) {
            Removal removal = copy.delete(account);
            if (removal != Removal.NOT_POSSIBLE) {
                gone.add(copy.id());
            }
            add(outcomes, copy.kind().code(), copy.id(), word(removal));
        }
        boolean proven = account.provider().evidence() == Evidence.TOKEN;
        for (Submission submission : submissions) {
            if (segment.state() == SegmentState.IN_DOUBT && submission.outcome() == null) {
                add(outcomes, "submission", submission.token(), "in_doubt");
            }
            disown(job.id(), submission, !proven && !gone.contains(submission.batchId()));
        }
        deletion.forgotten(job.id(), segment.index(), outcomes.toString());
    }

    /// Its token is released together with the turn that it may still hold.
    private void disown(String jobId, Submission submission, boolean exists) {
        if (submission.batchId() != null) {
            segments.accounts().disown(submission.account(), jobId, submission.batchId(), exists);
        } else if (submission.outcome() == null) {
            segments.accounts().release(submission);
        }
    }

    private static String word(Removal removal) {
        return switch (removal) {
            case DONE -> "deleted";
            case GONE -> "already_gone";
            case NOT_POSSIBLE -> "not_deletable";
        };
    }
}
