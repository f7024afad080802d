package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// How the real workflow handles failures.
class WorkflowFailuresTest {

    private static final String OUTAGE = "io.pairbatch.job.RetryableException";
    private static final String STOPPED =
            "'outcome': 'announce', 'announcement': " + Workflow.ANNOUNCEMENT.replace("DONE", "FAILED");

    private final Script script = new Script();

    @BeforeEach
    void theRestSucceeds() {
        script.always("split", Workflow.payload("'outcome': 'go'"))
                .always("submit", Workflow.payload("'outcome': 'poll'"))
                .always("poll", Workflow.payload("'outcome': 'merge'"))
                .always("collect", Workflow.payload("'outcome': 'go'"))
                .always("merge", Workflow.payload("'outcome': 'announce', 'announcement': " + Workflow.ANNOUNCEMENT))
                .always("fail", Workflow.payload(STOPPED))
                .always("publish", call -> Script.json("{'MessageId': 'm'}"));
    }

    private Outcome run() {
        return Workflow.execution(script).run();
    }

    private void fails(int times, String step, String error) {
        for (int i = 0; i < times; i++) {
            script.fails(step, error, "try " + i);
        }
    }

    private JsonNode recorded() {
        return script.last("fail").payload().path("failure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"split", "submit", "poll", "merge"})
    void anOutageIsWaitedOutWithGrowingPausesAndTheStepContinues(String step) {
        fails(12, step, OUTAGE);
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.sleeps)
                .extracting(Duration::toSeconds)
                .containsExactly(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 900L, 900L, 900L);
        assertThat(script.steps()).filteredOn(step::equals).hasSize(13);
        assertThat(script.steps()).doesNotContain("fail");
    }

    @Test
    void lambdasOwnErrorsAreFirstRetriedAtOnceWithJitter() {
        script.share = 0.5;
        fails(5, "submit", "Lambda.TooManyRequestsException");
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.sleeps).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 2L);
    }

    @Test
    void anErrorThatIsNotAnOutageIsTriedSixTimesAndThenRecordedAsInternal() {
        fails(7, "poll", "java.lang.NullPointerException");
        assertThat(run()).isEqualTo(new Outcome.Failed("INTERNAL", "java.lang.NullPointerException: try 6"));
        assertThat(recorded())
                .isEqualTo(Script.json("{'state': 'FAILED', 'code': 'INTERNAL', "
                        + "'message': 'java.lang.NullPointerException: try 6'}"));
        assertThat(script.steps()).filteredOn("poll"::equals).hasSize(7);
        assertThat(script.steps()).endsWith("poll", "fail", "publish");
    }

    @Test
    void sixErrorsAreForgivenIfTheSeventhAttemptSucceeds() {
        fails(6, "poll", "java.lang.NullPointerException");
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void aSuccessOfAnyStepResetsTheCount() {
        fails(5, "submit", "java.lang.NullPointerException");
        fails(5, "poll", "java.lang.NullPointerException");
        fails(5, "merge", "java.lang.NullPointerException");
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void aMissingFieldInAResponseIsSuchAnError() {
        script.always("poll", call -> Script.lambda("{'outcome': 'wait'}"));
        assertThat(((Outcome.Failed) run()).error()).isEqualTo("INTERNAL");
        assertThat(recorded().path("message").stringValue())
                .startsWith("States.QueryEvaluationError: An error occurred while executing the state 'Poll'")
                .contains("returned nothing (undefined)");
    }

    @Test
    void aTimeoutHasNoCauseAndIsRecordedWithoutOne() {
        script.always("poll", call -> {
            throw TaskFailed.timeout();
        });
        assertThat(run())
                .isEqualTo(new Outcome.Failed(
                        "STALLED", "no call succeeded for max_stall; the last error was States.Timeout: "));
    }

    @Test
    void aLongCauseIsTruncated() {
        script.always("poll", call -> {
            throw new TaskFailed("E", "é".repeat(30_000));
        });
        run();
        assertThat(recorded().path("message").stringValue()).isEqualTo("E: " + "é".repeat(2000));
    }

    @Test
    void whatStallsForLongerThanTheJobAllowsIsRecordedAsStalled() {
        script.always("split", Workflow.payload("'outcome': 'go', 'max_stall_seconds': 3600"))
                .always("poll", call -> {
                    throw new TaskFailed(OUTAGE, "no answer");
                });
        assertThat(run())
                .isEqualTo(new Outcome.Failed(
                        "STALLED", "no call succeeded for max_stall; the last error was " + OUTAGE + ": no answer"));
        Duration stalled = script.sleeps.stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(stalled).isBetween(Duration.ofHours(1), Duration.ofHours(1).plusSeconds(900));
    }

    @Test
    void aDayOfOutageBeforeAnyJobIsClaimedBelongsToNoJob() {
        script.always("split", call -> {
            throw new TaskFailed(OUTAGE, "no answer");
        });
        script.always("fail", Workflow.payload("'outcome': 'failed', 'job': null"));
        assertThat(((Outcome.Failed) run()).error()).isEqualTo("STALLED");
        assertThat(script.last("fail").payload().path("job")).isEqualTo(Script.json("null"));
        assertThat(script.last("fail").payload().path("input")).isEqualTo(Workflow.INPUT);
        assertThat(script.steps()).doesNotContain("publish");
    }

    @Test
    void aSegmentThatReturnsStopLeadsToTheFailureRecorder() {
        script.then("poll", Workflow.payload("'outcome': 'wait', 'to_collect': ['s0', 's1', 's2']"))
                .then("collect", Workflow.payload("'outcome': 'go'"))
                .then("collect", Workflow.payload("'outcome': 'stop', 'failure': {'code': 'KEY', 'message': 'first'}"))
                .then(
                        "collect",
                        Workflow.payload("'outcome': 'stop', 'failure': {'code': 'KEY', 'message': 'second'}"));
        assertThat(run()).isEqualTo(new Outcome.Failed("KEY", "first"));
        assertThat(recorded()).isEqualTo(Script.json("{'code': 'KEY', 'message': 'first'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"split", "submit", "poll", "merge"})
    void aStepThatReturnsStopLeadsToTheFailureRecorder(String step) {
        script.then(step, Workflow.payload("'outcome': 'stop', 'failure': {'code': 'KEY', 'message': 'none'}"));
        assertThat(run()).isEqualTo(new Outcome.Failed("KEY", "none"));
        assertThat(script.steps()).endsWith(step, "fail", "publish");
    }

    @Test
    void anotherExecutionThatWasAlreadyStartedIsASuccess() {
        goOn();
        script.fails("startExecution", "StepFunctions.ExecutionAlreadyExistsException", "a-1-2");
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.steps()).filteredOn("startExecution"::equals).hasSize(1);
    }

    @Test
    void theNextExecutionIsStartedInNineTries() {
        goOn();
        fails(8, "startExecution", "StepFunctions.SdkClientException");
        script.then("startExecution", call -> Script.json("{'ExecutionArn': 'next'}"));
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        List<Long> pauses = new ArrayList<>(script.sleeps.stream()
                .map(Duration::toSeconds)
                .filter(s -> s != 60)
                .toList());
        assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void aNextExecutionThatCannotBeStartedIsRecorded() {
        goOn();
        fails(9, "startExecution", "StepFunctions.SdkClientException");
        assertThat(run()).isEqualTo(new Outcome.Failed("INTERNAL", "the next execution could not be started"));
    }

    private void goOn() {
        script.always("poll", Workflow.payload("'outcome': 'wait'"));
    }

    @Test
    void aLostAnnouncementChangesNothing() {
        fails(7, "publish", "SNS.InternalErrorException");
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        fails(7, "publish", "SNS.InternalErrorException");
        script.then("merge", Workflow.payload("'outcome': 'stop', 'failure': {'code': 'KEY', 'message': 'none'}"));
        assertThat(run()).isEqualTo(new Outcome.Failed("KEY", "none"));
        assertThat(script.steps()).filteredOn("publish"::equals).hasSize(14);
    }

    @Test
    void aFailureThatCannotBeRecordedEndsTheExecutionWithItsOwnError() {
        script.then("submit", Workflow.payload("'outcome': 'stop', 'failure': {'code': 'KEY', 'message': 'none'}"));
        fails(7, "fail", OUTAGE);
        assertThat(run()).isEqualTo(new Outcome.Failed(OUTAGE, "try 6"));
        assertThat(script.sleeps).extracting(Duration::toSeconds).containsExactly(2L, 6L, 18L, 54L, 162L, 300L);
    }

    @Test
    void aJobThatHasBeenTakenOverIsNotRecorded() {
        script.then("submit", Workflow.payload("'outcome': 'stop', 'failure': {'code': 'KEY', 'message': 'none'}"))
                .then("fail", Workflow.payload("'outcome': 'quiet'"));
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(script.steps()).containsExactly("split", "submit", "fail");
    }
}
