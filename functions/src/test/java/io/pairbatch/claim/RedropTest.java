package io.pairbatch.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.spec.Filing;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.Draft;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.json.JsonMapper;

/// The same table dropped again, with the same job file or another.
class RedropTest {

    private static final String KEY = "inbox/essays/pairs.csv";

    private final JobFixture fixture = new JobFixture();
    private final MemoryTable table = fixture.table;
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private final JobRegistry registry = fixture.jobs;
    private final JobOpener jobs = fixture.opener(buckets);
    private final Random random = new Random(1);
    private final Set<String> running = new HashSet<>();
    private int executions;

    @Test
    void theSameFilesAreTheSameJob() throws Exception {
        String id = begun("");
        stop(id, JobState.FAILED);
        assertThat(mine(drop("")).jobId()).isEqualTo(id);
        assertThat(notice(id)).isNull();
    }

    @Test
    void studyAndLabelsAreNoPartOfTheIdentityAndTheLatestOnesAreTold() throws Exception {
        String id = begun(", \"study\": \"pilot\"");
        assertThat(tags(id)).isEqualTo(new JobTags(new Filing("pilot", Map.of()), false));
        stop(id, JobState.FAILED);
        String again = ", \"study\": \"reading\", \"labels\": {\"wave\": \"2\"}, \"verbose\": true";
        assertThat(mine(drop(again)).jobId()).isEqualTo(id);
        assertThat(tags(id)).isEqualTo(new JobTags(new Filing("reading", Map.of("wave", "2")), true));
        assertThat(mine(drop("")).jobId()).isEqualTo(id);
        assertThat(tags(id)).isEqualTo(JobTags.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"include_raw\": true",
                "\"request_id_prefix\": \"LAB\"",
                "\"metadata\": {\"grant\": \"X\"}",
                "\"temperature\": 0",
                "\"endpoint\": \"chat.completions\""
            })
    void anOptionThatAsksForNoOtherAnswerIsNoPartOfTheIdentity(String option) throws Exception {
        String id = begun("");
        running.add("arn:1");
        assertThat(drop(", " + option)).isInstanceOf(Claimer.Outcome.Quiet.class);
        boolean isADefault = option.contains("temperature") || option.contains("endpoint");
        if (isADefault) {
            assertThat(notice(id)).isNull();
        } else {
            assertThat(notice(id)).contains(option.substring(1, option.indexOf('"', 1)), "not applied");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"temperature\": 0.5", "\"endpoint\": \"responses\"", "\"top_p\": 0.5"})
    void anOptionThatAsksForAnotherAnswerMakesAnotherJob(String option) throws Exception {
        String id = begun("");
        running.add("arn:1");
        assertThat(mine(drop(", " + option)).jobId()).isNotEqualTo(id);
    }

    @Test
    void aDropIsKnownByWhatAnOlderVersionMadeOfIt() throws Exception {
        String id = begun(", \"include_raw\": true");
        ResolvedJob job = frozen(id);
        Judgement judgement = Judgement.of(job.spec(), false);
        buckets.deleteObject(r -> r.bucket("b").key(Identities.key(judgement.drop(job.source()))));
        buckets.deleteObject(r -> r.bucket("b").key("jobs/" + id + "/job.json"));
        put(Identities.key(judgement.formerDrop(job.source())), "{\"job_id\": \"" + id + "\"}");
        running.add("arn:1");
        assertThatThrownBy(() -> drop(", \"include_raw\": true")).hasMessageContaining("not frozen it yet");
    }

    private JobTags tags(String id) {
        return new JobIndex(table, "t").find(id).orElseThrow().tags();
    }

    @Test
    void theIdIsDrawnSoThatNoTwoStacksShareIt() throws Exception {
        Claimer.Outcome.Mine first = (Claimer.Outcome.Mine) drop("");
        table.clear();
        buckets.deleteObject(r -> r.bucket("b")
                .key(Identities.key(Judgement.of(first.resolved().spec(), false)
                        .drop(first.resolved().source()))));
        assertThat(mine(drop("")).jobId())
                .startsWith("essays-")
                .isNotEqualTo(first.item().jobId());
    }

