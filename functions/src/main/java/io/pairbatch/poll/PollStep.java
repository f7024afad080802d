package io.pairbatch.poll;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.RetryableException;
import io.pairbatch.poll.PollReport.Next;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.reconcile.Readiness;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Trouble;
import io.pairbatch.step.Account;
import io.pairbatch.step.Budget;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.Stop;
import io.pairbatch.step.TagRules;
import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks the status of the open batches ([Round]) and decides what comes next.
public final class PollStep {

    private static final int AT_MOST_TO_COLLECT = 100;
    private static final int LONGEST_FACTOR = 10;
    private static final long LONGEST_WAIT = 900;
    private static final int LONGEST_FIRST_PAUSE = 30;

    private final SegmentRegistry segments;
    private final Supplier<PriceTable> prices;
    private final Patience patience;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Backoff backoff;

    /// @param prices called when a job has a limit on its cost
    /// @param sleeper waits for `per_job_delay`
    public PollStep(
            SegmentRegistry segments,
            Supplier<PriceTable> prices,
            Patience patience,
            Clock clock,
            Sleeper sleeper,
            Backoff backoff) {
        this.segments = segments;
        this.prices = prices;
        this.patience = patience;
        this.clock = clock;
        this.sleeper = sleeper;
        this.backoff = backoff;
    }

    /// Polls once.
    ///
    /// @param unchanged what the previous poll returned under that name
    /// @throws RetryableException if no open batch could be read and nothing else can be done
    public PollReport poll(OpenJob job, Account account, int unchanged, Deadline deadline) {
        Round round = new Round(segments, patience, clock, sleeper, backoff, job, account, deadline);
        try {
            round.read(segments.all(job.id()));
        } catch (RefusedException e) {
            return new PollReport(Next.STOP, List.of(), 0, 0, Stop.refused(e, "reading a batch"), round.segments());
        }
        List<SegmentItem> all = round.segments();
        Stop noCredit = noCredit(job, round.noCredit(), all);
        if (noCredit != null) {
            return new PollReport(Next.STOP, List.of(), 0, 0, noCredit, all);
        }
        int still = round.changed() ? 0 : unchanged + 1;
        PollReport report = whatNext(job, account, round.refusedKeys(), still, all);
        RetryableException outage = round.outage();
        if (outage != null && report.next() == Next.WAIT && report.toCollect().isEmpty()) {
            throw outage;
        }
        return report;
    }

    /// Why the job waits for credit; null while the provider can still deliver anything. A batch that is refused later
    /// comes back here: pending segments are retried after a pause.
    private @Nullable Stop noCredit(OpenJob job, @Nullable String says, List<SegmentItem> all) {
        if (says == null) {
            return null;
        }
        boolean goesOn = all.stream().anyMatch(s -> switch (s.state()) {
            case SUBMITTED, SUBMITTING, ENDED -> true;
            default -> false;
        });
        if (goesOn) {
            return null;
        }
        // Whoever resumes the job has paid.
        all.stream()
                .filter(s -> s.state() == SegmentState.PENDING)
                .forEach(s -> segments.creations().postpone(job.id(), s, clock.instant()));
        return Stop.of(
                JobState.WAITING_FOR_KEY,
                ErrorCode.KEY_REFUSED,
                "the provider, reading a batch that it had created",
                says,
                "credit, or a higher spending limit");
    }

    /// A segment that could not be collected is handed out again after increasing pauses.
    private void handOut(OpenJob job, SegmentItem segment) {
        int attempts = segment.trouble().collectAttempts() + 1;
        Instant again = clock.instant().plus(backoff.after(attempts, firstPause(job)));
        segments.troubles().handedOut(job.id(), segment, again);
    }

    /// How long a segment pauses after its first failure, in seconds.
    static int firstPause(OpenJob job) {
        return Math.min(job.resolved().spec().polling().intervalSeconds(), LONGEST_FIRST_PAUSE);
    }

    private PollReport whatNext(
            OpenJob job, Account account, Set<String> refusedKeys, int unchanged, List<SegmentItem> all) {
        Instant now = clock.instant();
        TagRules rules = TagRules.of(job);
        List<SegmentItem> ended = all.stream()
                .filter(s -> s.state() == SegmentState.ENDED || s.collectAgain() != null || rules.outdated(s))
                .toList();
        List<SegmentItem> due =
                ended.stream().filter(s -> s.trouble().mayCollect(now)).toList();
        List<SegmentItem> handed = due.subList(0, Math.min(due.size(), AT_MOST_TO_COLLECT));
        handed.forEach(segment -> handOut(job, segment));
        List<Integer> toCollect = handed.stream().map(SegmentItem::index).toList();
        Duration stall = job.resolved().spec().polling().maxStall();
        Set<Integer> unseen = all.stream()
                .filter(s -> isUnseen(s, account, refusedKeys, now))
                .map(SegmentItem::index)
                .collect(Collectors.toSet());
        boolean noRoom = hasNoRoom(job, all);
        Instant readyAt = Readiness.of(all.stream()
                .filter(s -> !unseen.contains(s.index()) && !isStalled(s, stall, now))
                .filter(s -> !noRoom || s.state() != SegmentState.PENDING)
                .toList());
        // What the job must wait for, without segments that wait for a person.
        boolean open = readyAt != null
                || all.stream()
                        .anyMatch(s -> s.state() == SegmentState.SUBMITTED
                                && !unseen.contains(s.index())
                                && !isStalled(s, stall, now))
                || ended.stream().anyMatch(s -> !due.contains(s) && !isStalled(s, stall, now));
        long interval = Math.max(
                job.resolved().spec().polling().intervalSeconds(),
                account.provider().leastInterval().toSeconds());
        long wait = wait(interval, unchanged, now, earliest(readyAt, ended, now));
        if (due.size() > AT_MOST_TO_COLLECT) {
            return new PollReport(Next.POLL, toCollect, wait, unchanged, null, all);
        }
        if (readyAt != null && !now.isBefore(readyAt)) {
            return new PollReport(Next.SUBMIT, toCollect, wait, unchanged, null, all);
        }
        if (open) {
            return new PollReport(Next.WAIT, toCollect, wait, unchanged, null, all);
        }
        Stop stop = stop(all, unseen, ended, due);
        if (stop == null && noRoom) {
            // Nothing open can make room any more.
            return new PollReport(Next.SUBMIT, toCollect, wait, unchanged, null, all);
        }
        if (stop == null) {
            Next next = mayRetry(job) ? Next.RETRY : Next.MERGE;
            return new PollReport(next, toCollect, wait, unchanged, null, all);
        }
        // Nothing is left half done when the job stops.
        return due.isEmpty()
                ? new PollReport(Next.STOP, toCollect, wait, unchanged, stop, all)
                : new PollReport(Next.WAIT, toCollect, wait, unchanged, null, all);
    }

