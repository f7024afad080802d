package io.pairbatch.revive;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What is answered to those who want answers read in another way.
class ContinuationTest {

    private final JobFixture fixture = new JobFixture();
    private final List<String> started = new ArrayList<>();

    @Test
    void aFinishedJobIsStarted() throws Exception {
        assertThat(ask(JobState.DONE, "", "tag_mode", "exact")).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2 {\"reading\":{\"tag_mode\":\"exact\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUNNING | | tag_mode  | exact    | read again once it is done",
                "FAILED  | | tag_mode  | exact    | read again once it is done",
                "DONE    | | tag_mode  | last     | read by these rules already",
                "DONE    | | tag_mode  | first    | SPEC_INVALID_VALUE",
                "DONE    | | model     | gpt-5    | SPEC_UNKNOWN_FIELD",
                "DONE    | \"keep_jsonl\": false | tag_mode | exact | keeps no answers"
            })
    void whatCannotBeDoneIsRefused(JobState state, @Nullable String fields, String field, String value, String why)
            throws Exception {
        Continuation.Answer answer = ask(state, fields == null ? "" : fields, field, value);
        assertThat(answer).isInstanceOf(Continuation.Answer.Refused.class);
        assertThat(((Continuation.Answer.Refused) answer).why()).contains(why);
        assertThat(started).isEmpty();
    }

    private Continuation.Answer ask(JobState state, String fields, String field, String value) throws Exception {
        ResolvedJob job = JobFixture.resolved(fields);
        Fence fence = fixture.claim(job, "arn");
        fixture.jobs.stop(fence, state, "INTERNAL", "why");
        ReviveStep.Executions executions = new ReviveStep.Executions() {
            @Override
            public boolean running(String arn) {
                return false;
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
        return new Continuation(fixture.jobs, executions, id -> Optional.of(job))
                .readAgain(JOB, Json.MAPPER.createObjectNode().put(field, value));
    }
}
