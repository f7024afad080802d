package io.pairbatch.forget;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.BatchProvider.Evidence;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.Keeping;
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
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Deletes a job's data at the provider, segment by segment; the outcome is recorded in the SEGMENT item before the
/// next segment. Running batches are cancelled first. A create whose response was lost is resolved as usual, so that no
/// batch stays behind unnoticed.
final class ProviderErasure {

    private static final Duration NEEDED = Duration.ofSeconds(5);
    private static final int LOOK_AGAIN_SECONDS = 3;
    private static final String DELETED = "deleted";
    private static final String ALREADY_GONE = "already_gone";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SegmentRegistry segments;
    private final DeletionRegistry deletion;
    private final Reconciler reconciler;
    private final Function<String, Keeping> keeping;
    private final Clock clock;

    /// @param keeping how long a provider keeps what is not deleted, by its code
    ProviderErasure(
            SegmentRegistry segments,
            DeletionRegistry deletion,
            Reconciler reconciler,
            Function<String, Keeping> keeping,
            Clock clock) {
        this.segments = segments;
        this.deletion = deletion;
        this.reconciler = reconciler;
        this.keeping = keeping;
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
                    add(outcomes, segment, Copy.Kind.INPUT_FILE, s.fileId(), "not_asked");
                    add(outcomes, segment, Copy.Kind.BATCH, s.batchId(), "not_asked");
                    disown(jobId, s, true);
                });
                add(outcomes, segment, Copy.Kind.OUTPUT_FILE, segment.outputFileId(), "not_asked");
                add(outcomes, segment, Copy.Kind.ERROR_FILE, segment.errorFileId(), "not_asked");
                deletion.forgotten(jobId, segment.index(), outcomes.toString());
            }
        }
    }

    /// What stays says what it holds and until when it does at the latest: `kept_until` is null where nobody knows.
    private void add(ArrayNode outcomes, SegmentItem segment, Copy.Kind kind, @Nullable String id, String outcome) {
        if (id == null || id.isEmpty()) {
            return;
        }
        ObjectNode copy = outcomes.addObject()
                .put("segment", segment.index())
                .put("kind", kind.code())
                .put("id", id)
                .put("outcome", outcome);
        if (!outcome.equals(DELETED) && !outcome.equals(ALREADY_GONE)) {
            Keeping kept = keeping.apply(segment.provider());
            Instant until = keptUntil(segment, kind, kept);
            copy.put("holds", holds(kind, kept)).put("kept_until", until == null ? null : until.toString());
        }
    }

    private static String holds(Copy.Kind kind, Keeping kept) {
        return switch (kind) {
            case INPUT_FILE -> "requests";
            case OUTPUT_FILE, ERROR_FILE -> "answers";
            case BATCH -> kept.batchHoldsTexts() ? "requests and answers" : "ids, counts, times and metadata";
        };
    }

    /// Where a time was not recorded, what is kept began now at the latest.
    private @Nullable Instant keptUntil(SegmentItem segment, Copy.Kind kind, Keeping kept) {
        Instant now = clock.instant();
        return switch (kind) {
            case INPUT_FILE -> after(segment.fileUploadedAt(), kept.input(), now);
            case OUTPUT_FILE, ERROR_FILE -> after(segment.endedAt(), kept.output(), now);
            case BATCH -> after(segment.submittedAt(), kept.batch(), now);
        };
    }

    private static @Nullable Instant after(@Nullable Instant begun, @Nullable Duration kept, Instant now) {
        return kept == null
                ? null
                : Objects.requireNonNullElse(begun, now).plus(kept).truncatedTo(ChronoUnit.SECONDS);
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
            add(outcomes, segment, copy.kind(), copy.id(), word(removal));
        }
        boolean proven = account.provider().evidence() == Evidence.TOKEN;
        for (Submission submission : submissions) {
            if (segment.state() == SegmentState.IN_DOUBT && submission.outcome() == null) {
                outcomes.addObject()
                        .put("segment", segment.index())
                        .put("kind", "submission")
                        .put("id", submission.token())
                        .put("outcome", "in_doubt");
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
            case DONE -> DELETED;
            case GONE -> ALREADY_GONE;
            case NOT_POSSIBLE -> "not_deletable";
        };
    }
}
