package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the real workflow waits out, and for how long.
class WorkflowOutagesTest {

    private final Script script = new Script();

    /// A function that was killed, or did not respond, may have met a call that hung.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.pairbatch.job.RetryableException",
                "Lambda.ServiceException",
                "Lambda.TooManyRequestsException",
                "Lambda.Unknown",
                "Sandbox.Timedout",
                "Runtime.ExitError",
                "States.Timeout"
            })
    void anOutageIsWaitedOutHoweverOftenItOccurs(String error) {
        polled();
        for (int i = 0; i < 50; i++) {
            script.fails("poll", error, "again");
        }
        merged();
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        assertThat(pauses()).startsWith(2L, 4L, 8L, 16L).contains(900L).allMatch(pause -> pause <= 900);
    }

    @Test
    void anOutageThatOutlastsMaxStallEndsTheJobWithTheProvidersLastMessage() {
        polled();
        script.always("poll", call -> {
            throw new TaskFailed(
                    "io.pairbatch.job.RetryableException",
                    "{'errorMessage': 'the provider did not serve /v1/batches: HTTP 429 rate: slow down'}");
        });
        failed();
        run();
        JsonNode failure = script.last("fail").payload().path("failure");
        assertThat(failure.path("code").asString()).isEqualTo("STALLED");
        assertThat(failure.path("message").asString()).contains("HTTP 429 rate: slow down");
        assertThat(lasted()).isBetween(Duration.ofHours(24), Duration.ofHours(25));
    }

    @Test
    void functionsThatAreKilledForMaxStallEndTheJobAsStalled() {
        polled();
        script.always("poll", call -> {
            script.sleep(Duration.ofMinutes(5));
            throw new TaskFailed("Sandbox.Timedout", "the task timed out after 300 seconds");
        });
        failed();
        run();
        assertThat(script.last("fail").payload().path("failure").path("code").asString())
                .isEqualTo("STALLED");
        assertThat(lasted()).isBetween(Duration.ofHours(24), Duration.ofHours(25));
    }

    @Test
    void anOutageUsesUpNoneOfAnErrorsAttempts() {
        polled();
        errors(3).outages(5);
        errors(3).outages(5);
        merged();
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void outagesDoNotHideAnErrorEither() {
        polled();
        errors(4).outages(2);
        errors(3);
        failed();
        run();
        assertThat(script.last("fail").payload().path("failure").path("code").asString())
                .isEqualTo("INTERNAL");
        assertThat(script.steps()).filteredOn("poll"::equals).hasSize(9);
    }

    @Test
    void anErrorsCountIsResetAfterASuccess() {
        polled();
        for (int round = 0; round < 4; round++) {
            errors(5);
            script.then("poll", Workflow.answer("'outcome': 'wait'"));
        }
        merged();
        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
    }

    private void polled() {
        script.then("split", Workflow.answer("'outcome': 'go'"));
        script.then("submit", Workflow.answer("'outcome': 'wait', 'wait_seconds': 60"));
    }

    private WorkflowOutagesTest errors(int count) {
        for (int i = 0; i < count; i++) {
            script.fails("poll", "java.lang.IllegalStateException", "a defect");
        }
        return this;
    }

    private void outages(int count) {
        for (int i = 0; i < count; i++) {
            script.fails("poll", "Sandbox.Timedout", "killed");
        }
    }

    private void merged() {
        script.then("poll", Workflow.answer("'outcome': 'merge'"))
                .then("merge", Workflow.answer("'outcome': 'announce', 'announcement': " + Workflow.ANNOUNCEMENT))
                .then("publish", call -> Script.json("{'MessageId': 'm'}"));
    }

    private void failed() {
        script.then("fail", Workflow.answer("'outcome': 'announce', 'announcement': " + Workflow.ANNOUNCEMENT))
                .then("publish", call -> Script.json("{'MessageId': 'm'}"));
    }

    private List<Long> pauses() {
        return script.sleeps.stream().map(Duration::toSeconds).skip(1).toList();
    }

    private Duration lasted() {
        return Duration.between(Instant.parse("2026-01-01T00:00:00Z"), script.now);
    }

    private Outcome run() {
        return Workflow.execution(script).run();
    }
}
