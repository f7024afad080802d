package io.pairbatch.collect;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.Trouble;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Tallies;
import io.pairbatch.step.Account;
import io.pairbatch.step.Again;
import io.pairbatch.step.Endings;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Fetches the answers of a collected segment from the provider once more, because a person wants that. The new files
/// lie
/// beside the old ones until they hold everything that the provider counts, and no fewer winners than are known; then
/// they take their place, and the segment is read anew. Otherwise everything stays as it was, and the job says so.
/// Nothing is sent.
final class CollectAgain {

    /// Attempts, at least, before incomplete files are given up.
    private static final int MIN_ATTEMPTS = 4;

    private final SegmentRegistry segments;
    private final SegmentReader reader;
    private final Patience patience;
    private final Clock clock;

    CollectAgain(SegmentRegistry segments, SegmentReader reader, Patience patience, Clock clock) {
        this.segments = segments;
        this.reader = reader;
        this.patience = patience;
        this.clock = clock;
    }

    /// @return false to try again later
    /// @throws JobRejectedException `KEY_REFUSED`
    boolean collect(OpenJob job, Account account, SegmentItem segment) throws IOException {
        Instant asked = Objects.requireNonNull(segment.collectAgain());
        Again wish = Again.read(job.store(), segment.index())
                .filter(known -> !known.done() || known.askedAt().equals(asked))
                .orElse(Again.asked(segment.index(), asked));
        if (wish.done() && wish.fetchedAt() == null) {
            // A call that was interrupted has given it up.
            segments.batches().dropAgain(job.id(), segment);
            return true;
        }
        if (wish.fetchedAt() == null) {
            Again fetched = fetch(job, account, segment, wish);
            if (fetched == null) {
                return segments.require(job.id(), segment.index()).collectAgain() == null;
            }
            fetched.write(job.store());
            wish = fetched;
        }
        replace(job, account, segment, wish);
        return true;
    }

    /// Fetches the files beside the old ones.
    ///
    /// @return the wish, with what was found; null if they are not complete, or if it was given up
    private @Nullable Again fetch(OpenJob job, Account account, SegmentItem segment, Again wish) throws IOException {
        int index = segment.index();
        if (segment.trouble().giveUp()) {
            drop(job, segment, wish, "a person has said that nothing more will come");
            return null;
        }
        List<Submission> submissions = segments.submissions(job.id(), index);
        String maker = submissions.isEmpty() ? null : submissions.getLast().account();
        BatchStatus batch = batch(account, maker, segment);
        Map<String, String> refused = new LinkedHashMap<>();
        if (batch.state() == BatchState.GONE) {
            refused.put(batch.id(), "there is no batch " + batch.id());
        } else if (!batch.state().terminal()) {
            return later(job, segment, wish, "the provider says that the batch is " + batch.status());
        }
        Ending found = found(segment, batch);
        if (refused.isEmpty()) {
            Download.Caller caller = call -> account.callAs(maker, call).answer();
            // What an interrupted attempt has left is of no use.
            deleteFetched(job.store(), index);
            Download.to(job, caller, found.outputFileId(), JobFiles.again(JobFiles.output(index)), refused);
            Download.to(job, caller, found.errorFileId(), JobFiles.again(JobFiles.errors(index)), refused);
        }
        SegmentItem noted = segments.troubles()
                .filesDenied(job.id(), segment, List.copyOf(refused.keySet()), patience.denied())
                .orElse(segment);
        if (!refused.isEmpty()) {
            return denied(job, noted, wish, String.join("; ", refused.values()));
        }
        Counted counted = SegmentReader.counted(account, segment.rows(), found);
        SegmentCollector.Seen seen =
                reader.look(job, new FetchedFiles(job.store(), index), noted, found.outcome(), counted);
        long known = known(job.store(), index);
        if (!seen.whole() || seen.answered() < known) {
            return later(
                    job,
                    noted,
                    wish,
                    "its files hold " + seen.answered() + " answers; the provider counts " + counted.answers()
                            + ", and " + known + " pairs have a winner");
        }
        return wish.fetched(clock.instant(), found);
    }

    private static BatchStatus batch(Account account, @Nullable String maker, SegmentItem segment) {
        String batchId = Objects.requireNonNull(segment.batchId());
        try {
            return account.callAs(maker, at -> at.provider().retrieve(batchId)).answer();
        } catch (RefusedException e) {
            if (e.kind() == RefusedException.Kind.KEY) {
                throw new JobRejectedException(new Problem(
                        ErrorCode.KEY_REFUSED,
                        "the provider, reading batch " + batchId,
                        e.describe(),
                        "a key that it accepts"));
            }
            throw new RetryableException("the batch could not be read: " + e.describe(), e);
        }
    }

