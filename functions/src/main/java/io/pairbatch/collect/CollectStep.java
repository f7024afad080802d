package io.pairbatch.collect;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Trouble;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.spec.ProviderRetention;
import io.pairbatch.step.Account;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// The collect step: downloads a finished segment's files from the provider, unchanged, and accounts for every row.
public final class CollectStep {

    /// Minimum number of attempts before missing results count as lost.
    private static final int MIN_ATTEMPTS = 4;

    private final SegmentRegistry segments;
    private final PriceTable prices;
    private final Patience patience;
    private final Clock clock;

    public CollectStep(SegmentRegistry segments, PriceTable prices, Patience patience, Clock clock) {
        this.segments = segments;
        this.prices = prices;
        this.patience = patience;
        this.clock = clock;
    }

    /// Collects segment `index`, or reads its answers again if that was done by other rules for tags; does nothing if
    /// neither is due.
    ///
    /// @return false to try again later, because the provider does not deliver yet what its counts promise
    /// @throws JobRejectedException `KEY_REFUSED`
    public boolean collect(OpenJob job, Account account, int index) throws IOException {
        SegmentItem segment = segments.require(job.id(), index);
        boolean outdated = TagRules.of(job).outdated(segment);
        boolean ended = segment.state() == SegmentState.ENDED && segment.outcome() != null;
        if (!outdated && !ended) {
            return true;
        }
        try {
            return outdated ? readAgain(job, account, segment) : collect(job, account, segment);
        } catch (SdkException | JobRejectedException e) {
            // Not about this segment.
            throw e;
        } catch (IOException | RuntimeException e) {
            segments.troubles().uncollected(job.id(), segment, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private boolean collect(OpenJob job, Account account, SegmentItem seen) throws IOException {
        SegmentItem ended = lookedAtAgain(job, account, seen);
        int index = ended.index();
        Map<String, String> refused = new LinkedHashMap<>();
        fetch(job, account, ended.outputFileId(), JobFiles.output(index), refused);
        fetch(job, account, ended.errorFileId(), JobFiles.errors(index), refused);
        List<String> denied = List.copyOf(refused.keySet());
        SegmentItem segment = segments.troubles()
                .filesDenied(job.id(), ended, denied, patience.denied())
                .orElse(ended);
        Trouble trouble = segment.trouble();
        boolean giveUp = trouble.giveUp();
        if (!denied.isEmpty() && !giveUp && !trouble.filesMissing().lastedFor(patience.denied(), clock.instant())) {
            segments.troubles().notYet(job.id(), segment, false, String.join("; ", refused.values()));
            return false;
        }
        SegmentState outcome = Objects.requireNonNull(segment.outcome());
        Counted counted = counted(account, segment, outcome);
        boolean last = giveUp || isOver(trouble);
        Instant received = segments.batches().markReceived(job.id(), index);
        Optional<SegmentCollector.Collected> collected = read(job, segment, outcome, received, counted, last);
        if (collected.isEmpty()) {
            segments.troubles()
                    .notYet(
                            job.id(),
                            segment,
                            true,
                            "counts " + counted.lines() + " requests as done and " + counted.answers()
                                    + " as answered; its files hold fewer");
            return false;
        }
        SegmentTally tally = collected.get().tally();
        mirror(job, segment, outcome, tally, received);
        // Files that may still change are not deleted.
        boolean whole = denied.isEmpty() && collected.get().whole() && !isLost(segment);
        segments.batches()
                .recordCollected(
                        job.id(),
                        segment,
                        outcome,
                        tally.observed(),
                        tally.failed(),
                        TagRules.of(job).code(),
                        whole ? copiesOf(job) : Copies.KEPT);
        return true;
    }

    /// Writes the files of a segment anew from the provider's files in the bucket. Nothing is asked of the provider.
    private boolean readAgain(OpenJob job, Account account, SegmentItem segment) throws IOException {
        Optional<String> deleted = TagRules.deleted(job.store(), List.of(segment));
        if (deleted.isPresent()) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.REGISTRY_CONFLICT,
                    "segment " + segment.index() + ", " + deleted.get(),
                    "nothing",
                    "the answers, which are to be read by other rules: restore the object's last version in the"
                            + " bucket, then let the job continue"));
        }
        SegmentState outcome = segment.state();
        Instant received = Objects.requireNonNull(segment.receivedAt());
        SegmentTally tally = read(job, segment, outcome, received, counted(account, segment, outcome), true)
                .orElseThrow()
                .tally();
        mirror(job, segment, outcome, tally, received);
        segments.batches()
                .recordReread(
                        job.id(),
                        segment,
                        tally.observed(),
                        tally.failed(),
                        TagRules.of(job).code());
        return true;
    }

    private Optional<SegmentCollector.Collected> read(
            OpenJob job, SegmentItem segment, SegmentState outcome, Instant received, Counted counted, boolean last)
            throws IOException {
        ResultSettings settings = JobSettings.of(job.resolved(), job.store());
        return new SegmentCollector(job.store(), settings, prices, new RegisteredSegments(segments, job.id()))
                .collect(
                        new EndedSegment(
                                segment.index(), segment.attempt(), segment.batchId(), end(segment, outcome), received),
                        counted,
                        last);
    }

