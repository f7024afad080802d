package io.pairbatch.poll;

import io.pairbatch.job.ErrorCode;
import io.pairbatch.job.RetryableException;
import io.pairbatch.poll.PollReport.Next;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.Account;
import io.pairbatch.step.Deadline;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import io.pairbatch.submit.Backoff;
import io.pairbatch.submit.Submitter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One round over a job's open batches: by the provider's list where more than a few are open, else one by one, the
/// oldest-checked first with `per_job_delay` between; whatever time did not suffice for is read in the next round.
public final class Poller {

    private static final int AT_MOST_TO_COLLECT = 100;
    private static final int FEW = 3;
    private static final int LONGEST_FACTOR = 10;
    private static final long LONGEST_WAIT = 900;
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final Duration NEEDED = Duration.ofSeconds(30);

    private final SegmentRegistry segments;
    private final Submitter submitter;
    private final Clock clock;

    public Poller(SegmentRegistry segments, Submitter submitter, Clock clock) {
        this.segments = segments;
        this.submitter = submitter;
        this.clock = clock;
    }

    /// Polls once.
    ///
    /// @param unchanged what the previous poll returned under that name
    public PollReport poll(OpenJob job, Account account, int unchanged, Deadline deadline) {
        List<SegmentItem> open = segments.all(job.id()).stream()
                .filter(s -> s.state() == SegmentState.SUBMITTED)
                .toList();
        boolean changed;
        try {
            changed = account.call(at -> readAll(job, at, open, deadline));
        } catch (RefusedException e) {
            return new PollReport(Next.STOP, List.of(), 0, 0, Stop.refused(e, "reading a batch"));
        }
        return whatNext(job, account, changed ? 0 : unchanged + 1);
    }

    private boolean readAll(OpenJob job, Account account, List<SegmentItem> open, Deadline deadline)
            throws RefusedException {
        Map<String, SegmentItem> unread = new HashMap<>();
        open.forEach(s -> unread.put(Objects.requireNonNull(s.batchId()), s));
        boolean changed = false;
        if (open.size() > FEW) {
            changed = readListed(job, account, unread);
        }
        List<SegmentItem> rest = unread.values().stream()
                .sorted(Comparator.comparing(Poller::checked).thenComparingInt(SegmentItem::index))
                .toList();
        for (SegmentItem segment : rest) {
            if (!deadline.allows(NEEDED)) {
                break;
            }
            if (!segment.equals(rest.getFirst())) {
                pause(job.resolved().spec().perJobDelay());
            }
            BatchStatus status = account.provider().retrieve(Objects.requireNonNull(segment.batchId()));
            String maker = segment.openAccount();
            if (status.state() == BatchState.GONE && maker != null && !maker.equals(account.window())) {
                throw new RefusedException(
                        RefusedException.Kind.KEY,
                        404,
                        null,
                        "batch " + status.id() + " is unknown to this key, which is not the one that made it");
            }
            changed |= apply(job, segment, status);
        }
        return changed;
    }

    /// Takes the batches found out of `unread`. Where there is no list to be had, single reads follow.
    private boolean readListed(OpenJob job, Account account, Map<String, SegmentItem> unread) {
        Instant oldest = unread.values().stream()
                .map(s -> Objects.requireNonNullElse(s.submittedAt(), Instant.EPOCH))
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        boolean[] changed = {false};
        try {
            account.provider().list(oldest.minus(CLOCK_SKEW), batch -> {
                SegmentItem segment = unread.remove(batch.id());
                if (segment != null) {
                    changed[0] |= apply(job, segment, batch);
                }
                return !unread.isEmpty();
            });
        } catch (RefusedException | RetryableException e) {
            return changed[0];
        }
        return changed[0];
    }

    private static Instant checked(SegmentItem segment) {
        return Objects.requireNonNullElse(segment.checkedAt(), Instant.EPOCH);
    }

