package io.pairbatch.submit;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.Evidence;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.reconcile.Readiness;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.AccountRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Submits the pending segments of a job, in order: upload (safe to repeat), intent (one transaction, mirrored to S3),
/// create (once), record. A crash between any two of them leaves either nothing paid, or an intent that [Reconciler]
/// resolves after its lease by asking the provider.
public final class Submitter {

    /// A create is not started unless there is time left for it and this reserve: a handler never returns, nor is
    /// ended, while one is in flight.
    private static final Duration RESERVE = Duration.ofSeconds(10);

    /// The maximum number of batches to create before the provider has validated the first.
    private static final int FIRST_BATCHES = 20;

    private final SegmentRegistry segments;
    private final AccountRegistry accounts;
    private final Reconciler reconciler;
    private final Supplier<PriceTable> prices;
    private final Duration leaseMargin;
    private final Clock clock;
    private final RandomGenerator random;
    private final Backoff backoff;

    /// @param prices called when a model's price is needed
    /// @param random draws the tokens and randomizes the pauses
    public Submitter(
            SegmentRegistry segments,
            Reconciler reconciler,
            Supplier<PriceTable> prices,
            Duration leaseMargin,
            Clock clock,
            RandomGenerator random) {
        this.segments = segments;
        this.accounts = segments.accounts();
        this.reconciler = reconciler;
        this.prices = prices;
        this.leaseMargin = leaseMargin;
        this.clock = clock;
        this.random = random;
        this.backoff = new Backoff(random);
    }

    /// Submits what can be submitted now. A problem with one segment affects only that segment: it is postponed, and
    /// the others continue.
    ///
    /// A call that ran out of time returns that, and the next one continues where it stopped; if a segment does not
    /// succeed with a whole call's time, that is an outage, not a lack of time.
    ///
    /// @throws RetryableException if S3 or the registry cannot be reached, or if the provider cannot and the job has
    /// nothing open there; what was submitted is recorded
    public SubmitReport submit(OpenJob job, Account account, Deadline deadline) {
        int submitted = 0;
        boolean fresh = true;
        Account at = account;
        List<SegmentItem> all = segments.all(job.id());
        Instant now = clock.instant();
        int room = room(account, all);
        Purse purse = Purse.of(job, segments, prices.get(), all);
        if (purse.stop() != null && !job.item().cancelled()) {
            return new SubmitReport(0, false, purse.stop());
        }
        RetryableException outage = null;
        for (SegmentItem segment : all) {
            Instant readyAt = Readiness.of(all, segment);
            boolean ready = readyAt != null && !now.isBefore(readyAt);
            boolean create = ready && segment.state() == SegmentState.PENDING;
            boolean waits = create && !job.item().cancelled() && (submitted >= room || purse.isEmpty());
            if (!ready || isOthers(job, segment) || waits) {
                continue;
            }
            boolean time = deadline.allows(createTimeout(account, segment).plus(RESERVE));
            if (!time && !fresh) {
                return ended(job, all, purse, submitted, true, outage);
            }
            Step step;
            try {
                if (!time) {
                    throw new RetryableException(
                            "a call has too little time to create a batch: "
                                    + deadline.left().toSeconds() + " s were left",
                            null);
                }
                if (create && job.item().cancelled()) {
                    step = withdraw(job, account, segment);
                } else if (create) {
                    step = submitOne(job, at, segment, purse, deadline, fresh);
                    Optional<Account> other = anotherKey(step, at);
                    while (other.isPresent()) {
                        at = other.get();
                        step = submitOne(job, at, segments.require(job.id(), segment.index()), purse, deadline, fresh);
                        other = anotherKey(step, at);
                    }
                } else {
                    step = reconciler.settle(job, account, segment) ? new Step.Done() : new Step.Skipped();
                }
            } catch (RetryableException e) {
                outage = e;
                setAside(job, segment, e);
                step = new Step.Skipped();
            }
            fresh = false;
            switch (step) {
                case Step.Done done -> submitted++;
                case Step.Skipped skipped -> {}
                case Step.OutOfTime outOfTime -> {
                    return ended(job, all, purse, submitted, true, outage);
                }
                case Step.WindowClosed closed -> {
                    return new SubmitReport(submitted, false, stalled(job, all));
                }
                case Step.Blocked blocked -> {
                    return new SubmitReport(submitted, false, blocked.why());
                }
            }
        }
        return ended(job, all, purse, submitted, false, outage);
    }