    /// A batch that counted as lost is what the provider says of it now. Of any other the end is known, and only a file
    /// that was not named yet, and counts that have grown, are news.
    private static Ending found(SegmentItem segment, BatchStatus batch) {
        Ending now = Endings.of(segment, batch);
        if (SegmentReader.isLost(segment)) {
            return now;
        }
        return new Ending(
                segment.state(),
                Objects.requireNonNullElse(segment.providerStatus(), batch.status()),
                Math.max(segment.requestsTotal(), now.total()),
                Math.max(segment.requestsCompleted(), now.completed()),
                Math.max(segment.requestsFailed(), now.failed()),
                now.outputFileId() == null ? segment.outputFileId() : now.outputFileId(),
                now.errorFileId() == null ? segment.errorFileId() : now.errorFileId(),
                segment.errorCode(),
                segment.errorMessage());
    }

    /// How many of the segment's pairs have a winner as it was collected.
    private static long known(JobStore store, int segment) throws IOException {
        return store.size(JobFiles.tally(segment)) < 0
                ? 0
                : Tallies.read(store, segment).observed();
    }

    /// The provider denies the batch or a file. It may be wrong for a while.
    private @Nullable Again denied(OpenJob job, SegmentItem segment, Again wish, String says) throws IOException {
        if (segment.trouble().filesMissing().lastedFor(patience.denied(), clock.instant())) {
            drop(job, segment, wish, "the provider no longer has them (" + says + ")");
        } else {
            segments.troubles().notYet(job.id(), segment, false, says);
        }
        return null;
    }

    /// The files are not complete. They may be in a while.
    private @Nullable Again later(OpenJob job, SegmentItem segment, Again wish, String says) throws IOException {
        Trouble trouble = segment.trouble();
        Instant since = trouble.shortSince();
        boolean over = since != null
                && trouble.collectAttempts() >= MIN_ATTEMPTS
                && !clock.instant().isBefore(since.plus(patience.denied()));
        if (over) {
            drop(job, segment, wish, says);
        } else {
            segments.troubles().notYet(job.id(), segment, true, says);
        }
        return null;
    }

    /// Leaves everything as it was, and says so.
    private void drop(OpenJob job, SegmentItem segment, Again wish, String why) throws IOException {
        deleteFetched(job.store(), segment.index());
        segments.jobs()
                .claims()
                .notice(
                        job.id(),
                        wish.askedAt().truncatedTo(ChronoUnit.SECONDS) + ", collect-again of segment " + segment.index()
                                + ": not done, because " + why + "; what was collected before stays as it is",
                        true);
        wish.settled().write(job.store());
        segments.batches().dropAgain(job.id(), segment);
    }

    /// Puts the new files in the place of the old ones, and reads them. Whatever is interrupted here is done again.
    private void replace(OpenJob job, Account account, SegmentItem segment, Again wish) throws IOException {
        JobStore store = job.store();
        Ending ending = Objects.requireNonNull(wish.ending());
        Instant received = Objects.requireNonNull(wish.fetchedAt());
        SegmentState outcome = ending.outcome();
        Optional<SegmentItem> found = segments.batches().foundAgain(job.id(), segment, ending);
        if (found.isEmpty()) {
            // Another call has done it.
            return;
        }
        SegmentItem now = found.get();
        moveIn(store, JobFiles.output(now.index()));
        moveIn(store, JobFiles.errors(now.index()));
        Counted counted = SegmentReader.counted(account, now, outcome);
        SegmentTally tally = reader.read(job, now, outcome, received, counted, true)
                .orElseThrow()
                .tally();
        // In place of what it cost before: all of it counts once, and the same answers cost the same.
        AnswerCost before = now.cost();
        AnswerCost cost = reader.cost(job, outcome, tally, before == null ? 0 : before.nano());
        SegmentReader.mirror(job, now, outcome, tally, received, cost);
        deleteFetched(store, now.index());
        // Before the registry: a wish that stays open in the copy would be taken for the next one.
        wish.settled().write(store);
        segments.batches()
                .recordCollectedAgain(
                        job.id(),
                        now,
                        outcome,
                        received,
                        tally.observed(),
                        tally.failed(),
                        TagRules.of(job).code(),
                        CollectStep.copiesOf(job),
                        cost);
    }

    private static void moveIn(JobStore store, String file) throws IOException {
        String fetched = JobFiles.again(file);
        long size = store.size(fetched);
        if (size < 0) {
            return;
        }
        try (Draft draft = store.create(file)) {
            if (size > 0) {
                draft.append(fetched, 0, size);
            }
            draft.commit();
        }
    }

    private static void deleteFetched(JobStore store, int segment) throws IOException {
        store.delete(JobFiles.again(JobFiles.output(segment)));
        store.delete(JobFiles.again(JobFiles.errors(segment)));
    }
}
