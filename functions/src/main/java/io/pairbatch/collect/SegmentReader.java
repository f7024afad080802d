package io.pairbatch.collect;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.pairs.Pair;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.prompt.PromptSize;
import io.pairbatch.registry.AnswerCost;
import io.pairbatch.registry.CollectedSegment;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.step.Account;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Reckoning;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Reads the files of a segment whose batch has ended, and knows what they must hold.
record SegmentReader(SegmentRegistry segments, PriceTable prices) {

    /// Reads a segment's files, and writes its results.
    ///
    /// @param last whether to accept incomplete files
    /// @return empty, with nothing written, if they hold less than is counted
    Optional<SegmentCollector.Collected> read(
            OpenJob job, SegmentItem segment, SegmentState outcome, Instant received, Counted counted, boolean last)
            throws IOException {
        return collector(job, job.store(), segment).collect(ended(segment, outcome, received), counted, last);
    }

    /// Looks at files that are not the segment's yet. Writes nothing.
    ///
    /// @param store with these files under the names of the segment's
    SegmentCollector.Seen look(OpenJob job, JobStore store, SegmentItem segment, SegmentState outcome, Counted counted)
            throws IOException {
        return collector(job, store, segment).look(ended(segment, outcome, Instant.EPOCH), counted);
    }

    private SegmentCollector collector(OpenJob job, JobStore store, SegmentItem segment) throws IOException {
        ResultSettings settings = JobSettings.of(job.resolved(), job.store());
        return new SegmentCollector(
                store,
                settings,
                prices,
                new RegisteredSegments(segments, job.id()),
                promptBytes(job.resolved().spec(), segment));
    }

    /// The bytes of a pair's prompt. What somebody else has sent is not known.
    private static ToLongFunction<Pair> promptBytes(JobSpec spec, SegmentItem segment) {
        if (spec.isOthers(segment.attempt())) {
            return pair -> 0;
        }
        PromptSize prompt =
                PromptSize.of(spec.prompt().template(), spec.prompt().trait());
        return pair -> prompt.with(pair.text1(), pair.text2());
    }

    /// What the answers of a segment cost; null where the model has no price.
    ///
    /// @param held what counts, in nano-USD, at least, where some answers were paid for whose cost nobody knows
    @Nullable
    AnswerCost cost(OpenJob job, SegmentState outcome, SegmentTally tally, long held) {
        if (CostBounds.ofBatches(prices, job.resolved().spec()).isEmpty()) {
            return null;
        }
        return outcome == SegmentState.NOT_SUBMITTED ? AnswerCost.NOTHING : Reckoning.cost(tally, held);
    }

    private static EndedSegment ended(SegmentItem segment, SegmentState outcome, Instant received) {
        return new EndedSegment(
                segment.index(), segment.attempt(), segment.batchId(), end(ending(segment, outcome)), received);
    }

    /// Writes the copy of what is known of a collected segment.
    static void mirror(
            OpenJob job,
            SegmentItem segment,
            SegmentState outcome,
            SegmentTally tally,
            Instant received,
            @Nullable AnswerCost cost) {
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
                        segment.errorFileId(),
                        cost));
    }

    /// What the files must hold. A completed batch has a line for each request that it counts, or for all requests if
    /// it has no counts; for any other batch only the answers are certain.
    static Counted counted(Account account, SegmentItem segment, SegmentState outcome) {
        return counted(account, segment.rows(), ending(segment, outcome));
    }

    /// The same of a batch that has ended like this.
    ///
    /// @param rows the segment's
    static Counted counted(Account account, int rows, Ending ending) {
        if (ending.outcome() == SegmentState.NOT_SUBMITTED || isLost(ending.errorCode())) {
            return Counted.NOTHING;
        }
        long answers = ending.completed();
        if (end(ending) instanceof BatchEnd.Completed) {
            long lines = answers + ending.failed();
            return new Counted(lines == 0 ? rows : lines, answers);
        }
        // What a batch was paid for that failed before it began is nothing.
        return account.provider().givesPartOfABatch()
                ? new Counted(answers, answers)
                : new Counted(0, 0, ending.outcome() == SegmentState.FAILED && answers == 0);
    }

    /// Whether it counts as lost.
    static boolean isLost(SegmentItem segment) {
        return isLost(segment.errorCode());
    }

    private static boolean isLost(@Nullable String errorCode) {
        return FailureCode.BATCH_LOST.code().equals(errorCode);
    }

    private static Ending ending(SegmentItem segment, SegmentState outcome) {
        return new Ending(
                outcome,
                Objects.requireNonNullElse(segment.providerStatus(), "unknown"),
                segment.requestsTotal(),
                segment.requestsCompleted(),
                segment.requestsFailed(),
                segment.outputFileId(),
                segment.errorFileId(),
                segment.errorCode(),
                segment.errorMessage());
    }

    private static BatchEnd end(Ending ending) {
        String detail = detail(ending);
        if (ending.outcome() == SegmentState.NOT_SUBMITTED) {
            return FailureCode.BUDGET_REACHED.code().equals(ending.errorCode())
                    ? new BatchEnd.NotSubmitted(
                            Objects.requireNonNullElse(ending.errorMessage(), "not submitted"),
                            FailureCode.BUDGET_REACHED)
                    : new BatchEnd.NotSubmitted(Objects.requireNonNullElse(detail, "not submitted"));
        }
        if (isLost(ending.errorCode())) {
            return new BatchEnd.Lost(Objects.requireNonNullElse(ending.errorMessage(), "lost"));
        }
        return ending.outcome() == SegmentState.COLLECTED && !BatchEnd.expired(ending.status())
                ? new BatchEnd.Completed()
                : new BatchEnd.Broken(ending.status(), detail);
    }

    private static @Nullable String detail(Ending ending) {
        if (ending.errorCode() == null) {
            return ending.errorMessage();
        }
        return ending.errorMessage() == null ? ending.errorCode() : ending.errorCode() + ": " + ending.errorMessage();
    }
}