    /// Whether somebody else makes, or has made, the batch of these rows: none is ever created for them.
    private static boolean isOthers(OpenJob job, SegmentItem segment) {
        return job.resolved().spec().isOthers(segment.attempt());
    }

    /// The result of a call that did what it could. After an outage the call is not repeated at once, even if it ran
    /// out of time: the open batches are polled first.
    ///
    /// @throws RetryableException the outage, if nothing is open at the provider
    private SubmitReport ended(
            OpenJob job,
            List<SegmentItem> all,
            Purse purse,
            int submitted,
            boolean outOfTime,
            @Nullable RetryableException outage) {
        purse.close(job);
        if (outage != null && submitted == 0 && all.stream().noneMatch(s -> s.state() == SegmentState.SUBMITTED)) {
            throw outage;
        }
        return new SubmitReport(submitted, outOfTime && outage == null, stalled(job, all));
    }

    /// A segment that could not be submitted is retried after its own pause.
    private void setAside(OpenJob job, SegmentItem segment, RetryableException e) {
        Instant until = clock.instant()
                .plus(backoff.after(1, job.resolved().spec().polling().intervalSeconds()));
        if (segment.state() == SegmentState.PENDING) {
            segments.creations().setAside(job.id(), segment.index(), words(e), until);
        } else {
            segments.creations().lookAgain(job.id(), segment, until);
        }
    }

    private static String words(RetryableException e) {
        return Objects.requireNonNullElse(e.getMessage(), "the provider could not be reached");
    }

    /// The provider has refused every attempt at a segment for longer than the job may wait.
    private @Nullable Stop stalled(OpenJob job, List<SegmentItem> all) {
        Instant since = clock.instant().minus(job.resolved().spec().polling().maxStall());
        return all.stream()
                .filter(s -> s.state() == SegmentState.PENDING
                        && s.failingSince() != null
                        && s.failingSince().isBefore(since))
                .findFirst()
                .map(s -> Stop.of(
                        JobState.FAILED,
                        ErrorCode.STALLED,
                        "segment " + s.index() + ", refused since " + s.failingSince(),
                        Objects.requireNonNullElse(s.providerSays(), "no answer"),
                        "a batch within max_stall"))
                .orElse(null);
    }

    /// How many batches may be created now. If the provider validates a batch only after its create, each one that is
    /// not validated yet may come back for lack of room: start with a few, then allow as many again as were accepted,
    /// and only one at a time after one has come back.
    private static int room(Account account, List<SegmentItem> all) {
        if (!account.provider().refusesAfterCreate()) {
            return Integer.MAX_VALUE;
        }
        boolean bounced = all.stream().anyMatch(s -> s.state() == SegmentState.PENDING && s.bounces() > 0);
        int letIn = (int) all.stream().filter(s -> s.requestsTotal() > 0).count();
        int unseen = (int) all.stream()
                .filter(s -> s.state() == SegmentState.SUBMITTED && s.requestsTotal() == 0)
                .count();
        return Math.max(0, (bounced ? 1 : Math.max(FIRST_BATCHES, letIn)) - unseen);
    }

    /// A refused key has created nothing.
    private static Optional<Account> anotherKey(Step step, Account account) {
        boolean refused = step instanceof Step.Blocked blocked && blocked.why().code() == ErrorCode.KEY_REFUSED;
        return refused ? account.other().get() : Optional.empty();
    }

    private sealed interface Step {

        record Done() implements Step {}

        record Skipped() implements Step {}

        record OutOfTime() implements Step {}

        record WindowClosed() implements Step {}

        record Blocked(Stop why) implements Step {}
    }

    /// A batch that was given up, and appears after all, may be the segment's.
    ///
    /// @return null if there is none
    private @Nullable Step late(OpenJob job, Account account, SegmentItem segment) {
        return switch (reconciler.late(job, account, segment)) {
            case Reconciler.Late.None none -> null;
            case Reconciler.Late.Taken taken -> new Step.Done();
            case Reconciler.Late.Wait wait -> {
                segments.creations()
                        .setAside(
                                job.id(),
                                segment.index(),
                                "waits for the end of a batch that may be its own",
                                wait.until());
                yield new Step.Skipped();
            }
        };
    }

