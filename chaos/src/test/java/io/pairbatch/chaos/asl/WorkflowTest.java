package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The real workflow without failures, with predefined responses.
class WorkflowTest {

    private final Script script = new Script();

    private Outcome run() {
        return Workflow.execution(script).run();
    }

    private void finish() {
        script.always("merge", Workflow.payload("'outcome': 'announce', 'announcement': " + Workflow.ANNOUNCEMENT))
                .always("publish", call -> Script.json("{'MessageId': 'm'}"));
    }

    @Test
    void aJobIsSplitSubmittedPolledCollectedMergedAndAnnounced() {
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'wait', 'wait_seconds': 60"))
                .then("poll", Workflow.payload("'outcome': 'wait', 'wait_seconds': 300, 'to_collect': ['s0', 's1']"))
                .then("poll", Workflow.payload("'outcome': 'merge', 'to_collect': ['s2']"))
                .always("collect", Workflow.payload("'outcome': 'go'"));
        finish();
        Execution execution = Workflow.execution(script);
        assertThat(execution.run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.steps())
                .containsExactly(
                        "split", "submit", "poll", "collect", "collect", "poll", "collect", "merge", "publish");
        assertThat(script.sleeps).containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(300));
        // Two for the execution; 2 for each Pass, Choice, Wait and Succeed; 5 for a task; 4 for a Map and 7 for a
        // segment.
        assertThat(execution.events()).isEqualTo(2 + 2 * (1 + 5 + 2 + 1 + 1) + 5 * 6 + 4 * 2 + 7 * 3);
        assertThat(execution.variables().path("events").intValue()).isGreaterThan(execution.events() - 30);
    }

    @Test
    void everyFunctionReceivesOwnerAndJob() {
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'poll'"))
                .then("poll", Workflow.payload("'outcome': 'merge', 'to_collect': ['s2'], 'unchanged': 4"))
                .always("collect", Workflow.payload("'outcome': 'go'"));
        finish();
        run();
        JsonNode job = Script.json("{'job_id': 'a-1', 'epoch': 1}");
        assertThat(script.last("split").payload())
                .isEqualTo(Script.json("{'step': 'split', 'owner': '" + Workflow.ID.arn()
                        + "', 'input': {'detail': {}}, 'job': null, 'cursor': null}"));
        for (String step : List.of("submit", "poll", "collect", "merge")) {
            assertThat(script.last(step).payload().path("owner").stringValue()).isEqualTo(Workflow.ID.arn());
            assertThat(script.last(step).payload().path("job")).isEqualTo(job);
            assertThat(script.last(step).timeout()).isEqualTo(Duration.ofSeconds(930));
        }
        assertThat(script.last("collect").payload().path("segment").stringValue())
                .isEqualTo("s2");
        assertThat(script.last("collect").arguments().path("FunctionName").stringValue())
                .isEqualTo("collector");
    }

    @Test
    void anAnnouncementIsPublishedWithItsAttributes() {
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'merge'"));
        finish();
        run();
        assertThat(script.last("publish").arguments())
                .isEqualTo(Script.json("{'TopicArn': 'topic', 'Subject': 'done', 'MessageStructure': 'json', "
                        + "'Message': {'default': '{}', 'email': 'Done.'}, 'MessageAttributes': {"
                        + "'state': {'DataType': 'String', 'StringValue': 'DONE'}, "
                        + "'job': {'DataType': 'String', 'StringValue': 'a-1'}}}"));
    }

    @Test
    void splittingContinuesWithItsCursor() {
        script.then("split", Workflow.payload("'outcome': 'again', 'cursor': {'row': 7}"))
                .then("split", Workflow.payload("'outcome': 'quiet', 'job': null"));
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.steps()).containsExactly("split", "split");
        assertThat(script.last("split").payload().path("cursor")).isEqualTo(Script.json("{'row': 7}"));
        assertThat(script.last("split").payload().path("job").path("job_id").stringValue())
                .isEqualTo("a-1");
    }

    @Test
    void aPollReceivesTheUnchangedCountAndASubmitResetsIt() {
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'poll'"))
                .then("poll", Workflow.payload("'outcome': 'wait', 'unchanged': 3"))
                .then("poll", Workflow.payload("'outcome': 'submit', 'unchanged': 4"))
                .then("submit", Workflow.payload("'outcome': 'poll'"))
                .then("poll", Workflow.payload("'outcome': 'quiet'"));
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.calls)
                .filteredOn(call -> call.payload().path("step").stringValue().equals("poll"))
                .extracting(call -> call.payload().path("unchanged").intValue())
                .containsExactly(0, 3, 0);
    }

    @Test
    void anExecutionThatHasBeenReplacedEndsQuietlyWhereverItFindsOut() {
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'quiet'"));
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.steps()).containsExactly("split", "submit");
    }

    @Test
    void past12000EventsTheJobContinuesAsANewExecution() {
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'wait'"))
                .always("poll", Workflow.payload("'outcome': 'wait', 'to_collect': ['s0']"))
                .always("collect", Workflow.payload("'outcome': 'go'"))
                .then("startExecution", call -> Script.json("{'ExecutionArn': 'next'}"));
        Execution execution = Workflow.execution(script);
        assertThat(execution.run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(execution.variables().path("events").intValue()).isBetween(12_001, 12_037);
        // The estimate is above the real number of events.
        assertThat(execution.events()).isBetween(6_000, 12_000);
        assertThat(script.last("startExecution").arguments())
                .isEqualTo(Script.json("{'StateMachineArn': '" + Workflow.MACHINE
                        + "', 'Name': 'a-1-2', 'Input': {'job_id': 'a-1', 'epoch': 2}}"));
    }

    @Test
    void theHistoryOfTheBusiestPollsEndsBelowItsLimit() {
        int[] attempts = {0};
        String hundred = "['s'" + ", 's'".repeat(99) + "]";
        Script.Answer fifthTime = call -> {
            if (++attempts[0] % 5 != 0) {
                throw new TaskFailed("Lambda.TooManyRequestsException", "");
            }
            return Script.lambda(Workflow.answer("'outcome': 'wait', 'to_collect': " + hundred));
        };
        script.then("split", Workflow.payload("'outcome': 'go'"))
                .then("submit", Workflow.payload("'outcome': 'wait'"))
                .always("poll", fifthTime)
                .always("collect", fifthTime)
                .then("startExecution", call -> Script.json("{'ExecutionArn': 'next'}"));
        Execution execution = Workflow.execution(script);
        assertThat(execution.run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(execution.events()).isBetween(15_000, 22_000);
    }
}
