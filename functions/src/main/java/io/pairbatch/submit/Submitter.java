package io.pairbatch.submit;

import io.pairbatch.job.ErrorCode;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.OpenAiOptions;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.Evidence;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.AccountRegistry;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.Deadline;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Submits the pending segments of a job, in order: upload (safe to repeat), intent (one transaction, mirrored to S3),
/// create (once), record. A crash between any two of them leaves either nothing paid, or an intent that
/// [Reconciler] settles after its lease by looking at the provider.
public final class Submitter {

    /// A create is not begun with less time left than it may take and this: a handler never returns, nor is ended,
    /// while one is in flight.
    private static final Duration SPARE = Duration.ofSeconds(10);

    private final SegmentRegistry segments;
    private final AccountRegistry accounts;
    private final Reconciler reconciler;
    private final Duration leaseMargin;
    private final Clock clock;

    public Submitter(SegmentRegistry segments, Reconciler reconciler, Duration leaseMargin, Clock clock) {
        this.segments = segments;
        this.accounts = segments.accounts();
        this.reconciler = reconciler;
        this.leaseMargin = leaseMargin;
        this.clock = clock;
    }

    /// Submits what can be submitted now.
    ///
    /// @throws RetryableException when the provider, S3 or the registry is out of reach; what was submitted is recorded
    public SubmitReport submit(OpenJob job, Account account, Deadline deadline) {
        int submitted = 0;
        Account at = account;
        List<SegmentItem> all = segments.all(job.id());
        Instant now = clock.instant();
        boolean windowOpen = !now.isBefore(windowOpens(all));
        for (SegmentItem segment : all) {
            boolean ready = switch (segment.state()) {
                case PENDING -> windowOpen;
                case SUBMITTING -> !now.isBefore(reconciler.readyAt(segment));
                default -> false;
            };
            if (ready && !deadline.allows(createTimeout(account, segment).plus(SPARE))) {
                return new SubmitReport(submitted, true, null);
            }
            Step step;
            if (ready && segment.state() == SegmentState.PENDING) {
                step = submitOne(job, at, segment, deadline);
                Optional<Account> other = anotherKey(step, at);
                while (other.isPresent()) {
                    at = other.get();
                    step = submitOne(job, at, segments.find(job.id(), segment.index()), deadline);
                    other = anotherKey(step, at);
                }
            } else if (ready && reconciler.settle(job, account, segment)) {
                step = new Step.Done();
            } else {
                step = new Step.Skipped();
            }
            switch (step) {
                case Step.Done done -> submitted++;
                case Step.Skipped skipped -> {}
                case Step.OutOfTime outOfTime -> {
                    return new SubmitReport(submitted, true, null);
                }
                case Step.WindowClosed closed -> {
                    return new SubmitReport(submitted, false, null);
                }
                case Step.Blocked blocked -> {
                    return new SubmitReport(submitted, false, blocked.why());
                }
            }
        }
        return new SubmitReport(submitted, false, null);
    }

    /// A key that was refused has created nothing.
    private static Optional<Account> anotherKey(Step step, Account account) {
        boolean refused = step instanceof Step.Blocked blocked && blocked.why().code() == ErrorCode.KEY_REFUSED;
        return refused ? account.other().get() : Optional.empty();
    }

