package io.pairbatch.forget;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Writes of functions that do not know yet that their job is being deleted.
class DeleteStepTest {

    private static final Duration LATE = Duration.ofMinutes(16);

    private final JobFixture fixture = new JobFixture();
    private final SettableClock clock = fixture.clock;
    private final MemoryTable table = fixture.table;
    private final MemoryBuckets buckets = new MemoryBuckets(clock, "b");
    private final DeleteStep deleter = new DeleteStep(
            fixture.jobs,
            fixture.segments,
            new DeletionRegistry(table, "t", clock),
            fixture.opener(buckets),
            buckets,
            "b",
            fixture.reconciler,
            arn -> false,
            LATE,
            clock);

    @Test
    void whatARunningFunctionStillWritesIsRemovedBeforeTheDeletionEnds() throws Exception {
        job(JobState.RUNNING);
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Again.class);
        assertThat(buckets.objects("b", "jobs/").map(object -> object.key()))
                .as("a lost registry does not bring the job back")
                .contains("jobs/" + JOB + "/registry/deleting.json");
        clock.advance(Duration.ofSeconds(30));

        DeleteStep.Answer.Again again = (DeleteStep.Answer.Again) delete();

        assertThat(again.why())
                .contains(
                        "until " + clock.instant().plus(LATE).minusSeconds(30),
                        "may still write",
                        "all that is there is removed");
        assertThat(again.seconds()).isPositive();
        assertThat(buckets.countVersions("b", "jobs/")).isZero();
        put("parts/batch_01_tally.json");
        assertThat(deleter.finish(JOB, soon())).isInstanceOf(DeleteStep.Answer.Refused.class);
        clock.advance(LATE);
        put("batch_01_results.csv");
        DeleteStep.Answer.Removable removable = (DeleteStep.Answer.Removable) delete();
        assertThat(removable.job().removed().versions()).isEqualTo(4);
        assertThat(buckets.countVersions("b", "jobs/")).isZero();
        assertThat(deleter.finish(JOB, soon())).isInstanceOf(DeleteStep.Answer.Done.class);
        assertThat(table.items()).isEmpty();
    }

    @Test
    void theRecordSaysWhatTheJobWasWithoutATextOfIt() throws Exception {
        ResolvedJob frozen = JobFixture.resolved("\"study\": \"reading\", \"labels\": {\"wave\": \"2\"}");
        Fence fence = fixture.claim(frozen, "arn:one");
        fixture.jobs.claims().tag(JOB, JobTags.of(frozen.spec().output()));
        fixture.jobs.recordSplitProgress(fence, 12, 10, 2, 0, true);
        fixture.jobs.finish(fence, clock.instant(), 9, 1, new TreeMap<>(), "0.01", "rules", null, null, 0, false);
        ByteArrayOutputStream job = new ByteArrayOutputStream();
        frozen.write(job);
        put("job.json", job.toString(StandardCharsets.UTF_8));
        table.putItem(r -> r.tableName("t")
                .item(Map.of(
                        "job_id", AttributeValue.fromS("copy-0badcafe"),
                        "item", AttributeValue.fromS("JOB"),
                        "kind", AttributeValue.fromS("JOB"),
                        "created_at", AttributeValue.fromS("2026-12-01T08:00:00Z"),
                        "same_as", AttributeValue.fromS(JOB))));
        put("parts/table_digest.json", "{\"sha256\": \"" + "ab".repeat(32) + "\"}");

        DeleteStep.Answer.Again again = (DeleteStep.Answer.Again) delete();
        assertThat(again.job().deleted())
                .isEqualTo("{\"backend\":\"openai\",\"model\":\"gpt-4.1\",\"simulated\":false,\"trait_name\":\"T\","
                        + "\"study\":\"reading\",\"labels\":{\"wave\":\"2\"},"
                        + "\"table\":{\"name\":\"p.csv\",\"sha256\":\"" + "ab".repeat(32)
                        + "\",\"bytes\":1,\"etag\":\"e\",\"rows\":12,\"rejected\":2},\"same_pairs_in\":[\"copy-0badcafe\"],"
                        + "\"judged\":9,\"failed\":1,\"created_at\":\"" + clock.instant()
                        + "\",\"finished_at\":\"" + clock.instant() + "\"}");

        clock.advance(LATE.plusSeconds(1));
        DeleteStep.Answer.Removable removable = (DeleteStep.Answer.Removable) delete();
        assertThat(removable.job().deleted()).as("when its files are gone").contains("\"rows\":12");
        DeleteStep.Answer.Done done = (DeleteStep.Answer.Done) deleter.finish(JOB, soon());
        assertThat(done.job().deleted()).contains("\"rows\":12");
    }

    @Test
    void theRecordOfAJobOfSamplesTellsThemFromItsComparisons() throws Exception {
        ResolvedJob frozen = JobFixture.resolved("\"pairing\": {\"design\": \"per_sample\", \"k\": 10}");
        Fence fence = fixture.claim(frozen, "arn:one");
        fixture.jobs.recordSplitProgress(fence, 300, 300, 0, 0, true);
        ByteArrayOutputStream job = new ByteArrayOutputStream();
        frozen.write(job);
        put("job.json", job.toString(StandardCharsets.UTF_8));
        put("parts/design.json", "{\"samples\": 60}");

        DeleteStep.Answer.Again again = (DeleteStep.Answer.Again) delete();
        assertThat(again.job().deleted())
                .contains("\"samples\":60,\"comparisons\":300,\"rejected\":0}")
                .doesNotContain("\"rows\"");
    }

    @Test
    void aJobThatEndedLongAgoIsNotWaitedFor() throws Exception {
        job(JobState.DONE);
        clock.advance(LATE.plusSeconds(1));
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Again.class);
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Removable.class);
    }

    @Test
    void aDropThatIsAboutToWriteIsWaitedForAndALaterOneWritesNothing() throws Exception {
        job(JobState.DONE);
        clock.advance(LATE.plusSeconds(1));
        DeletionRegistry deletion = new DeletionRegistry(table, "t", clock);
        DeletionRegistry.DeletingJob seen = deletion.find(JOB).orElseThrow();
        assertThat(fixture.jobs.claims().entering(JOB)).isTrue();
        assertThat(deletion.begin(seen, clock.instant())).isEmpty();

        delete();
        assertThat(fixture.jobs.claims().entering(JOB)).isFalse();
        assertThat(fixture.jobs.claims().changePolicy(JOB, false)).isFalse();
        assertThat(((DeleteStep.Answer.Again) delete()).why()).contains("may still write");
        put("policy.json");
        clock.advance(LATE);
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Removable.class);
        assertThat(deleter.finish(JOB, soon())).isInstanceOf(DeleteStep.Answer.Done.class);
        assertThat(buckets.countVersions("b", "jobs/")).isZero();
        assertThat(fixture.jobs.claims().entering(JOB)).isFalse();
        assertThat(fixture.jobs.claims().changePolicy(JOB, false)).isFalse();
        assertThat(table.items()).isEmpty();
    }

    @Test
    void aJobThatHasJustEndedIsWaitedForFromThenOn() throws Exception {
        job(JobState.DONE);
        clock.advance(LATE.minusSeconds(20));
        delete();
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Again.class);
        clock.advance(Duration.ofSeconds(20));
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Removable.class);
    }

    @Test
    void theJobOfAJudgeGoesOnlyWithTheJobThatHasItWhichGoesLast() throws Exception {
        job(JobState.DONE);
        String judge = JobId.ofJudge(JOB, "x", 1);
        fixture.claim(JobFixture.resolved(judge, ""), "arn");
        table.edit(JOB, "JOB", item -> item.put("judges", AttributeValue.fromL(List.of(AttributeValue.fromS("x")))));
        table.edit(judge, "JOB", item -> item.put("panel", AttributeValue.fromS(JOB)));
        clock.advance(LATE.plusSeconds(1));
        DeleteStep.Answer.Refused refused =
                (DeleteStep.Answer.Refused) deleter.delete(judge, true, true, soon(), soon());
        assertThat(refused.remedy()).contains("./pairbatch delete " + JOB);

        DeleteStep.Answer.Judges judges = (DeleteStep.Answer.Judges) delete();
        assertThat(judges.ids()).containsExactly(judge);
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Judges.class);
        while (!(deleter.delete(judge, true, true, soon(), soon()) instanceof DeleteStep.Answer.Removable)) {
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(deleter.finish(judge, soon())).isInstanceOf(DeleteStep.Answer.Done.class);
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Again.class);
        // A function that began before the deletion lets another one begin.
        fixture.claim(JobFixture.resolved(judge, ""), "arn");
        assertThat(delete()).isInstanceOf(DeleteStep.Answer.Judges.class);
    }

    @Test
    void aDropAfterTheDeletionIsANewJob() throws Exception {
        assertThat(claimAfterDeletionOf(JOB)).isFalse();
    }

    @Test
    void theClaimOfAnotherJobThatTookItsPlaceStays() throws Exception {
        assertThat(claimAfterDeletionOf("a-ffffffff")).isTrue();
    }

    /// @param holder the job that the claim names
    /// @return whether the claim is still there
    private boolean claimAfterDeletionOf(String holder) throws Exception {
        job(JobState.DONE);
        table.edit(JOB, "JOB", item -> item.put("judged", AttributeValue.fromS("00ff")));
        buckets.putObject(
                r -> r.bucket("b").key("claims/00ff.json"), RequestBody.fromString("{\"job_id\": \"" + holder + "\"}"));
        clock.advance(LATE.plusSeconds(1));
        while (!(delete() instanceof DeleteStep.Answer.Removable)) {
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(deleter.finish(JOB, soon())).isInstanceOf(DeleteStep.Answer.Done.class);
        return buckets.versions("b", "claims/").findAny().isPresent();
    }

    private DeleteStep.Answer delete() throws Exception {
        return deleter.delete(JOB, true, true, soon(), soon());
    }

    private Deadline soon() {
        return fixture.within(Duration.ofMinutes(1));
    }

    private void job(JobState state) throws Exception {
        fixture.jobs.move(fixture.claim(JobFixture.resolved(""), "arn:one"), state);
        put("job.json");
    }

    private void put(String name) {
        put(name, "text");
    }

    private void put(String name, String text) {
        buckets.putObject(r -> r.bucket("b").key("jobs/" + JOB + "/" + name), RequestBody.fromString(text));
    }
}
