package io.pairbatch.poll;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.reconcile.Strays;
import io.pairbatch.registry.BatchRegistry;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Trouble.Denials;
import io.pairbatch.spec.OverdueRule;
import io.pairbatch.step.Account;
import io.pairbatch.step.Endings;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// One round over a job's open batches: reads the provider's list if more than a few are open, otherwise one batch
/// after another with `per_job_delay` in between; the next round starts with the batches that this one had no time for.
/// A failure is recorded with its batch and does not affect the others. Only changes are written.
final class Round {

    private static final int MOST_READ_SINGLY = 3;
    private static final String DECIDED = "a person has decided so";
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    /// A provider ends a batch by itself at the end of its window, but not to the minute.
    static final Duration OVERDUE_MARGIN = Duration.ofHours(1);

    private static final Duration NEEDED = Duration.ofSeconds(30);

    private final SegmentRegistry segments;
    private final Patience patience;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Backoff backoff;
    private final OpenJob job;
    private final Account account;
    private final Deadline deadline;

    /// All of the job's segments by number, each as it was last read or written.
    private final SortedMap<Integer, SegmentItem> standing = new TreeMap<>();

    private final Set<String> refusedKeys = new HashSet<>();
    private final Set<String> owned = new HashSet<>();
    private @Nullable Absence absence;
    private boolean changed;
    private int answers;
    private @Nullable String noCredit;
    private @Nullable RetryableException outage;

    Round(
            SegmentRegistry segments,
            Patience patience,
            Clock clock,
            Sleeper sleeper,
            Backoff backoff,
            OpenJob job,
            Account account,
            Deadline deadline) {
        this.segments = segments;
        this.patience = patience;
        this.clock = clock;
        this.sleeper = sleeper;
        this.backoff = backoff;
        this.job = job;
        this.account = account;
        this.deadline = deadline;
    }

    /// All of the job's segments, in order, after this round.
    List<SegmentItem> segments() {
        return List.copyOf(standing.values());
    }

    /// Whether anything has changed.
    boolean changed() {
        return changed;
    }

    /// The IDs of the keys that were refused.
    Set<String> refusedKeys() {
        return refusedKeys;
    }

    /// The provider's message, if a batch was refused because the account has no credit.
    @Nullable
    String noCredit() {
        return noCredit;
    }

    /// The last failure, if there were only outages; null if anything was answered, or nothing was asked.
    @Nullable
    RetryableException outage() {
        return answers == 0 ? outage : null;
    }

    /// Reads the status of a job's open batches.
    ///
    /// @param all all of its segments
    /// @throws RefusedException if every key is refused
    void read(List<SegmentItem> all) throws RefusedException {
        all.forEach(segment -> standing.put(segment.index(), segment));
        List<SegmentItem> open =
                all.stream().filter(s -> s.state() == SegmentState.SUBMITTED).toList();
        if (job.item().cancelled()) {
            for (SegmentItem segment : open) {
                cancel(segment);
            }
        } else if (job.resolved().spec().polling().overdue() == OverdueRule.CANCEL) {
            for (SegmentItem segment : open) {
                if (isOverdue(segment)) {
                    cancel(segment);
                }
            }
        }
        all.stream().map(SegmentItem::batchId).filter(Objects::nonNull).forEach(owned::add);
        absence = new Absence(segments, job, patience.listsTrusted(), open, owned);
        Map<String, SegmentItem> unread = new HashMap<>();
        open.forEach(s -> unread.put(Objects.requireNonNull(s.batchId()), s));
        if (open.size() > MOST_READ_SINGLY) {
            readListed(unread);
        }
        int before = job.item().readTo();
        List<SegmentItem> rest = unread.values().stream()
                .filter(s -> s.trouble().mayPoll(clock.instant()))
                .sorted(Comparator.comparing((SegmentItem s) -> s.index() <= before)
                        .thenComparingInt(SegmentItem::index))
                .toList();
        int readTo = before;
        boolean cut = false;
        for (SegmentItem segment : rest) {
            cut = !deadline.allows(NEEDED);
            if (cut) {
                break;
            }
            if (!segment.equals(rest.getFirst())) {
                sleeper.sleep(Duration.ofMillis(
                        Math.round(job.resolved().spec().polling().perJobDelay() * 1000)));
            }
            readOne(segment);
            readTo = segment.index();
        }
        int next = cut ? readTo : 0;
        if (next != before) {
            segments.jobs().recordReadTo(job.fence(), next);
        }
    }

    private boolean isOverdue(SegmentItem segment) {
        Instant submitted = segment.submittedAt();
        Duration longest = account.provider().window().plus(OVERDUE_MARGIN);
        return submitted != null && !clock.instant().isBefore(submitted.plus(longest));
    }