    /// The segment of a cancelled job is not sent any more.
    private Step withdraw(OpenJob job, Account account, SegmentItem segment) {
        Step late = late(job, account, segment);
        if (late != null) {
            return late;
        }
        segments.creations().withdraw(job.id(), segment, "the job was cancelled before it was sent");
        return new Step.Done();
    }

    /// @param fresh whether nothing else has used up this call's time: no other call has more
    private Step submitOne(
            OpenJob job, Account account, SegmentItem segment, Purse purse, Deadline deadline, boolean fresh) {
        Step late = late(job, account, segment);
        if (late != null) {
            return late;
        }
        Reservation bound = purse.bound(segment);
        if (!purse.hasRoomFor(segment)) {
            return new Step.Skipped();
        }
        String fileId = known(account, segment);
        Duration upload = BatchProvider.uploadTime(segment.inputBytes());
        if (fileId == null && !fresh && !deadline.allows(upload.plus(RESERVE))) {
            return new Step.OutOfTime();
        }
        try {
            fileId = fileId == null ? upload(job, account, segment) : fileId;
        } catch (RefusedException e) {
            return new Step.Blocked(Stop.refused(e, "uploading " + JobFiles.input(segment.index())));
        }
        Duration timeout = createTimeout(account, segment);
        if (!deadline.allows(timeout.plus(RESERVE))) {
            return new Step.OutOfTime();
        }
        int number = segment.submissions() + 1;
        Submission submission = new Submission(
                segment.index(),
                number,
                token(job, segment),
                fileId,
                account.window(),
                clock.instant(),
                null,
                null,
                bound);
        AccountRegistry.Turn turn =
                account.provider().evidence() == Evidence.REQUEST_IDS ? accounts.turn(account.window()) : null;
        if (turn != null && turn.isTaken(clock.instant())) {
            return notMyTurn(job, segment);
        }
        Instant leaseUntil = deadline.end().plus(leaseMargin);
        // A batch is searched for once its create has certainly ended, if it was sent at all.
        Instant createUntil = clock.instant().plus(timeout).plus(RESERVE);
        Long limit = purse.limit();
        switch (segments.creations().intend(job.fence(), segment, submission, leaseUntil, createUntil, limit, turn)) {
            case MINE -> {}
            case NO_ROOM -> {
                purse.lacks(segment);
                return new Step.Skipped();
            }
            case LOST -> {
                return new Step.Skipped();
            }
            case NOT_MY_TURN -> {
                return notMyTurn(job, segment);
            }
        }
        Mirror.intent(job.store(), segment, submission, leaseUntil);
        if (!deadline.allows(timeout)) {
            // The intent took long, or the machine slept. Nothing is sent; the lease settles the intent.
            return new Step.OutOfTime();
        }
        CreateOutcome outcome = account.provider().create(batch(job, segment, submission), timeout);
        if (turn != null && !(outcome instanceof CreateOutcome.InDoubt)) {
            accounts.release(submission);
        }
        return record(job, segment, submission, outcome);
    }

    private static Duration createTimeout(Account account, SegmentItem segment) {
        return account.provider().createTimeout(segment.inputBytes());
    }

    private Step notMyTurn(OpenJob job, SegmentItem segment) {
        segments.creations()
                .postpone(
                        job.id(),
                        segment,
                        clock.instant()
                                .plusSeconds(job.resolved().spec().polling().intervalSeconds()));
        return new Step.WindowClosed();
    }

    /// The segment's file at the provider; empty if the provider does not use files, null if one must be uploaded.
    private @Nullable String known(Account account, SegmentItem segment) {
        if (!account.provider().takesFiles()) {
            return "";
        }
        Instant uploaded = segment.fileUploadedAt();
        boolean usable = uploaded != null
                && clock.instant().isBefore(uploaded.plus(account.provider().fileLife()));
        return usable ? segment.fileId() : null;
    }

    private String upload(OpenJob job, Account account, SegmentItem segment) throws RefusedException {
        String input = JobFiles.input(segment.index());
        String fileId = account.provider().upload(job.id() + "-" + input, segment.inputBytes(), () -> open(job, input));
        segments.creations().recordUpload(job.id(), segment.index(), fileId);
        return fileId;
    }

    private static InputStream open(OpenJob job, String name) throws IOException {
        return job.store().open(name).orElseThrow(() -> new IOException(name + " is gone"));
    }

