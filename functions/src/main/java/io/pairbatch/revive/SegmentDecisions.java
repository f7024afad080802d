package io.pairbatch.revive;

import io.pairbatch.problem.RefusalCode;
import io.pairbatch.registry.BatchOwners;
import io.pairbatch.registry.CreationRegistry.Decided;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.NewerVersionException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.revive.Continuation.Answer;
import io.pairbatch.spec.AdoptedBatch;
import io.pairbatch.step.Mirror;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Records what a person knows of a segment's batch and the registry cannot find out: what became of a create in doubt,
/// or that nothing more will come of a batch. Then the job goes on.
///
/// Each decision names what the person has seen, so that it is not taken for another submission or another batch. The
/// provider is not asked.
public final class SegmentDecisions {

    private final SegmentRegistry segments;
    private final Continuation continuation;
    private final Function<String, JobStore> stores;
    private final Clock clock;

    /// @param stores the files of a job
    public SegmentDecisions(
            SegmentRegistry segments, Continuation continuation, Function<String, JobStore> stores, Clock clock) {
        this.segments = segments;
        this.continuation = continuation;
        this.stores = stores;
        this.clock = clock;
    }

    /// A create in doubt.
    ///
    /// @param proof what the provider's list has shown so far, or why it shows nothing
    /// @param intent the file in the job's folder that was written before the create was sent
    public record Doubt(SegmentItem segment, Submission submission, String proof, String intent) {}

    /// The segment's create in doubt, which nobody can be sending any more.
    public Doubt doubt(String jobId, int index) throws NotDecidedException {
        SegmentItem segment = segment(jobId, index);
        SegmentState state = segment.state();
        if (state != SegmentState.IN_DOUBT && state != SegmentState.SUBMITTING) {
            throw notInDoubt(jobId, segment);
        }
        Instant lease = segment.leaseUntil();
        if (state == SegmentState.SUBMITTING && lease != null && clock.instant().isBefore(lease)) {
            throw new NotDecidedException(
                    RefusalCode.SEGMENT_BUSY,
                    "Segment " + index + " may still be being submitted, until " + lease + ".",
                    "Wait until then: the job looks at the provider's list by itself.");
        }
        List<Submission> submissions = segments.submissions(jobId, index);
        if (submissions.isEmpty()
                || submissions.getLast().outcome() != null
                || !submissions.getLast().token().equals(segment.invocation())) {
            throw movedOn(index);
        }
        Submission open = submissions.getLast();
        return new Doubt(segment, open, proof(segment), Mirror.intentFile(open));
    }

