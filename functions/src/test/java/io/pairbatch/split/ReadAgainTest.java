package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.TagMode;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.node.ObjectNode;

/// A finished job whose answers are to be read by other rules.
class ReadAgainTest {

    private final JobFixture fixture = new JobFixture();
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private final SplitStep step = fixture.splitting(buckets, arn -> false);

    @Test
    void aFinishedJobGoesOnWithTheNewRules() throws Exception {
        String id = job(JobState.DONE);

        assertThat(readAgain(id, 2, "arn:2")).isInstanceOf(SplitStep.Result.Split.class);

        JobItem item = fixture.jobs.find(id).orElseThrow();
        assertThat(item.state()).isEqualTo(JobState.RUNNING);
        assertThat(item.owner()).isEqualTo("arn:2");
        assertThat(fixture.table.item(id, "JOB")).doesNotContainKey("finished_at");
        assertThat(tagMode(id)).isEqualTo(TagMode.EXACT);
        assertThat(notice(id)).endsWith(", reread: tag_mode \"exact\" instead of \"last\"");
    }

    @Test
    void theSameExecutionMayAskAgainAndAnotherMayNot() throws Exception {
        String id = job(JobState.DONE);
        readAgain(id, 2, "arn:2");
        assertThat(readAgain(id, 2, "arn:2")).isInstanceOf(SplitStep.Result.Split.class);
        assertThat(readAgain(id, 2, "arn:3")).isInstanceOf(SplitStep.Result.Quiet.class);
        assertThat(fixture.jobs.find(id).orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void anOlderRequestDoesNotTakeAJobThatWasDoneAgain() throws Exception {
        String id = job(JobState.DONE);
        readAgain(id, 2, "arn:2");
        fixture.table.edit(id, "JOB", item -> item.put("state", AttributeValue.fromS("DONE")));
        assertThat(readAgain(id, 2, "arn:late")).isInstanceOf(SplitStep.Result.Quiet.class);
        assertThat(fixture.jobs.find(id).orElseThrow().owner()).isEqualTo("arn:2");
    }

    @Test
    void aJobThatIsNotDoneIsLeftAlone() throws Exception {
        String id = job(JobState.FAILED);
        assertThat(readAgain(id, 2, "arn:2")).isInstanceOf(SplitStep.Result.Quiet.class);
        assertThat(tagMode(id)).isEqualTo(TagMode.LAST);
    }

    @Test
    void answersThatWereDeletedAreNamed() throws Exception {
        String id = job(JobState.DONE);
        fixture.table.edit(id, "SEGMENT#000001", item -> item.put("state", AttributeValue.fromS("COLLECTED")));
        put("jobs/" + id + "/" + JobFiles.tally(1), "{\"segment\": 1, \"pairs\": 2, \"observed\": 2}");
        assertThat(readAgain(id, 2, "arn:2")).isInstanceOf(SplitStep.Result.Quiet.class);
        assertThat(notice(id)).contains("not done, because " + JobFiles.output(1) + ", with answers, was deleted");
        assertThat(tagMode(id)).isEqualTo(TagMode.LAST);
        assertThat(fixture.jobs.find(id).orElseThrow().state()).isEqualTo(JobState.DONE);
    }

    @Test
    void onlyRulesForReadingMayChange() throws Exception {
        String id = job(JobState.DONE);
        assertThatThrownBy(() -> step.readAgain(id, 2, "arn:2", rules("model", "gpt-5"), soon()))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("SPEC_UNKNOWN_FIELD");
        assertThatThrownBy(() -> step.readAgain(id, 2, "arn:2", rules("tag_mode", "first"), soon()))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("SPEC_INVALID_VALUE");
    }

    @Test
    void aSampleWhoseTableIsGoneSaysSoInsteadOfGrowing() throws Exception {
        String id = job(JobState.DONE, ", \"limit\": 1");
        String version = Objects.requireNonNull(fixture.table.item(id, "JOB").get("source_version"))
                .s();
        buckets.deleteObject(r -> r.bucket("b").key("inbox/essays/pairs.csv").versionId(version));
        assertThat(step.judgeMore(id, 2, "arn:2", 2, soon())).isInstanceOf(SplitStep.Result.Quiet.class);
        assertThat(notice(id)).contains("a larger limit: not done, because its table is gone");
        assertThat(fixture.jobs.find(id).orElseThrow().state()).isEqualTo(JobState.DONE);
    }

    private SplitStep.Result readAgain(String id, long epoch, String owner) throws Exception {
        return step.readAgain(id, epoch, owner, rules("tag_mode", "exact"), soon());
    }

    private static ObjectNode rules(String field, String value) {
        return Json.MAPPER.createObjectNode().put(field, value);
    }

    private String job(JobState state) throws Exception {
        return job(state, "");
    }

    private String job(JobState state, String fields) throws Exception {
        put("inbox/essays/pairs.csv", "ID1,text1,ID2,text2\na,x,b,y\nb,y,c,z\n");
        put(
                "inbox/essays/job.json",
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"T\", \"trait_description\": \"D\"" + fields + "}");
        SplitStep.Result split = step.begin("b", "inbox/essays/job.json", "arn:1", soon());
        Fence fence = ((SplitStep.Result.Split) split).job().fence();
        fixture.jobs.stop(fence, state, "INTERNAL", "why");
        return fence.jobId();
    }

    private TagMode tagMode(String id) throws Exception {
        return fixture.opener(buckets)
                .frozen(id)
                .orElseThrow()
                .spec()
                .prompt()
                .rules()
                .tagMode();
    }

    private String notice(String id) {
        return Objects.requireNonNull(fixture.table.item(id, "JOB").get("notice"))
                .s();
    }

    private Deadline soon() {
        return fixture.within(Duration.ofMinutes(10));
    }

    private void put(String key, String text) {
        buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text));
    }
}