    private String token(OpenJob job, SegmentItem segment) {
        byte[] drawn = new byte[8];
        random.nextBytes(drawn);
        return String.format(
                Locale.ROOT,
                "%s-%06d-%s",
                job.resolved().token(),
                segment.index(),
                HexFormat.of().formatHex(drawn));
    }

    private static NewBatch batch(OpenJob job, SegmentItem segment, Submission submission) {
        ResolvedJob resolved = job.resolved();
        Map<String, String> metadata = new HashMap<>(resolved.spec().options().metadata());
        metadata.put(BatchProvider.JOB, job.id());
        metadata.put("pairbatch_segment", Integer.toString(submission.segment()));
        metadata.put(BatchProvider.TOKEN, submission.token());
        String endpoint = Providers.format(resolved.spec().backend())
                .requests(resolved.spec(), resolved.token())
                .endpoint();
        return new NewBatch(
                submission.fileId(),
                resolved.spec().model(),
                endpoint,
                metadata,
                segment.rows(),
                segment.inputBytes(),
                () -> open(job, JobFiles.input(segment.index())));
    }

    private Step record(OpenJob job, SegmentItem segment, Submission submission, CreateOutcome outcome) {
        return switch (outcome) {
            case CreateOutcome.Created created -> {
                reconciler.answered(job, submission, created.batchId());
                yield new Step.Done();
            }
            // The lease expires first; until then the create may still arrive at the provider.
            case CreateOutcome.InDoubt doubt -> new Step.Skipped();
            case CreateOutcome.Refused refused ->
                refused(job, segment, submission, refused.reason(), refused.retryAfter());
        };
    }

    private Step refused(
            OpenJob job, SegmentItem segment, Submission submission, RefusedException reason, Duration retryAfter) {
        Instant now = clock.instant();
        Mirror.outcome(job.store(), submission, SubmissionOutcome.REFUSED, null);
        switch (reason.kind()) {
            case KEY -> {
                segments.creations().returnToPending(job.fence(), submission, SubmissionOutcome.REFUSED, now);
                return new Step.Blocked(Stop.refused(reason, "creating a batch"));
            }
            case LATER -> {
                Duration pause = backoff.after(
                        submission.number(), job.resolved().spec().polling().intervalSeconds());
                Instant after = now.plus(retryAfter.compareTo(pause) > 0 ? retryAfter : pause);
                segments.creations().returnToPending(job.fence(), submission, SubmissionOutcome.REFUSED, after);
                segments.creations().setAside(job.id(), segment.index(), reason.describe(), after);
                return new Step.WindowClosed();
            }
            case NOT_FOUND -> {
                // The newly uploaded file may not be available yet, or the previous one no longer.
                int refusals = refusals(job, segment);
                if (refusals < job.resolved().spec().polling().openaiMaxRetries()) {
                    segments.creations().forgetFile(job.id(), segment.index());
                    segments.creations().returnToPending(job.fence(), submission, SubmissionOutcome.REFUSED, now);
                    segments.creations()
                            .setAside(
                                    job.id(),
                                    segment.index(),
                                    reason.describe(),
                                    now.plus(Backoff.untilFileIsThere(refusals)));
                    return new Step.Skipped();
                }
            }
            case REQUEST -> {
                // Nothing was accepted so far, so the refusal concerns the job: it stops, and can continue after a
                // correction.
                if (segments.all(job.id()).stream().allMatch(s -> isUntried(s) || s.index() == segment.index())) {
                    segments.creations().returnToPending(job.fence(), submission, SubmissionOutcome.REFUSED, now);
                    return new Step.Blocked(Stop.refused(reason, "creating a batch"));
                }
            }
        }
        segments.creations().recordRefused(job.id(), submission, ErrorCode.PROVIDER_REFUSED.name(), reason.describe());
        return new Step.Skipped();
    }

    /// How often the provider has explicitly refused the segment, including this time. A create whose response was
    /// lost, or a batch that came back for lack of room, is not a refusal of the segment.
    private int refusals(OpenJob job, SegmentItem segment) {
        return 1
                + (int) segments.submissions(job.id(), segment.index()).stream()
                        .filter(s -> s.outcome() == SubmissionOutcome.REFUSED)
                        .count();
    }

    private static boolean isUntried(SegmentItem segment) {
        return segment.state() == SegmentState.PENDING && segment.submissions() == 0;
    }
}