    /// Asks the provider to stop a batch, once; what it has done by then is billed, and collected. If that fails, the
    /// next round asks again.
    private void cancel(SegmentItem segment) throws RefusedException {
        if (segment.cancelAsked() != null || !deadline.allows(NEEDED)) {
            return;
        }
        String batchId = Objects.requireNonNull(segment.batchId());
        try {
            account.callAs(segment.openAccount(), at -> at.provider().cancel(batchId));
            segments.batches().recordCancelAsked(job.id(), segment);
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.KEY) {
                throw e;
            }
        } catch (RetryableException e) {
            outage = e;
        }
    }

    /// Removes the batches that were found from `unread`. If there is no list, single reads follow.
    private void readListed(Map<String, SegmentItem> unread) {
        Instant oldest = oldest(unread.values());
        List<BatchStatus> listed = new ArrayList<>();
        Set<String> wanted = new HashSet<>(unread.keySet());
        try {
            account.call(at -> {
                Strays strays = new Strays(segments, job, at, owned);
                at.provider().list(oldest.minus(CLOCK_SKEW), batch -> {
                    strays.see(batch);
                    if (wanted.remove(batch.id())) {
                        listed.add(batch);
                    }
                    return !wanted.isEmpty();
                });
                strays.note();
                return at;
            });
        } catch (SdkException | JobRejectedException e) {
            throw e;
        } catch (RetryableException e) {
            // As below; if it also used up the others' time, this is all that is known about them.
            outage = e;
        } catch (RefusedException | RuntimeException e) {
            // Batches listed before the failure count; the others are read one by one.
        }
        for (BatchStatus batch : listed) {
            answers++;
            take(Objects.requireNonNull(unread.remove(batch.id())), batch);
        }
    }

    /// When the first of them was submitted.
    static Instant oldest(Collection<SegmentItem> open) {
        return open.stream()
                .map(s -> Objects.requireNonNullElse(s.submittedAt(), Instant.EPOCH))
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /// Takes over what was written for a segment, or reads the segment if somebody else has written it.
    private void now(SegmentItem segment, Optional<SegmentItem> written) {
        written.or(() -> segments.find(job.id(), segment.index()))
                .ifPresentOrElse(s -> standing.put(s.index(), s), () -> standing.remove(segment.index()));
    }

    /// The status of one batch, and the key that read it.
    private record Reading(BatchStatus batch, Account account) {}

    private void readOne(SegmentItem segment) throws RefusedException {
        Reading reading;
        try {
            reading = ask(segment);
        } catch (SdkException | JobRejectedException e) {
            // This concerns our own keys, not the batch.
            throw e;
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.KEY) {
                throw e;
            }
            answers++;
            if (segment.trouble().giveUp()) {
                lost(segment, DECIDED);
            } else {
                unread(segment, e.describe());
            }
            return;
        } catch (RetryableException e) {
            outage = e;
            unread(segment, String.valueOf(e.getMessage()));
            return;
        } catch (RuntimeException e) {
            answers++;
            unread(segment, e.toString());
            return;
        }
        answers++;
        if (reading.batch().state() == BatchState.GONE) {
            denied(segment, reading);
        } else {
            take(segment, reading.batch());
        }
    }

    /// Tries each key until one knows the batch, or until the key that created it does not.
    private Reading ask(SegmentItem segment) throws RefusedException {
        String batchId = Objects.requireNonNull(segment.batchId());
        Reading denied = null;
        RefusedException refused = null;
        Optional<Account> next = Optional.of(account);
        while (next.isPresent()) {
            Account at = next.get();
            try {
                if (!refusedKeys.contains(at.window()) || at.other().get().isEmpty()) {
                    BatchStatus batch = at.provider().retrieve(batchId);
                    boolean decides = batch.state() != BatchState.GONE || isMaker(at, segment);
                    denied = denied == null || decides ? new Reading(batch, at) : denied;
                    if (decides) {
                        return denied;
                    }
                }
            } catch (RefusedException e) {
                if (e.kind() != RefusedException.Kind.KEY) {
                    throw e;
                }
                refusedKeys.add(at.window());
                refused = e;
            }
            next = at.other().get();
        }
        if (denied != null) {
            return denied;
        }
        throw Objects.requireNonNull(refused);
    }

    private static boolean isMaker(Account account, SegmentItem segment) {
        String maker = segment.openAccount();
        return maker == null || maker.equals(account.window());
    }

    private void unread(SegmentItem segment, String says) {
        int failures = segment.trouble().pollFailures() + 1;
        Instant again = clock.instant().plus(backoff.after(failures, PollStep.firstPause(job)));
        now(segment, segments.troubles().unread(job.id(), segment, says, again));
    }

    /// A known batch counts as lost only if the provider has denied it for long enough, and its list, or the time
    /// passed, proves it.
    private void denied(SegmentItem seen, Reading reading) {
        String says = "HTTP 404: no batch " + seen.batchId();
        Optional<SegmentItem> noted = segments.troubles().denied(job.id(), seen, says, patience.denied());
        now(seen, noted);
        if (noted.isEmpty()) {
            return;
        }
        SegmentItem segment = noted.get();
        Denials denials = segment.trouble().missing();
        if (segment.trouble().giveUp()) {
            lost(segment, DECIDED);
        } else if (denials.lastedFor(patience.denied(), clock.instant())) {
            switch (Objects.requireNonNull(absence).look(reading.account(), segment)) {
                case Absence.Sight.Listed listed -> take(segment, listed.batch());
                case Absence.Sight.Witnessed witnessed ->
                    lost(segment, "its list shows other batches and not this one");
                case Absence.Sight.NoProof noProof -> unproved(segment, reading, noProof.why());
                case Absence.Sight.NoList noList -> {}
            }
        }
    }

    private void unproved(SegmentItem segment, Reading reading, String why) {
        if (!isMaker(reading.account(), segment)) {
            // That proves nothing about the batch; a person must supply the right key.
            return;
        }
        Duration longest = reading.account().provider().window().plus(patience.beyondWindow());
        Instant submitted = Objects.requireNonNullElse(segment.submittedAt(), clock.instant());
        if (!clock.instant().isBefore(submitted.plus(longest))) {
            lost(segment, why + "; it was waited for until " + longest.toHours() + " hours after its create");
        }
    }

    private void lost(SegmentItem segment, String proof) {
        changed = true;
        Denials denials = segment.trouble().missing();
        String since = denials.since() == null
                ? ""
                : "the provider has denied batch " + segment.batchId() + " since " + denials.since() + "; ";
        Ending ending = new Ending(
                SegmentState.FAILED,
                FailureCode.BATCH_LOST.code(),
                segment.requestsTotal(),
                segment.requestsCompleted(),
                segment.requestsFailed(),
                null,
                null,
                FailureCode.BATCH_LOST.code(),
                since + proof);
        now(segment, segments.batches().recordEnd(job.id(), segment, ending));
    }

    private void take(SegmentItem segment, BatchStatus batch) {
        if (batch.state().refused() && isGivenBack(segment, batch)) {
            now(segment, Optional.empty());
            changed = true;
            return;
        }
        if (batch.state().terminal()) {
            now(segment, segments.batches().recordEnd(job.id(), segment, ending(segment, batch)));
            changed = true;
            return;
        }
        boolean isNews = BatchRegistry.isNews(segment, batch.status(), batch.completed(), batch.failed());
        if (isNews
                || batch.total() != segment.requestsTotal()
                || segment.providerSays() != null
                || segment.trouble().ofReading()) {
            now(
                    segment,
                    segments.batches()
                            .recordProgress(
                                    job.id(),
                                    segment,
                                    batch.status(),
                                    batch.total(),
                                    batch.completed(),
                                    batch.failed()));
        }
        changed |= isNews;
    }

    /// A batch that was stopped because it was overdue says so.
    private Ending ending(SegmentItem segment, BatchStatus batch) {
        Ending ending = Endings.of(segment, batch);
        boolean ours = ending.outcome() == SegmentState.CANCELLED
                && segment.cancelAsked() != null
                && !job.item().cancelled();
        return ours && ending.errorMessage() == null && ending.errorCode() == null
                ? ending.because(
                        "cancelled at " + segment.cancelAsked() + " because it was overdue (`overdue` is `cancel`)")
                : ending;
    }

    /// Resets a segment whose batch was refused after its create, unless any of its requests was ever counted as done:
    /// that may have been billed.
    private boolean isGivenBack(SegmentItem segment, BatchStatus batch) {
        boolean someFailed = segment.requestsFailed() > 0 && batch.state() != BatchState.NO_ROOM;
        // What somebody else has made is not ours to send: a person decides.
        boolean adopted = job.resolved().spec().isOthers(segment.attempt());
        if (adopted || segment.requestsCompleted() > 0 || someFailed) {
            return false;
        }
        String why = refusal(batch);
        if (batch.state() == BatchState.NO_FILE) {
            int failures = segment.fileFailures() + 1;
            if (failures >= job.resolved().spec().polling().openaiMaxRetries()) {
                return false;
            }
            segments.batches()
                    .returnForLackOfFile(
                            job.fence(), segment, why, clock.instant().plus(Backoff.untilFileIsThere(failures)));
            return true;
        }
        if (batch.state() == BatchState.NO_CREDIT) {
            noCredit = why;
        }
        Duration pause = backoff.after(
                segment.submissions(), job.resolved().spec().polling().intervalSeconds());
        segments.batches()
                .returnForLackOfRoom(job.fence(), segment, why, clock.instant().plus(pause));
        return true;
    }

    /// The provider's own message, its code first.
    private static String refusal(BatchStatus batch) {
        String code = Objects.requireNonNullElse(batch.errorCode(), batch.status());
        String message = Endings.cut(batch.errorMessage());
        return message == null ? code : code + ": " + message;
    }
}