    @Test
    void aLostRegistryMakesNoOtherJob() throws Exception {
        String id = begun("");
        table.clear();
        assertThat(mine(drop(", \"interval_seconds\": 30")).jobId()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"interval_seconds\": 30",
                "\"keep_jsonl\": false",
                "\"max_stall\": \"2h\"",
                "\"preflight\": false",
                "\"tag_mode\": \"tolerant\"",
                "\"ambiguous\": \"fail\""
            })
    void howTheWorkIsDoneMayChangeWhileAnotherExecutionRuns(String field) throws Exception {
        String id = begun("");
        running.add("arn:1");
        assertThat(drop(", " + field)).isInstanceOf(Claimer.Outcome.Quiet.class);
        assertThat(notice(id)).contains(field.substring(1, field.indexOf('"', 1)), ": applied from the next step on");
        String policy = new JsonMapper()
                .readTree(
                        buckets.bytes("b", "jobs/" + id + "/" + JobFiles.POLICY).orElseThrow())
                .path("spec")
                .toString();
        assertThat(policy.replace(" ", ""))
                .contains(field.startsWith("\"max_stall") ? "max_stall" : field.replace(" ", ""));
        assertThat(frozen(id).spec()).isNotEqualTo(atFirst(id).spec());
    }

    @Test
    void theLatestDropWins() throws Exception {
        String id = begun("");
        running.add("arn:1");
        drop(", \"interval_seconds\": 30");
        drop(", \"per_job_delay\": 7");
        assertThat(frozen(id).spec().polling().intervalSeconds()).isEqualTo(60);
        assertThat(frozen(id).spec().polling().perJobDelay()).isEqualTo(7);
    }

    @Test
    void howMuchAJobMayCostIsTakenOnByARunningAStoppedAndAFinishedOne() throws Exception {
        String id = begun(", \"max_cost_usd\": 1");
        assertThat(limit(id)).isEqualTo(1_000_000_000L);
        running.add("arn:1");
        drop(", \"max_cost_usd\": 2.50");
        assertThat(limit(id)).isEqualTo(2_500_000_000L);
        running.clear();
        stop(id, JobState.FAILED);
        drop(", \"max_cost_usd\": 3");
        assertThat(limit(id)).isEqualTo(3_000_000_000L);
        stop(id, JobState.DONE);
        drop(", \"max_cost_usd\": 4, \"per_job_delay\": 9");
        assertThat(limit(id)).isEqualTo(4_000_000_000L);
        assertThat(frozen(id).spec().polling().maxCostUsd()).contains(new BigDecimal("4"));
        assertThat(frozen(id).spec().polling().perJobDelay())
                .as("the job is done")
                .isNotEqualTo(9);
        assertThat(notice(id)).contains("max_cost_usd 4 instead of 3: applied", "per_job_delay", "not applied");
        drop("");
        assertThat(limit(id)).isNull();
    }

