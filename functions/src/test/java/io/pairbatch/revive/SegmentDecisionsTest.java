package io.pairbatch.revive;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.revive.Continuation.Answer;
import io.pairbatch.step.OpenJob;
import io.pairbatch.testing.JobFixture;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.node.ObjectNode;

/// What a person decides about a segment, and when nothing is to be decided.
class SegmentDecisionsTest {

    private static final Duration LEASE = Duration.ofMinutes(12);

    private final JobFixture fixture = new JobFixture();
    private final List<String> started = new ArrayList<>();
    private final SegmentDecisions decisions = new SegmentDecisions(
            fixture.segments,
            new Continuation(
                    fixture.segments, executions(), id -> Optional.of(JobFixture.resolved("")), id -> fixture.files),
            id -> fixture.files,
            fixture.clock);
    private boolean running;

    /// Segment 1 was sent, and the answer was lost; segment 2 has its batch.
    @BeforeEach
    void aDoubt() throws Exception {
        OpenJob job = fixture.split(2);
        fixture.provider.lostAnswers.add(1);
        fixture.submit(job);
        fixture.clock.advance(LEASE);
        fixture.segments
                .creations()
                .markInDoubt(
                        JOB,
                        fixture.segment(1),
                        "the list cannot be read",
                        fixture.clock.instant().plus(LEASE));
        fixture.jobs.stop(job.fence(), JobState.WAITING_FOR_DECISION, "IN_DOUBT", "why");
    }

