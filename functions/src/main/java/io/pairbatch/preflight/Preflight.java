package io.pairbatch.preflight;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.PreflightMark;
import io.pairbatch.registry.Reservation;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.Outcome;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.PreflightOutcome;
import io.pairbatch.results.Verdicts;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Settings;
import io.pairbatch.step.Stop;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends the job's first pair to the provider as a live request before anything is uploaded, with exactly the body of
/// the first batch's first line. A refusal, or an answer without a winner, stops the job; no response at all does not,
/// because the batches themselves will show the problem.
///
/// The request costs money, if only a little, and is never sent twice: the JOB item is marked before it, and a mark
/// left by an earlier call counts as a lost response.
public final class Preflight {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /// With less time left than this, the request is left to the next call.
    private static final Duration MIN_TIME = Duration.ofSeconds(10);

    /// Reserve between the response and the function's end.
    private static final Duration RESERVE = Duration.ofSeconds(10);

    /// What the providers call an answer that reached its token limit.
    private static final Set<String> CUT_OFF = Set.of("length", "max_tokens", "max_output_tokens", "MAX_TOKENS");

    private final JobRegistry jobs;
    private final SegmentRegistry segments;
    private final Settings settings;
    private final Supplier<PriceTable> prices;
    private final Clock clock;
    private final RandomGenerator random;

    /// @param prices called when an answer has a cost to compute
    public Preflight(
            JobRegistry jobs,
            SegmentRegistry segments,
            Settings settings,
            Supplier<PriceTable> prices,
            Clock clock,
            RandomGenerator random) {
        this.jobs = jobs;
        this.segments = segments;
        this.settings = settings;
        this.prices = prices;
        this.clock = clock;
        this.random = random;
    }

    /// What the submit step does next.
    public sealed interface Result {

        /// Continue with submitting.
        ///
        /// @param outcome of the preflight that this call made or resolved; null if it did neither
        record GoOn(@Nullable PreflightOutcome outcome) implements Result {}

        /// No request was sent: too little time is left.
        record OutOfTime() implements Result {}

        /// Nothing may be uploaded.
        record Stopped(Stop why) implements Result {}
    }

    /// Makes the job's preflight request, if the job wants one and has had none.
    ///
    /// @throws FencedException if the job is no longer ours, or not RUNNING
    public Result check(OpenJob job, Account account, Deadline deadline) throws IOException, FencedException {
        if (job.item().preflight() == PreflightMark.STARTED) {
            return leftBehind(job);
        }
        if (job.item().preflight() != null || !isWanted(job.resolved().spec()) || hasBegun(job)) {
            return new Result.GoOn(null);
        }
        if (PreflightFile.isSettled(job.store())) {
            // The table was lost and rebuilt; the file shows that the request was made.
            return new Result.GoOn(null);
        }
        if (!deadline.allows(MIN_TIME.plus(RESERVE))) {
            return new Result.OutOfTime();
        }
        JobSpec spec = job.resolved().spec();
        FirstRequest first =
                FirstRequest.read(job.resolved(), job.store(), Providers.format(spec.backend(), settings.service()));
        String token = token();
        Reservation bound = bound(spec, first);
        Costs costs = job.item().costs();
        if (!costs.hasRoomFor(bound)) {
            // The batches tell: what has no room for one request has none for a batch.
            return new Result.GoOn(null);
        }
        if (!jobs.startPreflight(job.fence(), token, costs, bound)) {
            JobItem now = jobs.require(job.fence());
            if (now.preflight() == null) {
                throw new RetryableException("the job's money changed before its first pair was asked for", null);
            }
            return leftBehind(new OpenJob(job.fence(), now, job.resolved(), job.store()));
        }
        Instant at = clock.instant();
        LiveAnswer answer = ask(account, first, deadline);
        Finding finding = new Finding(
                job.resolved(), first.pair(), at, Duration.between(at, clock.instant()), bound.nano(), before(job));
        return settle(job, token, finding, answer);
    }

    private Reservation bound(JobSpec spec, FirstRequest first) {
        return CostBounds.ofLive(prices.get(), spec)
                .map(bounds -> bounds.of(first.request().line().remaining(), 1, CostBounds.Seen.NOTHING))
                .map(bound -> new Reservation(bound.nano(), bound.openEnded()))
                .orElse(Reservation.NONE);
    }

    /// What earlier live requests of the job cost, in nano-USD.
    private static long before(OpenJob job) throws IOException {
        return Math.max(job.item().costs().preflightSpent(), PreflightFile.spent(job.store()));
    }

    private boolean isWanted(JobSpec spec) {
        Boolean wanted = spec.batching().preflight();
        return !spec.isRescued() && (wanted == null ? settings.preflight(spec.backend()) : wanted);
    }

    /// Without a segment there is no first pair; after a first create there is nothing left to prevent.
    private boolean hasBegun(OpenJob job) {
        List<SegmentItem> all = segments.all(job.id());
        return all.isEmpty() || all.stream().anyMatch(segment -> segment.submissions() > 0);
    }

