package io.pairbatch.submit;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.BatchOwners;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.spec.AdoptedBatch;
import io.pairbatch.step.Account;
import io.pairbatch.step.Account.Answered;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import io.pairbatch.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes over the batches that somebody else has made of a job's table. All of them are looked at before the first is
/// taken: one that another job has, or in which the provider counts other requests than the segment has rows, stops the
/// job with nothing taken. What the provider does not say now stops nothing; the poll asks again.
///
/// It follows from the frozen job, so a registry that was lost gets the same batches again.
final class Adopter {

    private static final Duration NEEDED = Duration.ofSeconds(30);

    private final SegmentRegistry segments;
    private final Clock clock;

    Adopter(SegmentRegistry segments, Clock clock) {
        this.segments = segments;
        this.clock = clock;
    }

    /// What came of it.
    ///
    /// @param again whether time was up
    /// @param stop why the job cannot continue
    record Result(boolean again, @Nullable Stop stop) {

        static final Result DONE = new Result(false, null);
    }

    /// Takes over what is not taken over yet.
    Result adopt(OpenJob job, Account account, Deadline deadline) throws FencedException {
        if (!job.resolved().spec().isRescued()) {
            return Result.DONE;
        }
        List<SegmentItem> first = segments.all(job.id()).stream()
                .filter(segment -> segment.attempt() == 1)
                .toList();
        List<SegmentItem> open = first.stream()
                .filter(segment -> segment.state() == SegmentState.PENDING && segment.submissions() == 0)
                .toList();
        if (open.isEmpty()) {
            return Result.DONE;
        }
        // Nobody else takes one between the two looks of one transaction; what was taken is not given back.
        boolean some = open.size() < first.size();
        Optional<BatchOwners.Owned> owned = new BatchOwners(segments).first(ids(job, open), job.id());
        if (owned.isPresent()) {
            return new Result(false, owned(owned.get().batchId(), owned.get().owner(), some));
        }
        Map<Integer, Answered<BatchStatus>> seen =
                look(job, account, open, deadline.earlier(deadline.left().dividedBy(2)));
        for (SegmentItem segment : open) {
            Stop other = otherRequests(job, segment, seen.get(segment.index()));
            if (other != null && !some) {
                return new Result(false, other);
            }
        }
        for (SegmentItem segment : open) {
            if (!deadline.allows(NEEDED)) {
                return new Result(true, null);
            }
            Stop stop = adopt(job, account, segment, seen.get(segment.index()));
            if (stop != null) {
                return new Result(false, stop);
            }
        }
        return Result.DONE;
    }

    private static AdoptedBatch batch(OpenJob job, SegmentItem segment) {
        return job.resolved().spec().batching().adopted().get(segment.index() - 1);
    }

    private static Set<String> ids(OpenJob job, List<SegmentItem> open) {
        return open.stream()
                .map(segment -> batch(job, segment).batchId())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /// What the provider says of the batches, as far as it says anything.
    private static Map<Integer, Answered<BatchStatus>> look(
            OpenJob job, Account account, List<SegmentItem> open, Deadline deadline) {
        Map<Integer, Answered<BatchStatus>> seen = new HashMap<>();
        for (SegmentItem segment : open) {
            String id = batch(job, segment).batchId();
            if (id == null || !deadline.allows(NEEDED)) {
                continue;
            }
            try {
                Answered<BatchStatus> status =
                        account.callAs(null, at -> at.provider().retrieve(id));
                if (status.answer().state() != BatchState.GONE) {
                    seen.put(segment.index(), status);
                }
            } catch (RefusedException e) {
                // The poll says what stands in the way.
            } catch (RetryableException e) {
                return seen;
            }
        }
        return seen;
    }

    private static @Nullable Stop otherRequests(
            OpenJob job, SegmentItem segment, @Nullable Answered<BatchStatus> seen) {
        AdoptedBatch batch = batch(job, segment);
        long total = seen == null ? 0 : seen.answer().total();
        if (total == 0 || total == batch.rows()) {
            return null;
        }
        return Stop.of(
                JobState.REJECTED,
                ErrorCode.RESCUE_ROWS,
                "batch " + batch.batchId() + " of segment " + segment.index(),
                total + " requests, as the provider counts",
                batch.rows() + ", as many as rows of the table");
    }

    private @Nullable Stop adopt(
            OpenJob job, Account account, SegmentItem segment, @Nullable Answered<BatchStatus> seen)
            throws FencedException {
        String id = batch(job, segment).batchId();
        if (id == null) {
            segments.creations()
                    .withdraw(job.id(), segment, "whoever has made the other batches has made none of these rows");
            return null;
        }
        BatchStatus status = seen == null ? null : seen.answer();
        boolean dated = status != null && status.createdAt().isAfter(Instant.EPOCH);
        Instant created = status != null && dated ? status.createdAt() : clock.instant();
        String file = status == null ? null : status.inputFileId();
        Submission submission = new Submission(
                segment.index(),
                1,
                String.format(Locale.ROOT, "%s-%06d-rescued", job.resolved().token(), segment.index()),
                file == null ? "" : file,
                seen == null ? account.window() : seen.by().window(),
                created,
                SubmissionOutcome.RESCUED,
                id);
        if (!segments.adoptions().adopt(job.fence(), submission)) {
            return owned(id, "another job, or by one that was deleted", true);
        }
        // The outcome first: an intent without one would be looked for in the provider's list.
        Mirror.outcome(job.store(), submission, SubmissionOutcome.RESCUED, id);
        Mirror.intent(job.store(), segment, submission, created);
        return null;
    }

    private static Stop owned(String batchId, String owner, boolean some) {
        return Stop.of(
                some ? JobState.FAILED : JobState.REJECTED,
                ErrorCode.RESCUE_BATCH_OWNED,
                "batch " + batchId,
                "that it is owned by " + owner,
                "a batch that no job has");
    }
}
