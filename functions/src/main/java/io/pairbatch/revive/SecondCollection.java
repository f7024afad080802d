package io.pairbatch.revive;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.provider.Keeping;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.revive.Continuation.Answer;
import io.pairbatch.spec.ProviderRetention;
import io.pairbatch.step.Again;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/// Records that the answers of a collected segment are to be fetched from the provider once more. The provider is not
/// asked here.
public final class SecondCollection {

    private final SegmentDecisions decisions;
    private final SegmentRegistry segments;
    private final Continuation continuation;
    private final Function<String, JobStore> stores;
    private final Function<String, Keeping> keeping;
    private final Clock clock;

    /// @param stores the files of a job
    /// @param keeping how long the service that stands for a provider keeps things
    public SecondCollection(
            SegmentDecisions decisions,
            SegmentRegistry segments,
            Continuation continuation,
            Function<String, JobStore> stores,
            Function<String, Keeping> keeping,
            Clock clock) {
        this.decisions = decisions;
        this.segments = segments;
        this.continuation = continuation;
        this.stores = stores;
        this.keeping = keeping;
        this.clock = clock;
    }

    /// The segment, whose answers can be fetched once more as far as is known.
    public SegmentItem collected(String jobId, int index) throws IOException, NotDecidedException {
        SegmentItem segment = decisions.segment(jobId, index);
        String about = "Segment " + index;
        switch (segment.state()) {
            case PENDING, SUBMITTED, ENDED ->
                throw new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        about + " is not collected yet.",
                        "The job does that by itself, once its batch has ended: ./pairbatch watch " + jobId);
            case SUBMITTING, IN_DOUBT ->
                throw new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        "Whether segment " + index + " has a batch is not known.",
                        "Decide that first: ./pairbatch resolve " + jobId + " " + index);
            default -> {
                // Every row of it is in a result file.
            }
        }
        if (segment.state() == SegmentState.NOT_SUBMITTED || segment.batchId() == null) {
            boolean poor = FailureCode.BUDGET_REACHED.code().equals(segment.errorCode());
            throw new NotDecidedException(
                    RefusalCode.SEGMENT_WRONG_STATE,
                    about + " was never submitted: the provider has nothing of it.",
                    poor
                            ? "./pairbatch continue " + jobId + " --max-cost " + enough(jobId)
                                    + ", with a higher limit, sends those of its pairs that no other segment has sent."
                            : "./pairbatch retry " + jobId + " --codes not_submitted sends those of its pairs that no"
                                    + " other segment has sent.");
        }
        checkKept(jobId, segment);
        return segment;
    }

    private String enough(String jobId) {
        return segments.jobs()
                .find(jobId)
                .filter(job -> job.state() == JobState.DONE)
                .map(job -> job.costs().needed())
                .map(NanoUsd::limit)
                .orElse("USD");
    }

    private void checkKept(String jobId, SegmentItem segment) throws IOException, NotDecidedException {
        Optional<ResolvedJob> job = continuation.frozen(jobId);
        boolean deletes = job.isPresent()
                && job.get().spec().output().providerRetention() == ProviderRetention.DELETE_AFTER_COLLECT;
        if (segment.copies() != SegmentItem.Copies.KEPT && deletes) {
            throw new NotDecidedException(
                    RefusalCode.ANSWERS_NOT_KEPT,
                    "The job has what it collects deleted at the provider: its `provider_retention` is"
                            + " delete_after_collect.",
                    "The files in the bucket are what there is; their older versions may be there, too.");
        }
        Instant until = keeping.apply(segment.provider()).answersUntil(segment.submittedAt(), segment.endedAt());
        if (until != null && clock.instant().isAfter(until)) {
            throw new NotDecidedException(
                    RefusalCode.ANSWERS_NOT_KEPT,
                    "The provider has kept the answers of segment " + segment.index() + " until "
                            + until.truncatedTo(ChronoUnit.SECONDS) + ".",
                    "The files in the bucket are what there is; their older versions may be there, too.");
        }
    }

    /// Has the answers fetched once more. Asking twice is asking once.
    ///
    /// @param batchId of the batch that was seen
    public Answer collect(String jobId, int index, String batchId) throws IOException, NotDecidedException {
        SegmentItem segment = collected(jobId, index);
        if (!batchId.equals(segment.batchId())) {
            throw SegmentDecisions.movedOn(index);
        }
        decisions.enter(jobId);
        if (segment.collectAgain() == null) {
            JobStore store = stores.apply(jobId);
            Optional<Again> earlier = Again.read(store, index).filter(wish -> !wish.done());
            Again wish = earlier.orElseGet(() -> Again.asked(index, clock.instant()));
            // The copy comes first: a registry that is lost a moment later knows of the wish from there.
            if (earlier.isEmpty()) {
                wish.write(store);
            }
            segments.jobs().claims().recordCollecting(jobId);
            if (!segments.batches().askAgain(jobId, segment, wish.askedAt())) {
                throw SegmentDecisions.movedOn(index);
            }
        }
        return continuation.collectAgain(jobId);
    }
}