    private static void pause(double seconds) {
        try {
            Thread.sleep(Math.round(seconds * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean apply(OpenJob job, SegmentItem segment, BatchStatus batch) {
        if (batch.state() == BatchState.NO_ROOM) {
            Instant after = clock.instant()
                    .plus(Backoff.after(
                            segment.submissions(), job.resolved().spec().intervalSeconds()));
            String why = Objects.requireNonNullElse(batch.errorCode(), batch.status());
            segments.backPressure(job.fence(), segment, why, after);
            return true;
        }
        if (batch.state().terminal()) {
            segments.ended(job.id(), segment, ending(batch));
            return true;
        }
        boolean changed = !batch.status().equals(segment.providerStatus())
                || batch.completed() != segment.requestsCompleted()
                || batch.failed() != segment.requestsFailed();
        segments.progress(job.id(), segment, batch.status(), batch.total(), batch.completed(), batch.failed());
        return changed;
    }

    private static Ending ending(BatchStatus batch) {
        SegmentState outcome = switch (batch.state()) {
            case FAILED, NO_ROOM, GONE -> SegmentState.FAILED;
            case CANCELLED -> SegmentState.CANCELLED;
            case COMPLETED, EXPIRED, RUNNING -> SegmentState.COLLECTED;
        };
        return new Ending(
                outcome,
                batch.status(),
                batch.total(),
                batch.completed(),
                batch.failed(),
                batch.outputFileId(),
                batch.errorFileId(),
                batch.errorCode(),
                batch.errorMessage());
    }

    private PollReport whatNext(OpenJob job, Account account, int unchanged) {
        Instant now = clock.instant();
        List<SegmentItem> all = segments.all(job.id());
        List<Integer> ended = all.stream()
                .filter(s -> s.state() == SegmentState.ENDED)
                .map(SegmentItem::index)
                .toList();
        Instant readyAt = submitter.readyAt(all);
        boolean open = readyAt != null || all.stream().anyMatch(s -> s.state() == SegmentState.SUBMITTED);
        List<Integer> toCollect = ended.subList(0, Math.min(ended.size(), AT_MOST_TO_COLLECT));
        long interval = Math.max(
                job.resolved().spec().intervalSeconds(),
                account.provider().leastInterval().toSeconds());
        long wait = wait(interval, unchanged, now, readyAt);
        if (ended.size() > AT_MOST_TO_COLLECT) {
            return new PollReport(Next.POLL, toCollect, wait, unchanged, null);
        }
        if (readyAt != null && !now.isBefore(readyAt)) {
            return new PollReport(Next.SUBMIT, toCollect, wait, unchanged, null);
        }
        if (open) {
            return new PollReport(Next.WAIT, toCollect, wait, unchanged, null);
        }
        Stop doubt = doubt(all);
        return new PollReport(doubt == null ? Next.MERGE : Next.STOP, toCollect, wait, unchanged, doubt);
    }

    /// The interval, doubled with each poll that found nothing new, up to tenfold and 15 minutes; shorter when
    /// something
    /// can be submitted before.
    private static long wait(long interval, int unchanged, Instant now, @Nullable Instant readyAt) {
        long factor = Math.min(LONGEST_FACTOR, 1L << Math.min(unchanged, 4));
        long wait = Math.max(interval, Math.min(interval * factor, LONGEST_WAIT));
        if (readyAt != null) {
            wait = Math.min(wait, Duration.between(now, readyAt).toSeconds() + 1);
        }
        return Math.max(1, wait);
    }

    private static @Nullable Stop doubt(List<SegmentItem> all) {
        List<Integer> doubtful = all.stream()
                .filter(s -> s.state() == SegmentState.IN_DOUBT)
                .map(SegmentItem::index)
                .toList();
        if (doubtful.isEmpty()) {
            return null;
        }
        return Stop.of(
                JobState.WAITING_FOR_DECISION,
                ErrorCode.DECISION_NEEDED,
                "segments " + doubtful,
                "a create whose answer was lost and whose batch cannot be looked up",
                "proof that it exists or does not");
    }
}
