package io.pairbatch.revive;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.RegistryAudit;
import io.pairbatch.step.Restoration;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What is found in a registry of which something is lost, what is started for it, and what is refused.
class RecoveryTest {

    private final JobFixture fixture = new JobFixture();
    private final List<String> started = new ArrayList<>();
    private boolean table = true;
    private boolean running;
    private Optional<ResolvedJob> frozen = Optional.empty();

    private Recovery.Found recover() throws Exception {
        return new Recovery(
                        fixture.jobs,
                        new ReviveStep.Executions() {
                            @Override
                            public boolean running(String arn) {
                                return running;
                            }

                            @Override
                            public void start(String jobId, long epoch, ObjectNode wish) {
                                started.add(jobId + " " + epoch + " " + wish);
                            }

                            @Override
                            public void drop(JobItem job) {
                                throw new AssertionError("nothing is dropped");
                            }
                        },
                        jobId -> frozen,
                        job -> table,
                        new RegistryAudit(fixture.segments),
                        jobId -> fixture.files)
                .recover(JOB);
    }

    /// Segment 1 has a batch, 2 is in doubt, 3 was never sent.
    private OpenJob three() throws Exception {
        frozen = Optional.of(JobFixture.resolved(""));
        OpenJob job = fixture.split(3);
        fixture.provider.lostRequests.add(2);
        fixture.provider.failing.put(JobFixture.upload(3), new RetryableException("down", null));
        fixture.submit(job);
        return job;
    }

    @Test
    void eachSegmentThatIsLostIsFoundWhereItIsKnown() throws Exception {
        three();
        fixture.table.lose(JOB, "SEGMENT#000001");
        fixture.table.lose(JOB, "SEGMENT#000002#SUB#01");
        fixture.table.lose(JOB, "SEGMENT#000003");
        fixture.files.putNew("batch_03_pairs.jsonl", new byte[0]);
        Recovery.Found found = recover();
        assertThat(found.answer()).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(Objects.requireNonNull(found.report()).sentence())
                .isEqualTo("3 segments: 1 restored from S3, 1 looked for in the provider's list,"
                        + " 1 split again and never sent before");
        assertThat(started).containsExactly(JOB + " 2 {\"recover\":true}");
    }

    @Test
    void aJobWhoseItemIsLostIsStartedAnew() throws Exception {
        three();
        fixture.table.lose(JOB, "JOB");
        assertThat(recover().registered()).isFalse();
        assertThat(started).containsExactly(JOB + " 1 {\"recover\":true}");
    }

    @ParameterizedTest
    @CsvSource({
        "DONE, lacks nothing",
        "REJECTED, nothing of it was sent",
        "DUPLICATE, nothing of it was sent",
        "CANCELLED, nothing of it was sent"
    })
    void whatNeedsNothingIsRefused(JobState state, String why) throws Exception {
        fixture.jobs.move(three().fence(), state);
        Recovery.Found found = recover();
        assertThat(found.answer())
                .isInstanceOfSatisfying(
                        Continuation.Answer.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
        assertThat(started).isEmpty();
    }

    @Test
    void whatCannotBeDoneNowIsRefused() throws Exception {
        assertThat(recover().answer().toString()).contains("no job.json");
        three();
        running = true;
        assertThat(recover().answer().toString()).contains("is working on the job");
        running = false;
        table = false;
        assertThat(recover().answer().toString()).contains("is gone");
        assertThat(started).isEmpty();
    }

    @Test
    void aDoneJobThatLacksSomethingIsTakenAndSplitAgain() throws Exception {
        OpenJob job = three();
        fixture.jobs.move(job.fence(), JobState.DONE);
        fixture.table.lose(JOB, "SEGMENT#000001");
        assertThat(recover().answer()).isInstanceOf(Continuation.Answer.Started.class);
        fixture.jobs.claims().splitAgain(JOB, "next", 2);
        JobItem item = fixture.jobs.find(JOB).orElseThrow();
        assertThat(item.state()).isEqualTo(JobState.SPLITTING);
        assertThat(item.splitDone()).isFalse();
        assertThat(item.owner()).isEqualTo("next");
    }

    @Test
    void itemsOfCreatesThatAreLostComeBackWithTheirOutcomes() throws Exception {
        OpenJob job = three();
        fixture.table.lose(JOB, "SEGMENT#000001#SUB#01");
        fixture.table.lose(JOB, "SEGMENT#000002#SUB#01");
        new Restoration(fixture.segments).restore(job);
        assertThat(fixture.segments.submissions(JOB, 1))
                .singleElement()
                .satisfies(s -> assertThat(s.outcome()).isEqualTo(SubmissionOutcome.CREATED));
        assertThat(fixture.segments.submissions(JOB, 2))
                .singleElement()
                .satisfies(s -> assertThat(s.outcome()).isNull());
    }

    /// The copy is written before a create is sent.
    @Test
    void aCreateThatNeitherAnItemNorTheCopyKnowsWasNeverSent() throws Exception {
        OpenJob job = three();
        fixture.files.delete("registry/segment_000002_sub_01_intent.json");
        fixture.table.lose(JOB, "SEGMENT#000002#SUB#01");
        Restoration restoration = new Restoration(fixture.segments);
        assertThatThrownBy(() -> restoration.restore(job)).isInstanceOf(RetryableException.class);
        fixture.clock.advance(Duration.ofMinutes(12));
        restoration.restore(job);
        assertThat(fixture.segment(2).state()).isEqualTo(SegmentState.PENDING);
        fixture.submit(job);
        assertThat(fixture.segment(2).state()).isEqualTo(SegmentState.SUBMITTED);
    }

    /// The outcome is in the registry before it is in the copy.
    @Test
    void anItemThatHasOutlivedItsSegmentSaysMoreThanTheCopy() throws Exception {
        OpenJob job = three();
        fixture.files.delete("registry/segment_000001_sub_01_outcome.json");
        fixture.table.lose(JOB, "SEGMENT#000001");
        fixture.segments.register(JOB, JobFixture.segment(1, 1, 1), "openai", "gpt-4.1");
        Fence fence = job.fence();
        new Restoration(fixture.segments).restore(new OpenJob(fence, job.item(), job.resolved(), job.store()));
        assertThat(fixture.segment(1).state()).isEqualTo(SegmentState.SUBMITTED);
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_1");
        fixture.submitter.submit(job, fixture.account, fixture.within(Duration.ofMinutes(10)));
        assertThat(fixture.provider.calls("create 1")).hasSize(1);
    }
}
