package io.pairbatch.revive;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobState;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.text.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
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

    @ParameterizedTest
    @EnumSource(names = {"SPLITTING", "RUNNING", "FAILED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION"})
    void aJobThatIsNotDoneCanBeCancelled(JobState state) throws Exception {
        assertThat(continuation(state, "").cancel(JOB)).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(fixture.files.texts()).containsKey(JobFiles.CANCELLED);
        assertThat(fixture.jobs.find(JOB).orElseThrow().cancelled()).isTrue();
        assertThat(started).containsExactly(JOB + " 2 {}");
    }

    @Test
    void theJobThatHasTheJudgesGoesOnWithThatOfOneOfThem() throws Exception {
        Continuation continuation = continuation(JobState.WAITING_FOR_KEY, "");
        fixture.table.edit(JOB, "JOB", item -> item.put("panel", AttributeValue.fromS("all-0badcafe")));
        fixture.claim(JobFixture.resolved("all-0badcafe", ""), "arn");
        assertThat(continuation.of(JOB, null)).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).as("it is at work").containsExactly(JOB + " 2 {}");
        started.clear();
        fixture.table.edit("all-0badcafe", "JOB", item -> item.put("state", AttributeValue.fromS("WAITING_FOR_KEY")));
        assertThat(continuation.of(JOB, null)).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2 {}", "all-0badcafe 2 {}");
        started.clear();
        continuation.cancel(JOB);
        assertThat(started).containsExactly(JOB + " 2 {}", "all-0badcafe 2 {}");
    }

    @ParameterizedTest
    @EnumSource(names = {"MERGING", "DONE", "REJECTED", "DUPLICATE", "DELETING"})
    void whatHasEndedCannotBeCancelled(JobState state) throws Exception {
        assertThat(continuation(state, "").cancel(JOB)).isInstanceOf(Continuation.Answer.Refused.class);
        assertThat(fixture.files.texts()).isEmpty();
        assertThat(started).isEmpty();
    }

    @Test
    void aCancelledJobGoesOnWithWhatIsMissing() throws Exception {
        Continuation continuation = continuation(JobState.RUNNING, ", \"retry_codes\": [\"no_tag\"]".substring(2));
        continuation.cancel(JOB);
        started.clear();
        fixture.table.edit(JOB, "JOB", item -> item.put("state", AttributeValue.fromS("DONE")));
        assertThat(continuation.of(JOB, null)).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2 {\"retry\":\"budget_reached cancelled no_tag not_submitted\"}");
    }

    @Test
    void pairsThatHaveAWinnerAreNotSentAgain() throws Exception {
        Continuation continuation = continuation(JobState.DONE, "");
        assertThat(continuation.retry(JOB, List.of("expired"))).isInstanceOf(Continuation.Answer.Refused.class);
        fixture.table.edit(JOB, "JOB", item -> item.put("failed", AttributeValue.fromN("3")));
        assertThat(continuation.retry(JOB, List.of("expird"))).isInstanceOf(Continuation.Answer.Refused.class);
        assertThat(started).isEmpty();
        assertThat(continuation.retry(JOB, List.of("expired", "http_error")))
                .isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2 {\"retry\":\"expired http_error\"}");
    }

    @Test
    void aFinishedJobGoesOnWithinAHigherLimitWithWhatItDidNotSubmit() throws Exception {
        Continuation continuation = continuation(JobState.DONE, "\"max_cost_usd\": 1");
        fixture.table.edit(JOB, "JOB", item -> item.put("cost_limit", AttributeValue.fromN("1000000000")));
        fixture.table.edit(JOB, "JOB", item -> item.put("merged_limit", AttributeValue.fromN("1000000000")));
        assertThat(continuation.limitCost(JOB, new BigDecimal("1.00"))).isInstanceOf(Continuation.Answer.Refused.class);
        assertThat(started).isEmpty();
        assertThat(continuation.limitCost(JOB, new BigDecimal("2.5"))).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started).containsExactly(JOB + " 2 {\"retry\":\"budget_reached\"}");
        assertThat(fixture.files.text(JobFiles.POLICY)).contains("\"max_cost_usd\" : 2.5");
        assertThat(fixture.jobs.find(JOB).orElseThrow().costs().limit()).isEqualTo(2_500_000_000L);
    }

    /// Two batches had no room, one was not sent for another reason, and one failed at the provider.
    private Continuation withoutRoom(String limit, String... codes) throws Exception {
        Continuation continuation = continuation(JobState.DONE, "\"max_completion_tokens\": 100, \"max_cost_usd\": 1");
        ObjectNode failed = Json.MAPPER.createObjectNode();
        for (String code : codes) {
            failed.putObject(code).put("rows", 1);
        }
        fixture.table.edit(JOB, "JOB", item -> {
            item.put("cost_limit", AttributeValue.fromN(limit));
            item.put("merged_limit", AttributeValue.fromN(limit));
            item.put("cost_committed", AttributeValue.fromN("900000000"));
            item.put("cost_needed", AttributeValue.fromN("1230000000"));
            item.put("failed", AttributeValue.fromN("3"));
            item.put("failed_by_code", AttributeValue.fromS(failed.toString()));
        });
        unsent(1, "budget_reached");
        unsent(2, "budget_reached");
        unsent(3, "HTTP 403");
        return continuation;
    }

    private void unsent(int segment, String code) {
        fixture.segments.register(JOB, JobFixture.segment(segment, segment, segment), "openai", "gpt-4.1");
        fixture.table.edit(JOB, "SEGMENT#00000" + segment, item -> {
            item.put("state", AttributeValue.fromS("NOT_SUBMITTED"));
            item.put("error_code", AttributeValue.fromS(code));
            item.put("input_bytes", AttributeValue.fromN("1000"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "budget_reached, continue a-0123abcd --max-cost 1.23 sends them.",
        "not_submitted, makes room; then ask again.",
        "expired budget_reached, To send the others alone",
        "all, continue a-0123abcd --max-cost 1.23 sends them."
    })
    void whatHasNoRoomInTheLimitIsNotSentAgain(String codes, String remedy) throws Exception {
        String[] failed = codes.equals("all") ? new String[] {"budget_reached"} : codes.split(" ");
        Continuation continuation = withoutRoom("900000001", failed);

        Continuation.Answer answer = continuation.retry(JOB, List.of(codes.split(" ")));

        assertThat(answer).isInstanceOfSatisfying(Continuation.Answer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(RefusalCode.JOB_COST_LIMIT);
            assertThat(refused.why()).contains("leaves no room for the pairs with ");
            assertThat(refused.remedy()).contains(remedy);
        });
        assertThat(started).isEmpty();
    }

    @Test
    void whatHasRoomIsSentAgainAndOfAllWhatHasNoneIsLeftOut() throws Exception {
        Continuation roomy = withoutRoom("2000000000", "budget_reached");
        assertThat(roomy.retry(JOB, List.of("budget_reached"))).isInstanceOf(Continuation.Answer.Started.class);
        Continuation poor = withoutRoom("900000001", "budget_reached", "http_error");
        assertThat(poor.retry(JOB, List.of("all"))).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(poor.retry(JOB, List.of("expired"))).isInstanceOf(Continuation.Answer.Started.class);
        assertThat(started.getFirst()).contains("budget_reached");
        assertThat(started.get(1))
                .contains("expired")
                .doesNotContain("budget_reached")
                .doesNotContain("batch_lost");
        assertThat(started.getLast()).contains("expired");
    }

    @Test
    void aLimitBelowWhatWasSpentIsRefusedWithBoth() throws Exception {
        Continuation continuation = continuation(JobState.DONE, "\"max_cost_usd\": 1");
        fixture.table.edit(JOB, "JOB", item -> item.put("cost_limit", AttributeValue.fromN("1000000000")));
        fixture.table.edit(JOB, "JOB", item -> item.put("cost_spent", AttributeValue.fromN("520000000")));
        assertThat(continuation.limitCost(JOB, new BigDecimal("0.4")))
                .isInstanceOfSatisfying(
                        Continuation.Answer.Refused.class,
                        refused -> assertThat(refused.why())
                                .isEqualTo("A limit of USD 0.40 is below what the job has cost already, USD 0.52."));
        assertThat(fixture.jobs.find(JOB).orElseThrow().costs().limit()).isEqualTo(1_000_000_000L);
        assertThat(fixture.files.texts()).isEmpty();
        assertThat(continuation.limitCost(JOB, new BigDecimal("0.52"))).isInstanceOf(Continuation.Answer.Started.class);
    }

    @Test
    void aLimitThatLeavesNoRoomForWhatWasNotSentIsRefusedAndChangesNothing() throws Exception {
        Continuation poor = withoutRoom("900000001", "budget_reached");
        for (String usd : List.of("0.9", "0.900001")) {
            assertThat(poor.limitCost(JOB, new BigDecimal(usd)))
                    .isInstanceOfSatisfying(
                            Continuation.Answer.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo(RefusalCode.JOB_COST_LIMIT));
        }
        assertThat(fixture.jobs.find(JOB).orElseThrow().costs().limit()).isEqualTo(900_000_001L);
        assertThat(started).isEmpty();
        assertThat(poor.limitCost(JOB, new BigDecimal("2"))).isInstanceOf(Continuation.Answer.Started.class);
    }

    @Test
    void aRejectedJobGetsNoLimit() throws Exception {
        assertThat(continuation(JobState.REJECTED, "").limitCost(JOB, null))
                .isInstanceOf(Continuation.Answer.Refused.class);
        assertThat(fixture.files.texts()).isEmpty();
    }

    private Continuation.Answer ask(JobState state, String fields, String field, String value) throws Exception {
        return continuation(state, fields)
                .readAgain(JOB, Json.MAPPER.createObjectNode().put(field, value));
    }

    private Continuation continuation(JobState state, String fields) throws Exception {
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
        return new Continuation(fixture.segments, executions, id -> Optional.of(job), id -> fixture.files);
    }
}
