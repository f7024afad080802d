package io.pairbatch.revive;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.JobFiles;
import io.pairbatch.provider.Keeping;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.revive.Continuation.Answer;
import io.pairbatch.step.Again;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.node.ObjectNode;

/// When a segment's answers are fetched once more, and when not.
class SecondCollectionTest {

    private static final String BATCH = "batch_1";

    private final JobFixture fixture = new JobFixture();
    private final List<String> started = new ArrayList<>();
    private final Continuation continuation = new Continuation(
            fixture.segments, executions(), id -> Optional.of(JobFixture.resolved(fields())), id -> fixture.files);
    private String fields = "";
    private Keeping keeping = Keeping.UNKNOWN;
    private final SecondCollection collection = new SecondCollection(
            new SegmentDecisions(fixture.segments, continuation, id -> fixture.files, fixture.clock),
            fixture.segments,
            continuation,
            id -> fixture.files,
            provider -> keeping(),
            fixture.clock);
    private boolean running;

    /// Segment 1 is collected, segment 2 is not.
    @BeforeEach
    void aJobThatIsDone() throws Exception {
        fixture.submit(fixture.split(2));
        segment(1, "state", "COLLECTED");
        segment(1, "ended_at", fixture.clock.instant().toString());
        finish(0, false);
    }

    private boolean finish(int policyChanges, boolean collecting) throws FencedException {
        return fixture.jobs.finish(
                fixture.fence(),
                fixture.clock.instant(),
                1,
                1,
                new TreeMap<>(),
                null,
                JobFixture.TAG_RULES,
                null,
                null,
                policyChanges,
                collecting);
    }

    @Test
    void aJobThatIsDoneGoesOnForIt() throws Exception {
        assertThat(collection.collect(JOB, 1, BATCH)).isInstanceOf(Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2 {\"collect\":true}");
        assertThat(fixture.segment(1).collectAgain()).isEqualTo(fixture.clock.instant());
        assertThat(Again.anyOpen(fixture.files, null)).isTrue();
        assertThat(fixture.jobs.find(JOB).orElseThrow().collecting())
                .as("whoever dies here has it started by somebody else")
                .isTrue();
        assertThat(fixture.jobs.find(JOB).orElseThrow().state()).isEqualTo(JobState.DONE);
    }

    @Test
    void askingTwiceIsAskingOnce() throws Exception {
        collection.collect(JOB, 1, BATCH);
        Again wish = Again.read(fixture.files, 1).orElseThrow();
        fixture.clock.advance(Duration.ofMinutes(1));
        assertThat(collection.collect(JOB, 1, BATCH)).isInstanceOf(Answer.Started.class);
        assertThat(Again.read(fixture.files, 1)).contains(wish);
    }

    @Test
    void aMergeThatGoesOnDoesNotEndWithTheOldAnswers() throws Exception {
        fixture.jobs.move(fixture.fence(), JobState.MERGING);
        running = true;
        int changes = fixture.jobs.find(JOB).orElseThrow().policyChanges();
        assertThat(collection.collect(JOB, 1, BATCH))
                .isEqualTo(new Answer.Noted("An execution is already working on the job."));
        assertThat(finish(changes, true)).isFalse();
        assertThat(started).isEmpty();
    }

    @Test
    void norDoesOneWhileWhoeverAsksDies() throws Exception {
        fixture.jobs.move(fixture.fence(), JobState.MERGING);
        fixture.jobs.claims().recordCollecting(JOB);
        assertThat(finish(0, false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PENDING       | Segment 1 is not collected yet.                             | watch",
                "SUBMITTED     | Segment 1 is not collected yet.                             | watch",
                "ENDED         | Segment 1 is not collected yet.                             | watch",
                "IN_DOUBT      | Whether segment 1 has a batch is not known.                 | resolve",
                "NOT_SUBMITTED | Segment 1 was never submitted: the provider has nothing of it. | retry"
            })
    void whatHasNoAnswersIsRefused(String state, String why, String remedy) {
        segment(1, "state", state);
        assertRefused(why, remedy);
    }

    @Test
    void whatHadNoRoomIsSentWithAHigherLimit() {
        segment(1, "state", "NOT_SUBMITTED");
        segment(1, "error_code", "budget_reached");
        assertRefused("Segment 1 was never submitted", "continue " + JOB + " --max-cost USD");
        fixture.table.edit(JOB, "JOB", item -> {
            item.put("state", AttributeValue.fromS("DONE"));
            item.put("cost_needed", AttributeValue.fromN("1230000000"));
        });
        assertRefused("Segment 1 was never submitted", "continue " + JOB + " --max-cost 1.23");
    }

    @Test
    void whatTheProviderHasDeletedForUsIsRefused() {
        fields = "\"provider_retention\": \"delete_after_collect\"";
        segment(1, "copies", "DELETED");
        assertRefused("The job has what it collects deleted at the provider", "in the bucket");
    }

    @Test
    void whatTheProviderNoLongerKeepsIsRefused() throws Exception {
        keeping = new Keeping(null, Duration.ofDays(30), null, false);
        fixture.clock.advance(Duration.ofDays(30));
        assertThat(collection.collected(JOB, 1).batchId()).isEqualTo(BATCH);
        fixture.clock.advance(Duration.ofSeconds(1));
        assertRefused("The provider has kept the answers of segment 1 until", "in the bucket");
        keeping = new Keeping(null, null, Duration.ofDays(29), true);
        assertRefused("The provider has kept the answers of segment 1 until", "in the bucket");
    }

    @Test
    void aJobThatIsBeingDeletedOrOfANewerVersionIsLeftAlone() {
        fixture.table.edit(JOB, "JOB", item -> item.put("state", AttributeValue.fromS("DELETING")));
        assertRefused("The job is being deleted.", "delete");
        fixture.table.edit(JOB, "JOB", item -> item.put("state", AttributeValue.fromS("FROM_THE_FUTURE")));
        assertRefused("A newer version of Pairbatch works on the job.", "version");
    }

    @Test
    void anotherBatchThanTheOneThatWasSeenIsNotFetched() {
        assertThatThrownBy(() -> collection.collect(JOB, 1, "batch_2")).hasMessageContaining("has moved on");
        assertThat(fixture.segment(1).settled()).isTrue();
    }

    private void assertRefused(String why, String remedy) {
        assertThatThrownBy(() -> collection.collect(JOB, 1, BATCH))
                .isInstanceOf(NotDecidedException.class)
                .hasMessageStartingWith(why)
                .satisfies(e -> assertThat(((NotDecidedException) e).remedy()).contains(remedy));
        assertThat(started).isEmpty();
        assertThat(fixture.files.texts()).doesNotContainKey(JobFiles.collectAgain(1));
    }

    private String fields() {
        return fields;
    }

    private Keeping keeping() {
        return keeping;
    }

    private void segment(int index, String name, @Nullable String value) {
        fixture.table.edit(JOB, "SEGMENT#00000" + index, item -> item.put(name, AttributeValue.fromS(value)));
    }

    private ReviveStep.Executions executions() {
        return new ReviveStep.Executions() {
            @Override
            public boolean running(String arn) {
                return running;
            }

            @Override
            public void start(String jobId, long epoch, ObjectNode wish) {
                started.add(jobId + " " + epoch + " " + wish);
            }

            @Override
            public void drop(JobItem dropped) {
                throw new AssertionError("not asked for");
            }
        };
    }
}
