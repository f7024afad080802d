package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.claim.Contents;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.revive.Continuation;
import io.pairbatch.revive.ReviveStep;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.DeletionMark;
import io.pairbatch.step.JobOpener;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import tools.jackson.databind.node.ObjectNode;

/// The same pairs in other files.
class SameContentTest {

    private static final String CSV = "ID1,text1,ID2,text2\na,x,b,y\nb,y,c,z\nc,z,a,x\n";

    private final JobFixture fixture = new JobFixture();
    private final MemoryTable table = fixture.table;
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private final JobRegistry registry = fixture.jobs;
    private final Set<String> running = new HashSet<>();
    private final SplitStep step = fixture.splitting(buckets, running::contains);
    private int executions;

    @ParameterizedTest
    @ValueSource(
            strings = {
                CSV,
                "ID1,text1,ID2,text2\r\na,x,b,y\r\nb,y,c,z\r\nc,z,a,x\r\n",
                "note,ID2,text2,ID1,text1\n1,b,y,a,x\n2,c,z,b,y\n3,a,x,c,z\n",
                CSV + "d,,,\n"
            })
    void theSamePairsInAnotherUploadAreNotSentAgain(String other) throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        running.add("arn:1");

        SplitStep.Result second = drop("copy", other, "");

        assertThat(second).isInstanceOf(SplitStep.Result.Quiet.class);
        JobItem duplicate = newest("copy");
        assertThat(duplicate.state()).isEqualTo(JobState.DUPLICATE);
        assertThat(duplicate.errorMessage()).contains(first, "drop them with `run` 2");
        assertThat(table.item(duplicate.jobId(), "JOB")).containsEntry("same_as", AttributeValue.fromS(first));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"include_raw\": true", "\"temperature\": 0", "\"metadata\": {\"a\": \"b\"}"})
    void anotherOptionThatAsksForNoOtherAnswerIsNoOtherJob(String field) throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        running.add("arn:1");
        drop("copy", CSV, ", " + field);
        assertThat(newest("copy").errorMessage()).contains(first);
    }

    @Test
    void aContentThatAnOlderVersionClaimedIsNotSentAgain() throws Exception {
        JobItem first = split(drop("essays", CSV, ""));
        running.add("arn:1");
        String claim = buckets.objects("b", "claims/content/")
                .findFirst()
                .orElseThrow()
                .key();
        put(former(first), "{\"job_id\": \"" + first.jobId() + "\", \"epoch\": 1}");
        buckets.deleteObject(r -> r.bucket("b").key(claim));
        drop("copy", CSV, "");
        assertThat(newest("copy").errorMessage()).contains(first.jobId());
    }

    private String former(JobItem job) throws IOException {
        JobSpec spec = fixture.opener(buckets).frozen(job.jobId()).orElseThrow().spec();
        return Contents.keys(String.valueOf(job.content()), spec, false).getLast();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"run\": 2", "\"temperature\": 0.5", "\"trait_description\": \"E\""})
    void anotherWayToJudgeIsAnotherJob(String field) throws Exception {
        split(drop("essays", CSV, ""));
        running.add("arn:1");
        split(drop("copy", CSV, ", " + field));
    }

    @Test
    void anotherWayToReadTheAnswersIsNoOtherJob() throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        running.add("arn:1");
        drop("copy", CSV, ", \"tag_mode\": \"exact\"");
        assertThat(newest("copy").errorMessage())
                .contains("jobs/" + first + "/, and `reread` reads them with tag_mode \"exact\" instead of \"last\";");
    }

    /// A design made the pairs of the table, or the command did: they are the same.
    @Test
    void theSamePairsOfSamplesAreNotSentAgain() throws Exception {
        String first = split(drop("essays", "ID1,text1,ID2,text2\na,x,b,y\na,x,c,z\nb,y,c,z\n", ""))
                .jobId();
        running.add("arn:1");
        String samples = "ID,text\na,x\nb,y\nc,z\n";
        drop("copy", samples, ", \"pairing\": {\"design\": \"all\"}");
        assertThat(newest("copy").errorMessage()).contains(first);
        split(drop("other", samples, ", \"pairing\": {\"design\": \"all\", \"order\": \"both\"}"));
    }

    @Test
    void theSamePairsUnderOtherNamesAreNotSentAgain() throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        running.add("arn:1");
        drop("copy", CSV.replace("ID1,text1", "who,what"), ", \"columns\": {\"ID1\": \"who\", \"text1\": \"what\"}");
        assertThat(newest("copy").state()).isEqualTo(JobState.DUPLICATE);
        assertThat(newest("copy").errorMessage()).contains(first);
    }

    @Test
    void theSameFileWithOtherNamesIsAnotherJob() throws Exception {
        String table = "ID1,text1,ID2,first,second\na,x,b,y,z\n";
        JobItem first = split(drop("essays", table, ", \"columns\": {\"text2\": \"first\"}"));
        running.add("arn:1");
        JobItem second = split(drop("essays", table, ", \"columns\": {\"text2\": \"second\"}"));
        assertThat(second.jobId()).isNotEqualTo(first.jobId());
        assertThat(second.content()).isNotEqualTo(first.content());
    }

    @Test
    void tablesWithoutAPairHaveNothingInCommon() throws Exception {
        split(drop("essays", "ID1,text1,ID2,text2\na,NA,b,y\n", ", \"max_bad_rows\": \"100%\""));
        running.add("arn:1");
        split(drop("copy", "ID1,text1,ID2,text2\nc,z,d,NA\n", ", \"max_bad_rows\": \"100%\""));
        assertThat(buckets.objects("b", "claims/content/")).isEmpty();
    }

    @Test
    void anotherTextIsAnotherJob() throws Exception {
        split(drop("essays", CSV, ""));
        running.add("arn:1");
        split(drop("copy", CSV.replace("x,b", "xb,"), ""));
    }

    @Test
    void theNextFreeRunIsNamed() throws Exception {
        split(drop("essays", CSV, ""));
        split(drop("again", CSV, ", \"run\": 2"));
        running.addAll(Set.of("arn:1", "arn:2"));
        drop("copy", CSV, "");
        assertThat(newest("copy").errorMessage()).contains("drop them with `run` 3");
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "FAILED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION"})
    void aJobThatStoppedBeforeItSentAnythingLetsAnotherGoOn(JobState state) throws Exception {
        JobItem first = split(drop("essays", CSV, ""));
        stop(first.jobId(), state);

        JobItem second = split(drop("copy", CSV, ""));

        assertThat(second.jobId()).startsWith("copy-");
        running.add("arn:2");
        assertThat(step.takeOver(first.jobId(), 3, "arn:late", soon())).isInstanceOf(SplitStep.Result.Quiet.class);
        assertThat(registry.find(first.jobId()).orElseThrow().state()).isEqualTo(JobState.DUPLICATE);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION"})
    void aJobThatStoppedAfterItSentSomethingGoesOn(JobState state) throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        table.edit(first, "SEGMENT#000001", item -> item.put("submissions", AttributeValue.fromN("1")));
        stop(first, state);

        assertThat(split(drop("copy", CSV, "")).jobId()).isEqualTo(first);

        assertThat(newest("copy").state()).isEqualTo(JobState.DUPLICATE);
        assertThat(registry.find(first).orElseThrow().state()).isEqualTo(JobState.RUNNING);
    }

    /// It has claimed anew already, and is about to say that it goes on.
    @Test
    void aJobThatIsJustBeingContinuedIsStoppedBeforeItsClaimIsTaken() throws Exception {
        JobItem first = split(drop("essays", CSV, ""));
        stop(first.jobId(), JobState.WAITING_FOR_KEY);
        registry.claims().take(first.jobId(), "arn:late", 2);

        assertThat(split(drop("copy", CSV, "")).jobId()).startsWith("copy-");

        Fence late = new Fence(first.jobId(), "arn:late", 2);
        assertThatThrownBy(() -> registry.move(late, JobState.RUNNING)).isInstanceOf(FencedException.class);
    }

    @Test
    void ofTwoJobsThatTakeTheClaimAtOnceOneGoesOn() throws Exception {
        JobItem first = split(drop("essays", CSV, ""));
        stop(first.jobId(), JobState.WAITING_FOR_KEY);
        List<SplitStep.Result> late = new ArrayList<>();
        // The first is continued after the other has looked at it, and before the other writes.
        SplitStep other = fixture.splitting(
                beforeItReplaces(() -> {
                    running.add("arn:late");
                    late.add(step.takeOver(first.jobId(), 3, "arn:late", soon()));
                }),
                running::contains);

        put("copy", CSV, "");
        assertThat(other.begin("b", "inbox/copy/job.json", "arn:2", soon())).isInstanceOf(SplitStep.Result.Quiet.class);

        assertThat(split(late.getFirst()).jobId()).isEqualTo(first.jobId());
        assertThat(newest("copy").state()).isEqualTo(JobState.DUPLICATE);
    }

    @FunctionalInterface
    private interface Meanwhile {

        void happens() throws Exception;
    }

    private S3Client beforeItReplaces(Meanwhile meanwhile) {
        boolean[] done = new boolean[1];
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, given) -> {
                    if (given != null && given.length == 2 && given[0] instanceof Consumer<?> consumer) {
                        @SuppressWarnings("unchecked")
                        PutObjectRequest put = PutObjectRequest.builder()
                                .applyMutation((Consumer<PutObjectRequest.Builder>) consumer)
                                .build();
                        if (put.ifMatch() != null && !done[0]) {
                            done[0] = true;
                            meanwhile.happens();
                        }
                    }
                    try {
                        return method.invoke(buckets, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aSecondCallOfTheSameExecutionGoesOnWithTheJobThatTheFirstTookOver() throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        table.edit(first, "SEGMENT#000001", item -> item.put("submissions", AttributeValue.fromN("1")));
        stop(first, JobState.FAILED);
        split(drop("copy", CSV, ""));

        assertThat(split(step.begin("b", "inbox/copy/job.json", "arn:2", soon()))
                        .jobId())
                .isEqualTo(first);
    }

    @Test
    void aSmallerSampleGrows() throws Exception {
        String first = split(drop("essays", CSV, ", \"limit\": 1")).jobId();
        stop(first, JobState.DONE);

        JobItem grown = split(drop("copy", CSV, ", \"limit\": 2"));

        assertThat(grown.jobId()).isEqualTo(first);
        assertThat(grown.limits()).containsExactly(2);
        stop(first, JobState.DONE);
        assertThat(drop("third", CSV, ", \"limit\": 2")).isInstanceOf(SplitStep.Result.Quiet.class);
    }

    @Test
    void aJobWhoseRegistryIsLostIsStillTheOneThatJudges() throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        table.clear();
        assertThat(split(drop("copy", CSV, "")).jobId()).isEqualTo(first);
    }

    @Test
    void aDeletionIsWaitedForAndThenThePairsAreFree() throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        stop(first, JobState.DELETING);
        assertThatThrownBy(() -> drop("copy", CSV, ""))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining(first, "is being deleted");
        JobRecord waiting = shown("copy");
        assertThat(waiting.awaitsDeletion())
                .as("the job that waits says for what")
                .isEqualTo(first);
        assertThat(waiting.waits().orElseThrow()).contains("./pairbatch delete " + first);
        forget(first);
        SplitStep.Result now = step.takeOver(waiting.jobId(), 2, "arn:later", soon());
        assertThat(split(now).jobId()).startsWith("copy-");
        assertThat(shown("copy").waits()).as("the wait is over").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"while it waits", "after it had stopped"})
    void aJobThatIsCancelledWhileItWaitsForADeletionEndsAtOnceAndItsPairsAreFree(String when) throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        stop(first, JobState.DELETING);
        assertThatThrownBy(() -> drop("copy", CSV, "")).isInstanceOf(RetryableException.class);
        String id = newest("copy").jobId();
        if (when.startsWith("after")) {
            stop(id, JobState.FAILED);
            assertThatThrownBy(() -> step.takeOver(id, 2, "arn:later", soon())).isInstanceOf(RetryableException.class);
            assertThat(shown("copy").state()).isEqualTo(JobState.RUNNING);
        }
        List<String> started = new ArrayList<>();
        Continuation.Answer answer = continuation(started).cancel(id);
        assertThat(answer).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).as("though an execution runs, which may sleep").hasSize(1);

        JobItem cancelled = registry.find(id).orElseThrow();
        assertThat(step.takeOver(id, cancelled.epoch() + 1, "arn:cancel", soon()))
                .isInstanceOf(SplitStep.Result.Quiet.class);

        JobRecord ended = shown("copy");
        assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
        assertThat(ended.errorCode()).isEqualTo("CANCELLED");
        assertThat(ended.errorMessage()).contains(first, "nothing of it was sent");
        assertThat(ended.waits()).isEmpty();
        assertThat(ended.notice()).as("`continue` sends nothing of it").isNull();
        assertThat(fixture.opener(buckets).store(id).open(JobFiles.ERROR)).isPresent();

        forget(first);
        SplitStep.Result again = step.begin("b", "inbox/copy/job.json", "arn:again", soon());
        assertThat(split(again).jobId()).startsWith("copy-").isNotEqualTo(id);
    }

    /// The end of a deletion.
    private void forget(String jobId) {
        table.deleteItem(r -> r.tableName("t")
                .key(Map.of("job_id", AttributeValue.fromS(jobId), "item", AttributeValue.fromS("JOB"))));
        buckets.deleteObject(r -> r.bucket("b").key("jobs/" + jobId + "/job.json"));
    }

    private JobRecord shown(String folder) {
        return new JobIndex(table, "t").find(newest(folder).jobId()).orElseThrow();
    }

    /// @param started gets each job that an execution was started for
    private Continuation continuation(List<String> started) {
        ReviveStep.Executions executions = new ReviveStep.Executions() {
            @Override
            public boolean running(String arn) {
                return true;
            }

            @Override
            public void start(String jobId, long epoch, ObjectNode wish) {
                started.add(jobId);
            }

            @Override
            public void drop(JobItem job) {}
        };
        JobOpener opener = fixture.opener(buckets);
        return new Continuation(fixture.segments, executions, opener::frozen, opener::store);
    }

    @Test
    void aJobThatLosesItsRegistryWhileItIsDeletedIsNotGoneOnWith() throws Exception {
        String id = split(drop("essays", CSV, "")).jobId();
        DeletionMark.write(fixture.opener(buckets).store(id));
        table.clear();

        assertThat(step.takeOver(id, 1, "arn:revived", soon())).isInstanceOf(SplitStep.Result.Quiet.class);

        assertThat(registry.find(id).orElseThrow().state()).isEqualTo(JobState.DELETING);
        assertThat(fixture.segments.all(id))
                .as("what the provider has of it can be found")
                .isNotEmpty();
    }

    @Test
    void aDuplicateThatIsDroppedAgainAfterTheOtherIsGoneIsJudged() throws Exception {
        String first = split(drop("essays", CSV, "")).jobId();
        running.add("arn:1");
        drop("copy", CSV, "");
        table.deleteItem(r -> r.tableName("t")
                .key(Map.of("job_id", AttributeValue.fromS(first), "item", AttributeValue.fromS("JOB"))));
        buckets.deleteObject(r -> r.bucket("b").key("jobs/" + first + "/job.json"));
        assertThat(split(drop("copy", CSV, "")).jobId())
                .isEqualTo(newest("copy").jobId());
    }

    private JobItem split(SplitStep.Result result) {
        assertThat(result).isInstanceOf(SplitStep.Result.Split.class);
        String id = ((SplitStep.Result.Split) result).job().id();
        JobItem item = registry.find(id).orElseThrow();
        assertThat(item.state()).isEqualTo(JobState.RUNNING);
        return item;
    }

    private JobItem newest(String folder) {
        List<JobItem> found = new ArrayList<>();
        registry.each(found::add);
        return found.stream()
                .filter(job -> job.jobId().startsWith(folder + "-"))
                .findFirst()
                .orElseThrow();
    }

    private void stop(String id, JobState state) throws Exception {
        JobItem item = registry.find(id).orElseThrow();
        registry.stop(new Fence(id, item.owner(), item.epoch()), state, "INTERNAL", "why");
    }

    private SplitStep.Result drop(String folder, String pairs, String fields) throws Exception {
        put(folder, pairs, fields);
        return step.begin("b", "inbox/" + folder + "/job.json", "arn:" + ++executions, soon());
    }

    private void put(String folder, String pairs, String fields) {
        put("inbox/" + folder + "/pairs.csv", pairs);
        put("inbox/" + folder + "/job.json", """
                {"model": "gpt-4.1", "trait_name": "T"%s%s}
                """.formatted(
                        fields.contains("trait_description") ? "" : ", \"trait_description\": \"D\"", fields));
    }

    private Deadline soon() {
        return fixture.within(Duration.ofMinutes(10));
    }

    private void put(String key, String text) {
        buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text));
    }
}
