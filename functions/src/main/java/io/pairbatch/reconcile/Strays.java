package io.pairbatch.reconcile;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.StrayBatches;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks a list that is read anyway for batches that carry the job's token and that none of its submissions owns. Such
/// a batch may be billed twice: it is recorded for people, and nothing else is done about it.
public final class Strays {

    /// The maximum number to look up in the registry.
    private static final int LOOKED_UP = 100;

    private static final Set<SubmissionOutcome> ANSWERED =
            EnumSet.of(SubmissionOutcome.CREATED, SubmissionOutcome.RESCUED, SubmissionOutcome.REFUSED);

    private final SegmentRegistry segments;
    private final OpenJob job;
    private final Account account;
    private final Set<String> known;
    private final Set<String> seen = new HashSet<>();
    private final List<BatchStatus> candidates = new ArrayList<>();

    /// @param account whose list is read
    public Strays(SegmentRegistry segments, OpenJob job, Account account) {
        this(segments, job, account, Set.of());
    }

    /// @param known the job's own batches: a list with no others causes no registry lookup
    public Strays(SegmentRegistry segments, OpenJob job, Account account, Set<String> known) {
        this.segments = segments;
        this.job = job;
        this.account = account;
        this.known = known;
    }

    /// Checks one batch of the list.
    public void see(BatchStatus batch) {
        boolean unknown = !known.contains(batch.id()) && isNamedAfter(job, batch) && mayBeBilled(batch);
        if (unknown && candidates.size() < LOOKED_UP && seen.add(batch.id())) {
            candidates.add(batch);
        }
    }

    /// Records what was found.
    public void note() {
        note(List.of());
    }

    /// Records what was found, and batches that were recognised in another way.
    void note(List<String> more) {
        if (candidates.isEmpty() && more.isEmpty() && job.item().strays().count() == 0) {
            return;
        }
        try {
            StrayBatches before = segments.jobs().require(job.fence()).strays();
            StrayBatches now = now(before, more);
            if (!now.equals(before)) {
                segments.jobs().recordStrays(job.fence(), now);
            }
        } catch (FencedException e) {
            // Whoever acts for the job now reads the list as well.
            return;
        }
    }

    private StrayBatches now(StrayBatches before, List<String> more) {
        List<Submission> submissions = segments.submissions(job.id());
        List<String> found = new ArrayList<>(more);
        candidates.stream()
                .filter(batch -> !isExpected(batch, submissions))
                .map(BatchStatus::id)
                .forEach(found::add);
        Set<String> owned = owned(segments.all(job.id()), submissions);
        // The batches belong to the same files, dropped again after their first job was deleted.
        return before.with(
                found, id -> owned.contains(id) || segments.accounts().owns(account.window(), id));
    }

    /// The job's batches. In a rebuilt registry, only the segment may know its batch.
    static Set<String> owned(List<SegmentItem> segments, List<Submission> submissions) {
        return Stream.concat(
                        segments.stream().map(SegmentItem::batchId),
                        submissions.stream().map(Submission::batchId))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /// Whether it is, or may still become, the batch of a submission: one whose response is still awaited, or one that
    /// was given up and is searched for again before the next create.
    private boolean isExpected(BatchStatus batch, List<Submission> submissions) {
        String token = batch.metadata().get(BatchProvider.TOKEN);
        Optional<Submission> submission =
                submissions.stream().filter(s -> s.token().equals(token)).findFirst();
        return submission
                .filter(s -> s.outcome() == null || (s.outcome() == SubmissionOutcome.ABSENT && isPending(s)))
                .isPresent();
    }

    private boolean isPending(Submission submission) {
        SegmentItem segment = segments.require(job.id(), submission.segment());
        return segment.state() == SegmentState.PENDING;
    }

    /// Whether the batch carries the job's token, and the job's ID if it carries an ID.
    private static boolean isNamedAfter(OpenJob job, BatchStatus batch) {
        String token = batch.metadata().get(BatchProvider.TOKEN);
        String id = batch.metadata().get(BatchProvider.JOB);
        return token != null
                && token.startsWith(job.resolved().token() + "-")
                && Objects.requireNonNullElse(id, job.id()).equals(job.id());
    }

    /// A batch that failed before anything ran costs nothing.
    private static boolean mayBeBilled(BatchStatus batch) {
        boolean failed = batch.state() == BatchState.FAILED || batch.state().refused();
        return !failed || batch.completed() > 0 || batch.outputFileId() != null;
    }

    /// Whether the job ever had a create whose response was lost or late, so that the lists are worth another look.
    static boolean hadADoubt(List<Submission> submissions) {
        return submissions.stream()
                .map(Submission::outcome)
                .anyMatch(outcome -> outcome == null || !ANSWERED.contains(outcome));
    }
}