    private @Nullable Long limit(String id) {
        return new JobIndex(table, "t").find(id).orElseThrow().costs().limit();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"batch_size\": 1", "\"include_texts\": false", "\"limit\": 2"})
    void aPlanThatIsFollowedDoesNotChange(String field) throws Exception {
        String id = begun("");
        running.add("arn:1");
        assertThat(drop(", " + field)).isInstanceOf(Claimer.Outcome.Quiet.class);
        assertThat(notice(id)).contains(": not applied, because the job works, or has worked, with the old value");
        assertThat(frozen(id).spec()).isEqualTo(atFirst(id).spec());
    }

    @Test
    void whatWasRefusedIsForgottenWhenTheNextDropAsksForNothingElse() throws Exception {
        String id = begun("");
        running.add("arn:1");
        drop(", \"batch_size\": 1");
        assertThat(notice(id)).contains("not applied");
        drop("");
        assertThat(notice(id)).isNull();
        drop(", \"interval_seconds\": 30");
        drop(", \"interval_seconds\": 30");
        assertThat(notice(id)).as("each file of a folder is an event").contains("applied from the next step on");
    }

    @Test
    void theAnswersOfAJobThatIsDoneAreReadAgainOnRequestOnly() throws Exception {
        String id = begun("");
        table.edit(id, "JOB", item -> item.put("state", AttributeValue.fromS("DONE")));
        assertThat(drop(", \"tag_mode\": \"exact\"")).isInstanceOf(Claimer.Outcome.Done.class);
        assertThat(notice(id))
                .contains("tag_mode \"exact\" instead of \"last\": not applied, because the job is done; `reread`");
        assertThat(frozen(id).spec()).isEqualTo(atFirst(id).spec());
    }

    @ParameterizedTest
    @CsvSource({"MERGING, false", "DONE, true"})
    void aReadingThatComesTooLateIsNotPromised(JobState state, boolean keeps) throws Exception {
        String id = begun(", \"keep_jsonl\": " + keeps);
        running.add("arn:1");
        // The job goes on after the drop has looked at it, and has written its policy.
        buckets.onCreated(created -> {
            if (created.key().endsWith(JobFiles.POLICY)) {
                table.edit(id, "JOB", item -> item.put("state", AttributeValue.fromS(state.name())));
            }
        });
        drop(", \"tag_mode\": \"exact\", \"interval_seconds\": 30, \"keep_jsonl\": " + keeps);
        assertThat(notice(id)).contains("tag_mode \"exact\" instead of \"last\": not applied, because the job is done");
        assertThat(frozen(id).spec().prompt()).isEqualTo(atFirst(id).spec().prompt());
    }

    @Test
    void aReadingMayGoBackToWhatWasReadThoughTheAnswersWereDeleted() throws Exception {
        String id = begun("");
        running.add("arn:1");
        drop(", \"tag_mode\": \"exact\"");
        fixture.segments.register(id, JobFixture.segment(1, 1, 1), "openai", "gpt-4.1");
        table.edit(id, "SEGMENT#000001", item -> {
            item.put("state", AttributeValue.fromS("COLLECTED"));
            item.put("tag_rules", AttributeValue.fromS(JobFixture.TAG_RULES));
        });
        put("jobs/" + id + "/" + JobFiles.tally(1), "{\"segment\": 1, \"pairs\": 1, \"observed\": 1}");
        drop("");
        assertThat(notice(id)).contains("tag_mode \"last\" instead of \"exact\": applied");
        assertThat(table.item(id, "JOB")).containsEntry("policy_changes", AttributeValue.fromN("2"));
    }

    @Test
    void answersThatWereDeletedAreNotReadInAnotherWay() throws Exception {
        String id = begun("");
        running.add("arn:1");
        fixture.segments.register(id, JobFixture.segment(1, 1, 1), "openai", "gpt-4.1");
        table.edit(id, "SEGMENT#000001", item -> item.put("state", AttributeValue.fromS("COLLECTED")));
        put("jobs/" + id + "/" + JobFiles.tally(1), "{\"segment\": 1, \"pairs\": 1, \"observed\": 1}");
        drop(", \"tag_mode\": \"exact\", \"interval_seconds\": 30");
        assertThat(notice(id))
                .contains("interval_seconds 30 instead of 60: applied")
                .contains("not applied, because " + JobFiles.output(1) + ", with answers, was deleted");
        assertThat(frozen(id).spec().polling().intervalSeconds()).isEqualTo(30);
        assertThat(frozen(id).spec().prompt()).isEqualTo(atFirst(id).spec().prompt());
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FAILED", "WAITING_FOR_KEY"})
    void aStoppedJobThatSentNothingGivesWay(JobState state) throws Exception {
        String id = begun("");
        stop(id, state);
        JobItem next = mine(drop(", \"max_bad_rows\": 5"));
        assertThat(next.jobId()).isNotEqualTo(id);
        assertThat(registry.find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
        assertThat(mine(drop(", \"max_bad_rows\": 5")).jobId()).isEqualTo(next.jobId());
    }

    @Test
    void aJobThatHasSentSomethingDoesNotGiveWay() throws Exception {
        String id = begun("");
        fixture.segments.register(id, JobFixture.segment(1, 1, 2), "openai", "gpt-4.1");
        stop(id, JobState.FAILED);
        table.edit(id, "SEGMENT#000001", item -> item.put("submissions", AttributeValue.fromN("1")));
        assertThat(mine(drop(", \"batch_size\": 1")).jobId()).isEqualTo(id);
        assertThat(notice(id)).contains("batch_size 1 instead of not set: not applied");
    }

    @Test
    void aJobOfWhichTheProviderLetNothingInGivesWay() throws Exception {
        String id = sent(SubmissionOutcome.REFUSED);
        stop(id, JobState.FAILED);
        String next = mine(drop(", \"batch_size\": 1")).jobId();
        assertThat(next).isNotEqualTo(id);
        assertThat(registry.find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aJobWhoseOnlyBatchWasFailedForLackOfRoomGivesWay() throws Exception {
        String id = sent(SubmissionOutcome.CREATED);
        table.edit(id, "SEGMENT#000001", item -> item.put("state", AttributeValue.fromS("PENDING")));
        stop(id, JobState.FAILED);
        assertThat(mine(drop(", \"batch_size\": 1")).jobId()).isNotEqualTo(id);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATED", "ADOPTED", "ABSENT"})
    void aJobThatMayHaveABatchDoesNotGiveWay(SubmissionOutcome outcome) throws Exception {
        String id = sent(outcome);
        stop(id, JobState.FAILED);
        assertThat(mine(drop(", \"batch_size\": 1")).jobId()).isEqualTo(id);
    }

    @Test
    void aCreateThatOnlyTheMirrorKnowsOfMayHaveBeenLetIn() throws Exception {
        String id = sent(SubmissionOutcome.REFUSED);
        put("jobs/" + id + "/registry/segment_000001_sub_02_intent.json", "{}");
        stop(id, JobState.FAILED);
        assertThat(mine(drop(", \"batch_size\": 1")).jobId()).isEqualTo(id);
    }

    @Test
    void aCreateWithoutAnOutcomeMayHaveBeenLetIn() throws Exception {
        String id = sent(null);
        stop(id, JobState.FAILED);
        assertThat(mine(drop(", \"batch_size\": 1")).jobId()).isEqualTo(id);
    }

    /// A job that has asked for one batch.
    private String sent(@Nullable SubmissionOutcome outcome) throws Exception {
        String id = begun("");
        JobItem item = registry.find(id).orElseThrow();
        Fence fence = new Fence(id, item.owner(), item.epoch());
        fixture.segments.register(id, JobFixture.segment(1, 1, 1), "openai", "gpt-4.1");
        registry.recordSplitProgress(fence, 1, 1, 0, 1, true);
        SegmentItem segment = fixture.segments.require(id, 1);
        Instant now = fixture.clock.instant();
        Submission create = new Submission(1, 1, "t", "f", "openai#x", now, null, null);
        fixture.segments
                .creations()
                .intend(fence, segment, create, now.plusSeconds(90), now.plusSeconds(30), null, null);
        Mirror.intent(jobs.store(id), segment, create, now.plusSeconds(90));
        if (outcome == SubmissionOutcome.CREATED || outcome == SubmissionOutcome.ADOPTED) {
            fixture.segments.creations().recordCreated(id, create, "batch_1", outcome);
        } else if (outcome != null) {
            fixture.segments.creations().returnToPending(fence, create, outcome, now);
        }
        return id;
    }

    @Test
    void ofAJobWhoseRegistryWasLostTheBucketTellsThatItHasSentSomething() throws Exception {
        String id = begun("");
        put("jobs/" + id + "/registry/segment_000001_sub_01_intent.json", "{}");
        stop(id, JobState.FAILED);
        assertThat(mine(drop(", \"batch_size\": 1")).jobId()).isEqualTo(id);
    }

    @Test
    void aReplacedJobIsNeverWorkedOnAgain() throws Exception {
        String id = begun("");
        stop(id, JobState.REJECTED);
        drop(", \"max_bad_rows\": 5");
        table.clear();
        JobItem back = ((io.pairbatch.registry.Claim.Mine) claimer().claim(frozen(id), "arn:late")).job();
        assertThat(claimer().stopIfReplaced(new Fence(id, "arn:late", back.epoch())))
                .isTrue();
        assertThat(registry.find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void whatTheSimulatorHasJudgedIsNotTheJobOfAModel() throws Exception {
        fixture.simulated = true;
        String simulated = begun("");
        assertThat(frozen(simulated).isSimulated()).isTrue();
        assertThat(new JobIndex(table, "t").find(simulated).orElseThrow().simulated())
                .isTrue();
        table.clear();
        assertThat(mine(drop("")).jobId()).as("after a lost registry").isEqualTo(simulated);
        assertThat(new JobIndex(table, "t").find(simulated).orElseThrow().simulated())
                .isTrue();

        fixture.simulated = false;
        String real = begun("");
        assertThat(real).isNotEqualTo(simulated);
        assertThat(frozen(real).simulated()).isFalse();
        assertThat(new JobIndex(table, "t").find(real).orElseThrow().simulated())
                .isFalse();
    }

    @Test
    void aJobThatBeganWithTheSimulatorIsNotSentToAModelNorTheOtherWayRound() throws Exception {
        fixture.simulated = true;
        Claimer.Outcome.Mine mine = (Claimer.Outcome.Mine) drop("");
        freeze(mine.resolved());
        fixture.simulated = false;
        JobOpener real = fixture.opener(buckets);
        OpenJob job = real.open(mine.fence());
        assertThatThrownBy(() -> real.account(job, Deadline.NONE))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("PROVIDER_CHANGED")
                .hasMessageContaining("the simulator");
    }

    @Test
    void aJobOfAnOlderVersionKeepsItsId() throws Exception {
        ResolvedJob old = olderJob();
        assertThat(mine(drop(", \"interval_seconds\": 30")).jobId()).isEqualTo(old.jobId());
        assertThat(registry.find(old.jobId()).orElseThrow().judged()).isNotNull();
        assertThat(mine(drop("")).jobId()).as("known by now").isEqualTo(old.jobId());
    }

    @Test
    void aJobWhoseClaimIsLostIsFoundByItsFolder() throws Exception {
        String id = begun("");
        ResolvedJob job = frozen(id);
        String claim = Identities.key(Judgement.of(job.spec(), false).drop(job.source()));
        buckets.deleteObject(r -> r.bucket("b").key(claim));
        table.clear();
        assertThat(mine(drop(", \"interval_seconds\": 30")).jobId()).isEqualTo(id);
    }

    @Test
    void theClaimFollowsTheJobThatTookAnothersPlace() throws Exception {
        String id = begun("");
        ResolvedJob job = frozen(id);
        stop(id, JobState.REJECTED);
        String next = mine(drop(", \"max_bad_rows\": 5")).jobId();
        // Whoever wrote the marker died before the claim.
        String key = Identities.key(Judgement.of(job.spec(), false).drop(job.source()));
        put(key, "{\"job_id\": \"" + id + "\"}");
        assertThat(mine(drop(", \"max_bad_rows\": 5")).jobId()).isEqualTo(next);
        assertThat(new String(buckets.bytes("b", key).orElseThrow(), StandardCharsets.UTF_8))
                .contains(next);
    }

    @Test
    void aDropWaitsUntilTheJobThatAnotherClaimsIsFrozen() throws Exception {
        drop("");
        running.add("arn:1");
        assertThatThrownBy(() -> drop(", \"batch_size\": 1")).isInstanceOf(RetryableException.class);
    }

    @Test
    void aJobIsFrozenOnce() throws Exception {
        Claimer.Outcome.Mine first = (Claimer.Outcome.Mine) drop("");
        Claimer.Outcome.Mine second = (Claimer.Outcome.Mine) drop(", \"batch_size\": 1");
        assertThat(jobs.freeze(second.resolved())).isTrue();
        assertThat(jobs.freeze(first.resolved())).isFalse();
        assertThat(frozen(first.item().jobId()).spec())
                .isEqualTo(second.resolved().spec());
    }

    @Test
    void theSameNumberWrittenOtherwiseIsTheSameJob() throws Exception {
        String id = begun(", \"temperature\": 0.5");
        stop(id, JobState.FAILED);
        assertThat(mine(drop(", \"temperature\": 0.50")).jobId()).isEqualTo(id);
        assertThat(mine(drop(", \"temperature\": 5e-1")).jobId()).isEqualTo(id);
    }

    @Test
    void whatIsJudgedMakesAnotherJob() throws Exception {
        String id = begun("");
        assertThat(mine(drop(", \"run\": 2")).jobId()).isNotEqualTo(id);
        assertThat(mine(drop(", \"temperature\": 0.5")).jobId()).isNotEqualTo(id);
    }

    /// Drops the files and freezes the job, as its first execution does.
    private String begun(String fields) throws Exception {
        Claimer.Outcome.Mine mine = (Claimer.Outcome.Mine) drop(fields);
        freeze(mine.resolved());
        return mine.item().jobId();
    }

    private void freeze(ResolvedJob job) throws IOException {
        try (Draft draft = jobs.store(job.jobId()).create(JobFiles.JOB)) {
            job.write(draft);
            draft.commit();
        }
    }

    /// A job as it was claimed when ids were made of every field.
    private ResolvedJob olderJob() throws Exception {
        Claimer.Outcome.Mine mine = (Claimer.Outcome.Mine) drop("");
        ResolvedJob now = mine.resolved();
        String id = JobId.of("essays", now.source(), now.spec());
        ResolvedJob old = new ResolvedJob(id, now.createdAt(), "0.1.0", now.source(), now.spec());
        table.clear();
        buckets.deleteObject(r ->
                r.bucket("b").key(Identities.key(Judgement.of(now.spec(), false).drop(now.source()))));
        freeze(old);
        fixture.claim(old, "arn:old");
        return old;
    }

    private Claimer.Outcome drop(String fields) throws Exception {
        put("inbox/essays/job.json", "{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\"" + fields + "}");
        if (buckets.bytes("b", KEY).isEmpty()) {
            put(KEY, "ID1,text1,ID2,text2\na,x,b,y\n");
        }
        return claimer().claim("b", KEY, "arn:" + ++executions);
    }

    private static JobItem mine(Claimer.Outcome outcome) {
        return ((Claimer.Outcome.Mine) outcome).item();
    }

    private Claimer claimer() {
        return fixture.claimer(buckets, random, running::contains);
    }

    private void put(String key, String text) {
        buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text));
    }

    private ResolvedJob frozen(String id) throws IOException {
        return jobs.frozen(id).orElseThrow();
    }

    private ResolvedJob atFirst(String id) throws IOException {
        buckets.deleteObject(r -> r.bucket("b").key("jobs/" + id + "/" + JobFiles.POLICY));
        return frozen(id);
    }

    private void stop(String id, JobState state) throws Exception {
        JobItem item = registry.find(id).orElseThrow();
        registry.stop(new Fence(id, item.owner(), item.epoch()), state, "INTERNAL", "why");
    }

    private @Nullable String notice(String id) {
        AttributeValue notice = table.item(id, "JOB").get("notice");
        return notice == null ? null : notice.s();
    }
}
