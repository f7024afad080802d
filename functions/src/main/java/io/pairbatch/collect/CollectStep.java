package io.pairbatch.collect;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.TakenOverException;
import io.pairbatch.registry.Trouble;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.spec.ProviderRetention;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.TagRules;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/// The collect step: downloads a finished segment's files from the provider, unchanged, and accounts for every row.
public final class CollectStep {

    /// Minimum number of attempts before missing results count as lost.
    private static final int MIN_ATTEMPTS = 4;

    private final SegmentRegistry segments;
    private final SegmentReader reader;
    private final CollectAgain again;
    private final Patience patience;
    private final Clock clock;

    public CollectStep(SegmentRegistry segments, PriceTable prices, Patience patience, Clock clock) {
        this.segments = segments;
        this.reader = new SegmentReader(segments, prices);
        this.again = new CollectAgain(segments, reader, patience, clock);
        this.patience = patience;
        this.clock = clock;
    }

    /// Collects segment `index`, or fetches its answers once more if a person wants that, or reads them again if that
    /// was
    /// done by other rules for tags; does nothing if none of it is due.
    ///
    /// @return false to try again later, because the provider does not deliver yet what its counts promise
    /// @throws JobRejectedException `KEY_REFUSED`
    public boolean collect(OpenJob job, Account account, int index) throws IOException {
        SegmentItem segment = segments.require(job.id(), index);
        boolean wanted = segment.state().isFinal() && segment.collectAgain() != null;
        boolean outdated = TagRules.of(job).outdated(segment);
        boolean ended = segment.state() == SegmentState.ENDED && segment.outcome() != null;
        if (!wanted && !outdated && !ended) {
            return true;
        }
        try {
            if (wanted) {
                return again.collect(job, account, segment);
            }
            return outdated ? readAgain(job, account, segment) : collect(job, account, segment);
        } catch (SdkException | JobRejectedException | TakenOverException e) {
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
        Download.to(job, account::call, ended.outputFileId(), JobFiles.output(index), refused);
        Download.to(job, account::call, ended.errorFileId(), JobFiles.errors(index), refused);
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
        Counted counted = SegmentReader.counted(account, segment, outcome);
        boolean last = giveUp || isOver(trouble);
        Instant received = segments.batches().markReceived(job.id(), index);
        Optional<SegmentCollector.Collected> collected = reader.read(job, segment, outcome, received, counted, last);
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
        AnswerCost cost = reader.cost(job, outcome, tally, segment.held().nano());
        SegmentReader.mirror(job, segment, outcome, tally, received, cost);
        // Files that may still change are not deleted.
        boolean whole = denied.isEmpty() && collected.get().whole() && !SegmentReader.isLost(segment);
        segments.batches()
                .recordCollected(
                        job.id(),
                        segment,
                        outcome,
                        tally.observed(),
                        tally.failed(),
                        TagRules.of(job).code(),
                        whole ? copiesOf(job) : Copies.KEPT,
                        cost);
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
        SegmentTally tally = reader.read(
                        job, segment, outcome, received, SegmentReader.counted(account, segment, outcome), true)
                .orElseThrow()
                .tally();
        // The same answers cost the same.
        SegmentReader.mirror(job, segment, outcome, tally, received, segment.cost());
        segments.batches()
                .recordReread(
                        job.id(),
                        segment,
                        tally.observed(),
                        tally.failed(),
                        TagRules.of(job).code());
        return true;
    }

    /// If something was missing, the batch is read once more: its counts and files may be there by now.
    private SegmentItem lookedAtAgain(OpenJob job, Account account, SegmentItem segment) {
        Trouble trouble = segment.trouble();
        boolean unnamed = segment.requestsCompleted() > 0 && segment.outputFileId() == null;
        String batchId = segment.batchId();
        boolean needed = unnamed
                || trouble.shortSince() != null
                || !trouble.missingFiles().isEmpty();
        if (!needed || batchId == null || SegmentReader.isLost(segment)) {
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

    static Copies copiesOf(OpenJob job) {
        return job.resolved().spec().output().providerRetention() == ProviderRetention.DELETE_AFTER_COLLECT
                ? Copies.DUE
                : Copies.KEPT;
    }
}