    /// When calling submit does something for one of these segments; null when it is none of submit's business.
    public @Nullable Instant readyAt(List<SegmentItem> all) {
        Instant opens = windowOpens(all);
        return all.stream()
                .filter(s -> s.state() == SegmentState.PENDING || s.state() == SegmentState.SUBMITTING)
                .map(s -> s.state() == SegmentState.PENDING ? opens : reconciler.readyAt(s))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /// One segment that came back for lack of room keeps the others from trying: they share the provider's window.
    private static Instant windowOpens(List<SegmentItem> all) {
        return all.stream()
                .filter(s -> s.state() == SegmentState.PENDING)
                .map(s -> Objects.requireNonNullElse(s.notBefore(), Instant.EPOCH))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private sealed interface Step {
        record Done() implements Step {}

        record Skipped() implements Step {}

        record OutOfTime() implements Step {}

        record WindowClosed() implements Step {}

        record Blocked(Stop why) implements Step {}
    }

    private Step submitOne(OpenJob job, Account account, SegmentItem segment, Deadline deadline) {
        String fileId;
        try {
            fileId = upload(job, account, segment);
        } catch (RefusedException e) {
            return new Step.Blocked(Stop.refused(e, "uploading " + JobFiles.input(segment.index())));
        }
        Duration timeout = createTimeout(account, segment);
        if (!deadline.allows(timeout.plus(SPARE))) {
            return new Step.OutOfTime();
        }
        int number = segment.submissions() + 1;
        Submission submission = new Submission(
                segment.index(), number, token(job, segment), fileId, account.window(), clock.instant(), null, null);
        AccountRegistry.Turn turn =
                account.provider().evidence() == Evidence.REQUEST_IDS ? accounts.turn(account.window()) : null;
        if (turn != null && turn.isTaken(clock.instant())) {
            return notMyTurn(job, segment);
        }
        Instant leaseUntil = deadline.end().plus(leaseMargin);
        switch (segments.intend(job.fence(), segment, submission, leaseUntil, turn)) {
            case MINE -> {}
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
        segments.postpone(
                job.id(),
                segment,
                clock.instant().plusSeconds(job.resolved().spec().intervalSeconds()));
        return new Step.WindowClosed();
    }

    private String upload(OpenJob job, Account account, SegmentItem segment) throws RefusedException {
        if (!account.provider().takesFiles()) {
            return "";
        }
        String known = segment.fileId();
        Instant uploaded = segment.fileUploadedAt();
        if (known != null
                && uploaded != null
                && clock.instant().isBefore(uploaded.plus(account.provider().fileLife()))) {
            return known;
        }
        String input = JobFiles.input(segment.index());
        String fileId = account.provider().upload(job.id() + "-" + input, segment.inputBytes(), () -> open(job, input));
        segments.uploaded(job.id(), segment.index(), fileId);
        return fileId;
    }

    private static InputStream open(OpenJob job, String name) throws IOException {
        return job.store().open(name).orElseThrow(() -> new IOException(name + " is gone"));
    }

    private static String token(OpenJob job, SegmentItem segment) {
        byte[] random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        return String.format(
                Locale.ROOT,
                "%s-%06d-%s",
                job.resolved().token(),
                segment.index(),
                HexFormat.of().formatHex(random));
    }

    private static NewBatch batch(OpenJob job, SegmentItem segment, Submission submission) {
        ResolvedJob resolved = job.resolved();
        Map<String, String> metadata = new HashMap<>();
        if (resolved.spec().options() instanceof OpenAiOptions openai) {
            metadata.putAll(openai.metadata());
        }
        metadata.put("pairbatch_job", job.id());
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
                segments.created(job.id(), submission, created.batchId(), SubmissionOutcome.CREATED);
                Mirror.outcome(job.store(), submission, SubmissionOutcome.CREATED, created.batchId());
                yield new Step.Done();
            }
            // The lease runs out first; until then the create may still arrive at the provider.
            case CreateOutcome.InDoubt doubt -> new Step.Skipped();
            case CreateOutcome.Refused refused ->
                refused(job, segment, submission, refused.reason(), refused.retryAfter());
        };
    }

    private Step refused(
            OpenJob job, SegmentItem segment, Submission submission, RefusedException reason, Duration retryAfter) {
        Instant now = clock.instant();
        Mirror.outcome(job.store(), submission, SubmissionOutcome.REFUSED, null);
        boolean lastAttempt = submission.number() >= job.resolved().spec().openaiMaxRetries();
        switch (reason.kind()) {
            case KEY -> {
                segments.givenBack(job.fence(), submission, SubmissionOutcome.REFUSED, now);
                return new Step.Blocked(Stop.refused(reason, "creating a batch"));
            }
            case LATER -> {
                Duration pause =
                        Backoff.after(submission.number(), job.resolved().spec().intervalSeconds());
                Instant after = now.plus(retryAfter.compareTo(pause) > 0 ? retryAfter : pause);
                segments.givenBack(job.fence(), submission, SubmissionOutcome.REFUSED, after);
                return new Step.WindowClosed();
            }
            case NOT_FOUND -> {
                if (!lastAttempt) {
                    segments.forgetFile(job.id(), segment.index());
                    segments.givenBack(job.fence(), submission, SubmissionOutcome.REFUSED, now);
                    return new Step.Skipped();
                }
            }
            case REQUEST -> {
                // Nothing has been taken yet, so what is refused is the job: it stops, and can be mended and go on.
                if (segments.all(job.id()).stream().allMatch(s -> isUntried(s) || s.index() == segment.index())) {
                    segments.givenBack(job.fence(), submission, SubmissionOutcome.REFUSED, now);
                    return new Step.Blocked(Stop.refused(reason, "creating a batch"));
                }
            }
        }
        segments.refused(job.id(), submission, ErrorCode.PROVIDER_REFUSED.name(), reason.describe());
        return new Step.Skipped();
    }

    private static boolean isUntried(SegmentItem segment) {
        return segment.state() == SegmentState.PENDING && segment.submissions() == 0;
    }
}