    private static void mirror(
            OpenJob job, SegmentItem segment, SegmentState outcome, SegmentTally tally, Instant received) {
        Mirror.collected(
                job.store(),
                segment.index(),
                new CollectedSegment(
                        outcome,
                        tally.observed(),
                        tally.failed(),
                        TagRules.of(job).code(),
                        segment.batchId(),
                        segment.providerStatus(),
                        segment.requestsTotal(),
                        segment.requestsCompleted(),
                        segment.requestsFailed(),
                        segment.errorCode(),
                        segment.errorMessage(),
                        segment.submittedAt(),
                        segment.endedAt(),
                        received,
                        segment.outputFileId(),
                        segment.errorFileId()));
    }

    /// If something was missing, the batch is read once more: its counts and files may be there by now.
    private SegmentItem lookedAtAgain(OpenJob job, Account account, SegmentItem segment) {
        Trouble trouble = segment.trouble();
        boolean unnamed = segment.requestsCompleted() > 0 && segment.outputFileId() == null;
        String batchId = segment.batchId();
        boolean needed = unnamed
                || trouble.shortSince() != null
                || !trouble.missingFiles().isEmpty();
        if (!needed || batchId == null || isLost(segment)) {
            return segment;
        }
        BatchStatus batch;
        try {
            batch = account.call(at -> at.provider().retrieve(batchId));
        } catch (RefusedException | RetryableException e) {
            return segment;
        }
        // Whatever its status is now: the batch has ended.
        boolean ended = batch.state().terminal() && !batch.state().refused();
        if (!ended) {
            return segment;
        }
        Ending ending = new Ending(
                SegmentState.ENDED,
                batch.status(),
                batch.total(),
                batch.completed(),
                batch.failed(),
                batch.outputFileId(),
                batch.errorFileId(),
                null,
                null);
        return segments.troubles().seenAgain(job.id(), segment, ending).orElse(segment);
    }

    /// Whether the provider had enough time to deliver everything that it counts.
    private boolean isOver(Trouble trouble) {
        Instant since = trouble.shortSince();
        return since != null
                && trouble.collectAttempts() >= MIN_ATTEMPTS
                && !clock.instant().isBefore(since.plus(patience.incomplete()));
    }

    /// What the files must hold. A completed batch has a line for each request that it counts, or for all requests if
    /// it has no counts; for any other batch only the answers are certain.
    private static Counted counted(Account account, SegmentItem segment, SegmentState outcome) {
        if (outcome == SegmentState.NOT_SUBMITTED || isLost(segment)) {
            return Counted.NOTHING;
        }
        long answers = segment.requestsCompleted();
        if (end(segment, outcome) instanceof BatchEnd.Completed) {
            long lines = answers + segment.requestsFailed();
            return new Counted(lines == 0 ? segment.rows() : lines, answers);
        }
        return account.provider().givesPartOfABatch() ? new Counted(answers, answers) : Counted.NOTHING;
    }

    private static boolean isLost(SegmentItem segment) {
        return FailureCode.BATCH_LOST.code().equals(segment.errorCode());
    }

    private static Copies copiesOf(OpenJob job) {
        return job.resolved().spec().output().providerRetention() == ProviderRetention.DELETE_AFTER_COLLECT
                ? Copies.DUE
                : Copies.KEPT;
    }

    private static BatchEnd end(SegmentItem segment, SegmentState outcome) {
        String status = Objects.requireNonNullElse(segment.providerStatus(), "unknown");
        String detail = detail(segment);
        if (outcome == SegmentState.NOT_SUBMITTED) {
            return new BatchEnd.NotSubmitted(Objects.requireNonNullElse(detail, "not submitted"));
        }
        if (isLost(segment)) {
            return new BatchEnd.Lost(Objects.requireNonNullElse(segment.errorMessage(), "lost"));
        }
        return outcome == SegmentState.COLLECTED && !BatchEnd.expired(status)
                ? new BatchEnd.Completed()
                : new BatchEnd.Broken(status, detail);
    }

    private static @Nullable String detail(SegmentItem segment) {
        if (segment.errorCode() == null) {
            return segment.errorMessage();
        }
        return segment.errorMessage() == null
                ? segment.errorCode()
                : segment.errorCode() + ": " + segment.errorMessage();
    }

    /// Downloads a file to S3, if there is one.
    ///
    /// @param refused receives the file's ID and the provider's message if the provider refuses the download
    private static void fetch(
            OpenJob job, Account account, @Nullable String fileId, String name, Map<String, String> refused)
            throws IOException {
        if (fileId == null) {
            return;
        }
        int attempts = job.resolved().spec().polling().openaiMaxRetries();
        for (int attempt = 1; ; attempt++) {
            try (InputStream in = account.call(at -> at.provider().download(fileId));
                    Draft draft = job.store().create(name)) {
                in.transferTo(draft);
                draft.commit();
                return;
            } catch (RefusedException e) {
                switch (e.kind()) {
                    case KEY ->
                        throw new JobRejectedException(new Problem(
                                ErrorCode.KEY_REFUSED,
                                "the provider, downloading " + name,
                                e.describe(),
                                "a key that it accepts"));
                    case LATER ->
                        throw new RetryableException("the provider does not give " + name + ": " + e.describe(), e);
                    case NOT_FOUND, REQUEST -> refused.put(fileId, e.describe());
                }
                return;
            } catch (IOException e) {
                if (attempt >= attempts) {
                    throw new RetryableException("the download of " + name + " broke off", e);
                }
            }
        }
    }
}