    private static NotDecidedException notInDoubt(String jobId, SegmentItem segment) {
        String not = "Segment " + segment.index() + " is not in doubt: ";
        return switch (segment.state()) {
            case PENDING ->
                new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        not + "no create of it is open.",
                        "./pairbatch continue " + jobId + " sends it.");
            case SUBMITTED ->
                new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        not + "its batch is " + segment.batchId() + ".",
                        "If the provider does not know that batch: ./pairbatch give-up " + jobId + " "
                                + segment.index());
            default ->
                new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE, not + "it has ended.", "Nothing has to be decided.");
        };
    }

    static NotDecidedException movedOn(int index) {
        return new NotDecidedException(
                RefusalCode.SEGMENT_MOVED_ON,
                "Segment " + index + " has moved on since it was looked at.",
                "Type the command again, and read what it shows.");
    }

    private static String proof(SegmentItem segment) {
        String message = segment.errorMessage();
        if (segment.state() == SegmentState.IN_DOUBT && message != null) {
            return message;
        }
        if (segment.absentSince() != null) {
            return "a list that shows newer batches of ours did not show it at " + segment.absentSince();
        }
        return segment.unseenSince() == null
                ? "no list was read yet since its lease was over"
                : segment.unseenLooks() + " lists since " + segment.unseenSince()
                        + " showed older batches of ours, and not this one";
    }

    /// Has the provider's list read again. That is safe whatever happened.
    ///
    /// @param token of the create that was seen in doubt
    public Answer look(String jobId, int index, String token) throws IOException, NotDecidedException {
        if (!segments.creations().lookAtOnce(jobId, seen(jobId, index, token))) {
            throw movedOn(index);
        }
        return continuation.after(jobId);
    }

    /// Records that no batch exists. The segment is sent again, and paid twice if that is wrong.
    public Answer none(String jobId, int index, String token) throws IOException, NotDecidedException {
        Submission submission = seen(jobId, index, token);
        enter(jobId);
        if (segments.creations().decideAbsent(jobId, submission) != Decided.RECORDED) {
            throw movedOn(index);
        }
        return recorded(jobId, submission, SubmissionOutcome.ABSENT, null);
    }

    /// Records which batch the create has made.
    public Answer batch(String jobId, int index, String token, String batchId) throws IOException, NotDecidedException {
        if (!AdoptedBatch.isId(batchId)) {
            throw new NotDecidedException(
                    RefusalCode.BATCH_ID_INVALID,
                    "That is no id of a batch: at most 200 characters without blanks were expected.",
                    "Copy the id from the provider's list of batches.");
        }
        Submission submission = seen(jobId, index, token);
        checkFree(batchId);
        enter(jobId);
        return switch (segments.creations().decideCreated(jobId, submission, batchId)) {
            case RECORDED -> recorded(jobId, submission, SubmissionOutcome.ADOPTED, batchId);
            case OWNED -> throw owned(batchId, "another job, or by one that was deleted");
            case MOVED_ON -> throw movedOn(index);
        };
    }

    /// The copy in the bucket comes second: without it a lost registry only brings the doubt back.
    private Answer recorded(String jobId, Submission submission, SubmissionOutcome outcome, @Nullable String batchId)
            throws IOException {
        Mirror.outcome(stores.apply(jobId), submission, outcome, batchId);
        return continuation.after(jobId);
    }

    private void checkFree(String batchId) throws NotDecidedException {
        Optional<BatchOwners.Owned> owned = new BatchOwners(segments).first(Set.of(batchId), "");
        if (owned.isPresent()) {
            throw owned(batchId, owned.get().owner());
        }
    }

    private static NotDecidedException owned(String batchId, String owner) {
        return new NotDecidedException(
                RefusalCode.BATCH_OWNED,
                "Batch " + batchId + " is owned by " + owner + ".",
                "Look for the batch with this segment's token; if there is none, --none says so.");
    }

    /// A deletion that begins now waits until the file is written.
    void enter(String jobId) throws NotDecidedException {
        if (!segments.jobs().claims().entering(jobId)) {
            throw deleting(jobId);
        }
    }

    private Submission seen(String jobId, int index, String token) throws NotDecidedException {
        Submission submission = doubt(jobId, index).submission();
        if (!submission.token().equals(token)) {
            throw movedOn(index);
        }
        return submission;
    }

    /// The segment, whose batch could not be read or collected at the last look.
    public SegmentItem troubled(String jobId, int index) throws NotDecidedException {
        SegmentItem segment = segment(jobId, index);
        String about = "Segment " + index;
        if (segment.collectAgain() != null) {
            return segment;
        }
        switch (segment.state()) {
            case SUBMITTED, ENDED -> {
                // Its batch is known.
            }
            case PENDING ->
                throw new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        about + " has no batch to give up.",
                        "./pairbatch continue " + jobId + " sends it.");
            case SUBMITTING, IN_DOUBT ->
                throw new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        "Whether segment " + index + " has a batch is not known.",
                        "Decide that first: ./pairbatch resolve " + jobId + " " + index);
            default ->
                throw new NotDecidedException(
                        RefusalCode.SEGMENT_WRONG_STATE,
                        about + " is collected already.",
                        "What has no winner can be sent again: ./pairbatch doctor " + jobId + " says how.");
        }
        if (segment.batchId() == null) {
            throw new NotDecidedException(
                    RefusalCode.SEGMENT_WRONG_STATE,
                    about + " has no batch to give up: none was created.",
                    "./pairbatch continue " + jobId + " collects it.");
        }
        if (!segment.trouble().ofReading() && !segment.trouble().ofCollecting()) {
            throw new NotDecidedException(
                    RefusalCode.SEGMENT_WRONG_STATE,
                    "Nothing stands in the way of segment " + index + ": the provider answers for batch "
                            + segment.batchId() + ".",
                    "Wait for it: ./pairbatch watch " + jobId + ". Only what cannot be read or collected is given up.");
        }
        return segment;
    }

    /// Records that nothing more will come of the batch: what is there is collected, and the rest is lost.
    ///
    /// @param batchId of the batch that was seen
    public Answer giveUp(String jobId, int index, String batchId) throws IOException, NotDecidedException {
        SegmentItem segment = troubled(jobId, index);
        if (!batchId.equals(segment.batchId()) || !segments.troubles().giveUp(jobId, segment)) {
            throw movedOn(index);
        }
        return continuation.after(jobId);
    }

    SegmentItem segment(String jobId, int index) throws NotDecidedException {
        try {
            JobItem job = job(jobId);
            return segments.find(jobId, index)
                    .orElseThrow(() -> new NotDecidedException(
                            RefusalCode.SEGMENT_UNKNOWN,
                            "The job has no segment " + index + ".",
                            !job.judgeJobs().isEmpty()
                                    ? "Batches are those of the jobs of its judges: "
                                            + String.join(", ", job.judgeJobs()) + "."
                                    : job.segments() == 0
                                            ? "It has none yet."
                                            : "It has the segments 1 to " + job.segments() + "."));
        } catch (NewerVersionException e) {
            throw new NotDecidedException(
                    Continuation.NEWER.code(), Continuation.NEWER.why(), Continuation.NEWER.remedy());
        }
    }

    private JobItem job(String jobId) throws NotDecidedException {
        JobItem job = segments.jobs()
                .find(jobId)
                .orElseThrow(() -> new NotDecidedException(
                        RefusalCode.JOB_UNKNOWN, "There is no such job.", "./pairbatch jobs lists them."));
        if (job.state() == JobState.DELETING) {
            throw deleting(jobId);
        }
        return job;
    }

    private static NotDecidedException deleting(String jobId) {
        return new NotDecidedException(
                RefusalCode.JOB_DELETING,
                "The job is being deleted.",
                "./pairbatch delete " + jobId + " goes on with that; what is in doubt stands in its record.");
    }
}