    /// Whether the job's limit has no room for the next segment now.
    private boolean hasNoRoom(OpenJob job, List<SegmentItem> all) {
        Optional<SegmentItem> next =
                all.stream().filter(s -> s.state() == SegmentState.PENDING).findFirst();
        if (next.isEmpty() || job.item().costs().limit() == null || job.item().cancelled()) {
            return false;
        }
        Costs costs = segments.jobs().find(job.id()).orElse(job.item()).costs();
        return !costs.hasRoomFor(
                Budget.of(job.resolved().spec(), prices.get(), all).of(next.get()));
    }

    private static boolean mayRetry(OpenJob job) {
        if (job.item().cancelled()) {
            return false;
        }
        return job.item().retryAsked() != null || job.resolved().spec().attemptsUnasked() > 1;
    }

    /// Whether its batch is denied by another key than the one that created it, which proves nothing about the batch.
    private boolean isUnseen(SegmentItem segment, Account account, Set<String> refusedKeys, Instant now) {
        String maker = segment.openAccount();
        return segment.state() == SegmentState.SUBMITTED
                && segment.trouble().missing().lastedFor(patience.denied(), now)
                && maker != null
                && account.of(maker)
                        .filter(at -> !refusedKeys.contains(at.window()))
                        .isEmpty();
    }

    /// Whether there were only failures for `max_stall`, the last of them just now.
    private static boolean isStalled(SegmentItem segment, Duration stall, Instant now) {
        Trouble trouble = segment.trouble();
        boolean reading = segment.state() == SegmentState.SUBMITTED;
        Instant since = reading ? trouble.pollFailingSince() : trouble.collectFailingSince();
        boolean justNow = reading ? !trouble.mayPoll(now) : !trouble.mayCollect(now);
        return justNow && since != null && now.isAfter(since.plus(stall));
    }

    private static @Nullable Instant earliest(@Nullable Instant readyAt, List<SegmentItem> ended, Instant now) {
        return Stream.concat(
                        Stream.ofNullable(readyAt),
                        ended.stream()
                                .map(s -> s.trouble().collectNotBefore())
                                .filter(again -> again != null && again.isAfter(now)))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /// The interval, doubled with each poll without news, up to ten times the interval and 15 minutes; shorter if
    /// something can be submitted or collected earlier.
    private static long wait(long interval, int unchanged, Instant now, @Nullable Instant readyAt) {
        long factor = Math.min(LONGEST_FACTOR, 1L << Math.min(unchanged, 4));
        long wait = Math.max(interval, Math.min(interval * factor, LONGEST_WAIT));
        if (readyAt != null) {
            wait = Math.min(wait, Duration.between(now, readyAt).toSeconds() + 1);
        }
        return Math.max(1, wait);
    }

    /// Why the job cannot continue, if all that is left waits for a person.
    private static @Nullable Stop stop(
            List<SegmentItem> all, Set<Integer> unseen, List<SegmentItem> ended, List<SegmentItem> due) {
        List<Integer> doubtful = indexes(all, s -> s.state() == SegmentState.IN_DOUBT);
        if (!doubtful.isEmpty()) {
            return Stop.of(
                    JobState.WAITING_FOR_DECISION,
                    ErrorCode.DECISION_NEEDED,
                    "segments " + doubtful,
                    "a create whose response was lost and whose batch cannot be looked up",
                    "proof that it exists or does not");
        }
        List<Integer> others = indexes(all, s -> unseen.contains(s.index()));
        if (!others.isEmpty()) {
            return Stop.of(
                    JobState.WAITING_FOR_KEY,
                    ErrorCode.KEY_REFUSED,
                    "segments " + others,
                    "batches that are unknown to this key, which is not the one that created them",
                    "a key of the project in which they were created");
        }
        List<SegmentItem> stalled = all.stream()
                .filter(s -> s.state() == SegmentState.SUBMITTED || ended.contains(s))
                .filter(s -> !due.contains(s))
                .toList();
        return stalled.isEmpty()
                ? null
                : Stop.of(
                        JobState.FAILED,
                        ErrorCode.STALLED,
                        "segments " + stalled.stream().map(SegmentItem::index).toList(),
                        "nothing but failures for max_stall, the last one " + words(stalled.getFirst()),
                        "the state and the files of their batches");
    }

    private static String words(SegmentItem segment) {
        String says = segment.providerSays();
        return says == null ? "without a message" : "`" + says + "`";
    }

    private static List<Integer> indexes(List<SegmentItem> all, Predicate<SegmentItem> which) {
        return all.stream().filter(which).map(SegmentItem::index).toList();
    }
}