    @Test
    void whatIsKnownIsShown() throws Exception {
        SegmentDecisions.Doubt doubt = decisions.doubt(JOB, 1);
        assertThat(doubt.submission().fileId()).isEqualTo("file_1");
        assertThat(doubt.proof()).isEqualTo("the list cannot be read");
        assertThat(fixture.files.open(doubt.intent())).isPresent();
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.IN_DOUBT);
        assertThat(started).isEmpty();
    }

    @Test
    void theListIsReadAtOnce() throws Exception {
        assertThat(decisions.look(JOB, 1, token())).isInstanceOf(Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2");

        fixture.jobs.move(fixture.fence(), JobState.RUNNING);
        assertThat(fixture.reconciler.settle(fixture.open(), fixture.account, fixture.segment(1)))
                .isTrue();
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
    }

    @Test
    void aBatchIsTheSubmissionsAndInTheCopyToo() throws Exception {
        assertThat(decisions.batch(JOB, 1, token(), "batch_1")).isInstanceOf(Answer.Started.class);

        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
        assertThat(fixture.segment(1).errorMessage()).isNull();
        assertThat(submission().outcome()).isEqualTo(SubmissionOutcome.ADOPTED);
        assertThat(fixture.segments.accounts().owns("openai#x", "batch_1")).isTrue();
        assertThat(mirrored()).contains("\"outcome\":\"ADOPTED\",\"batch_id\":\"batch_1\"");
        assertThat(started).containsExactly(JOB + " 2");
    }

    @Test
    void aBatchThatAnotherSegmentOwnsIsRefused() throws Exception {
        assertThatThrownBy(() -> decisions.batch(JOB, 1, token(), "batch_2"))
                .hasMessage("Batch batch_2 is owned by segment 2 of job " + JOB + ".");
        assertUndecided();
    }

    @Test
    void aBatchThatOnlyTheAccountKnowsIsRefused() throws Exception {
        fixture.table.edit(JOB, "SEGMENT#000002#SUB#01", item -> item.remove("batch_id"));
        assertThatThrownBy(() -> decisions.batch(JOB, 1, token(), "batch_2"))
                .hasMessage("Batch batch_2 is owned by another job, or by one that was deleted.");
        assertUndecided();
    }

    @Test
    void whatIsNoIdIsRefused() throws Exception {
        assertThatThrownBy(() -> decisions.batch(JOB, 1, token(), "batch 1")).hasMessageContaining("no id of a batch");
        assertThatThrownBy(() -> decisions.batch(JOB, 1, token(), "")).hasMessageContaining("no id of a batch");
        assertUndecided();
    }

    @Test
    void withoutABatchTheSegmentIsSentAgain() throws Exception {
        fixture.provider.batches.remove("batch_1");
        assertThat(decisions.none(JOB, 1, token())).isInstanceOf(Answer.Started.class);
        assertThat(submission().outcome()).isEqualTo(SubmissionOutcome.ABSENT);
        assertThat(mirrored()).contains("\"outcome\":\"ABSENT\"");

        fixture.jobs.move(fixture.fence(), JobState.RUNNING);
        fixture.submit(fixture.open());
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_3");
    }

    @Test
    void aBatchThatTheListShowsIsNotPaidTwiceAlthoughAPersonSaidThatThereIsNone() throws Exception {
        decisions.none(JOB, 1, token());
        fixture.jobs.move(fixture.fence(), JobState.RUNNING);
        fixture.submit(fixture.open());
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
        assertThat(fixture.provider.calls("create")).hasSize(2);
    }

    @Test
    void anotherSubmissionThanTheOneThatWasSeenIsLeftAlone() throws Exception {
        assertThatThrownBy(() -> decisions.none(JOB, 1, "other")).hasMessageContaining("has moved on");
        assertThatThrownBy(() -> decisions.look(JOB, 1, "other")).hasMessageContaining("has moved on");
        assertUndecided();
    }

    @Test
    void aCreateThatMayStillBeSentIsNotDecided() {
        fixture.table.edit(JOB, "SEGMENT#000001", item -> {
            item.put("state", AttributeValue.fromS("SUBMITTING"));
            item.put(
                    "lease_until",
                    AttributeValue.fromS(fixture.clock.instant().plusSeconds(1).toString()));
        });
        assertThatThrownBy(() -> decisions.doubt(JOB, 1)).hasMessageContaining("may still be being submitted");
        fixture.clock.advance(Duration.ofSeconds(1));
        assertThat(assertDoubt().proof()).isEqualTo("no list was read yet since its lease was over");
    }

    @Test
    void whatIsNotInDoubtIsRefused() {
        assertThatThrownBy(() -> decisions.doubt(JOB, 2))
                .hasMessage("Segment 2 is not in doubt: its batch is batch_2.")
                .extracting(e -> ((NotDecidedException) e).remedy())
                .isEqualTo("If the provider does not know that batch: ./pairbatch give-up " + JOB + " 2");
        assertThatThrownBy(() -> decisions.doubt(JOB, 3))
                .hasMessage("The job has no segment 3.")
                .extracting(e -> ((NotDecidedException) e).remedy())
                .isEqualTo("It has the segments 1 to 2.");
        assertThatThrownBy(() -> decisions.doubt("b-1", 1)).hasMessage("There is no such job.");
    }

    @Test
    void aJobThatIsBeingDeletedIsLeftAlone() throws Exception {
        String token = token();
        fixture.table.edit(JOB, "JOB", item -> item.put("state", AttributeValue.fromS("DELETING")));
        assertThatThrownBy(() -> decisions.none(JOB, 1, token)).hasMessage("The job is being deleted.");
        assertThat(fixture.segments.creations().decideAbsent(JOB, submission()))
                .isEqualTo(io.pairbatch.registry.CreationRegistry.Decided.MOVED_ON);
        assertUndecided();
    }

    @Test
    void anExecutionThatWorksOnTheJobTakesItUp() throws Exception {
        fixture.jobs.move(fixture.fence(), JobState.RUNNING);
        running = true;
        assertThat(decisions.batch(JOB, 1, token(), "batch_1"))
                .isEqualTo(new Answer.Noted("An execution is already working on the job."));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(started).isEmpty();
    }

    @Test
    void aBatchThatCannotBeReadIsGivenUp() throws Exception {
        fixture.segments.troubles().denied(JOB, fixture.segment(2), "404", LEASE);
        assertThat(decisions.troubled(JOB, 2).batchId()).isEqualTo("batch_2");
        assertThat(decisions.giveUp(JOB, 2, "batch_2")).isInstanceOf(Answer.Started.class);
        assertThat(fixture.segment(2).trouble().giveUp()).isTrue();
        assertThat(started).containsExactly(JOB + " 2");
    }

    @Test
    void aBatchThatTheProviderAnswersForIsNotGivenUp() {
        assertThatThrownBy(() -> decisions.giveUp(JOB, 2, "batch_2"))
                .hasMessage("Nothing stands in the way of segment 2: the provider answers for batch batch_2.");
        assertThat(fixture.segment(2).trouble().giveUp()).isFalse();
    }

    @Test
    void anotherBatchThanTheOneThatWasSeenIsNotGivenUp() {
        fixture.segments.troubles().denied(JOB, fixture.segment(2), "404", LEASE);
        assertThatThrownBy(() -> decisions.giveUp(JOB, 2, "batch_1")).hasMessageContaining("has moved on");
        assertThatThrownBy(() -> decisions.giveUp(JOB, 1, "batch_1"))
                .hasMessage("Whether segment 1 has a batch is not known.");
        assertThat(fixture.segment(2).trouble().giveUp()).isFalse();
    }

    private void assertUndecided() throws Exception {
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.IN_DOUBT);
        assertThat(submission().outcome()).isNull();
        assertThat(fixture.files.open("registry/segment_000001_sub_01_outcome.json"))
                .isEmpty();
        assertThat(started).isEmpty();
    }

    private SegmentDecisions.Doubt assertDoubt() {
        try {
            return decisions.doubt(JOB, 1);
        } catch (NotDecidedException e) {
            throw new AssertionError(e);
        }
    }

    private Submission submission() {
        return fixture.segments.submissions(JOB, 1).getLast();
    }

    private String token() {
        return submission().token();
    }

    private String mirrored() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        fixture.files
                .open("registry/segment_000001_sub_01_outcome.json")
                .orElseThrow()
                .transferTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private ReviveStep.Executions executions() {
        return new ReviveStep.Executions() {
            @Override
            public boolean running(String arn) {
                return running;
            }

            @Override
            public void start(String jobId, long epoch, ObjectNode wish) {
                started.add(jobId + " " + epoch);
            }

            @Override
            public void drop(JobItem dropped) {
                throw new AssertionError("not asked for");
            }
        };
    }

    @Test
    void ofAJobOfSeveralJudgesTheirJobsAreNamed() {
        fixture.table.edit(
                JOB, "JOB", item -> item.put("judges", AttributeValue.fromL(List.of(AttributeValue.fromS("x")))));
        assertThatThrownBy(() -> decisions.segment(JOB, 3))
                .isInstanceOf(NotDecidedException.class)
                .extracting("remedy")
                .asString()
                .matches("Batches are those of the jobs of its judges: a-x-[0-9a-f]{8}\\.");
    }
}