    private String token() {
        byte[] drawn = new byte[8];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private Result leftBehind(OpenJob job) throws IOException, FencedException {
        String reason = "the function that asked ended before it had recorded an answer";
        long reserved = job.item().costs().preflightReserved();
        PreflightFile.write(job.store(), Finding.lost(job.resolved(), clock.instant(), reason, before(job) + reserved));
        jobs.endPreflight(job.fence(), null, PreflightMark.UNDECIDED, Finding.undecided(reason), reserved, null);
        return new Result.GoOn(PreflightOutcome.UNDECIDED);
    }

    /// A refused key has judged nothing, so the next one may be tried.
    private static LiveAnswer ask(Account account, FirstRequest first, Deadline deadline) {
        Account at = account;
        while (true) {
            LiveAnswer answer = at.provider().ask(first.request(), timeout(deadline));
            boolean key = answer instanceof LiveAnswer.Refused refused
                    && refused.reason().kind() == RefusedException.Kind.KEY;
            Optional<Account> next =
                    key && deadline.allows(MIN_TIME.plus(RESERVE)) ? at.other().get() : Optional.empty();
            if (next.isEmpty()) {
                return answer;
            }
            at = next.get();
        }
    }

    private static Duration timeout(Deadline deadline) {
        Duration left = deadline.left().minus(RESERVE);
        return left.compareTo(TIMEOUT) < 0 ? left : TIMEOUT;
    }

    private Result settle(OpenJob job, String token, Finding finding, LiveAnswer answer)
            throws IOException, FencedException {
        return switch (answer) {
            case LiveAnswer.Answered answered -> judge(job, token, finding, answered);
            case LiveAnswer.Lost lost -> undecided(job, token, finding, lost.reason());
            case LiveAnswer.Refused refused ->
                refused.reason().kind() == RefusedException.Kind.LATER
                        ? undecided(job, token, finding, refused.reason().describe())
                        : refused(job, token, finding, refused.reason());
        };
    }

    private Result judge(OpenJob job, String token, Finding finding, LiveAnswer.Answered answered)
            throws IOException, FencedException {
        JobSpec spec = job.resolved().spec();
        Outcome outcome = new Verdicts(spec.prompt().rules())
                .judge(finding.pair(), answered.answer())
                .outcome();
        return switch (outcome) {
            case Outcome.Observed observed -> {
                PreflightFile.write(
                        job.store(), finding.file(PreflightOutcome.PASSED, answered, observed, prices.get()));
                String says = finding.says(answered.answer(), observed);
                jobs.endPreflight(
                        job.fence(), token, PreflightMark.PASSED, says, finding.reserved(), cost(finding, answered));
                yield new Result.GoOn(PreflightOutcome.PASSED);
            }
            case Outcome.Failed failed -> {
                PreflightFile.write(
                        job.store(), finding.file(PreflightOutcome.NO_WINNER, answered, failed, prices.get()));
                jobs.endPreflight(job.fence(), token, null, "", finding.reserved(), cost(finding, answered));
                yield new Result.Stopped(noWinner(job.resolved(), answered.answer(), failed));
            }
        };
    }

    private Result undecided(OpenJob job, String token, Finding finding, String reason)
            throws IOException, FencedException {
        PreflightFile.write(job.store(), finding.file(PreflightOutcome.UNDECIDED, reason));
        jobs.endPreflight(
                job.fence(), token, PreflightMark.UNDECIDED, Finding.undecided(reason), finding.reserved(), null);
        return new Result.GoOn(PreflightOutcome.UNDECIDED);
    }

    /// Null if unknown.
    private @Nullable Long cost(Finding finding, LiveAnswer.Answered answered) {
        return NanoUsd.orNull(finding.cost(answered.answer(), prices.get()));
    }

    private Result refused(OpenJob job, String token, Finding finding, RefusedException reason)
            throws IOException, FencedException {
        PreflightFile.write(job.store(), finding.file(PreflightOutcome.REFUSED, reason.describe()));
        jobs.endPreflight(job.fence(), token, null, "", finding.reserved(), 0L);
        if (isAboutTheKey(reason)) {
            return new Result.Stopped(Stop.refused(reason, "asked live for the first pair"));
        }
        return new Result.Stopped(Stop.of(
                JobState.FAILED,
                ErrorCode.PREFLIGHT_REFUSED,
                "the provider, asked live for the first pair by model `"
                        + job.resolved().spec().model() + "`",
                reason.describe(),
                "a model and options that it takes"));
    }

    /// OpenAI answers 403 to a project that may not use the model; choosing another model fixes that too.
    private static boolean isAboutTheKey(RefusedException reason) {
        return reason.kind() == RefusedException.Kind.KEY && !"model_not_found".equals(reason.code());
    }

    /// The answer is the model's text: it goes to the file and nowhere else.
    private static Stop noWinner(ResolvedJob job, Answer answer, Outcome.Failed failed) {
        AnswerRules rules = job.spec().prompt().rules();
        String sought = rules.labels().isPresent() ? "label" : "winner's tag";
        String finish = answer.finishReason();
        String ended = finish == null ? "" : " (finish reason `" + finish + "`)";
        String found = failed.code() == FailureCode.INVALID_WINNER
                ? rules.several()
                : finish != null && CUT_OFF.contains(finish)
                        ? "an answer that was cut off" + ended + " before a " + sought
                        : answer.refusal() != null ? "a refusal to answer" + ended : "no " + sought + ended;
        return Stop.of(
                JobState.FAILED,
                ErrorCode.PREFLIGHT_NO_WINNER,
                "the answer to the first pair, asked live of model `"
                        + job.spec().model() + "`",
                found + "; it is in jobs/" + job.jobId() + "/" + JobFiles.PREFLIGHT,
                rules.shown());
    }
}
