package io.pairbatch.api;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.lambda.ReviverHandler;
import io.pairbatch.lambda.Surroundings;
import io.pairbatch.merge.Pace;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.step.Settings;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SilentContext;
import io.pairbatch.time.Sleeper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionRequest;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is done about a job over HTTP, by the reviver itself, and what is refused, in the words that the command line
/// gets from it.
class JobActionsTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final JobFixture fixture = new JobFixture();
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private final List<String> started = new ArrayList<>();
    private final List<ObjectNode> asked = new ArrayList<>();
    private final ReviverHandler reviver = new ReviverHandler(new Surroundings(
            fixture.clock,
            Sleeper.REAL,
            new Random(1),
            Settings.from(
                    Map.of("PAIRBATCH_BUCKET", "b", "PAIRBATCH_TABLE", "t", "PAIRBATCH_STATE_MACHINE", "machine")),
            "us-east-1",
            buckets,
            fixture.table,
            () -> {
                throw new AssertionError("no key is needed");
            },
            Engine::new,
            Network.trusting(Trust.USUAL),
            Pace.OF_FUNCTION));
    private final InboxFiles files = new InboxFiles(buckets, "b");
    private final JobSearch search = new JobSearch(new JobIndex(fixture.table, "t"), files);
    private final JobActions actions = new JobActions(search, new Requests(files), this::ask);
    private final Api api = new Api(
            new NewJobsTest().jobs(),
            new JobViews(new JobIndex(fixture.table, "t"), search, fixture.clock),
            new NewJobsTest().results(search),
            actions,
            EstimatesTest.estimates(buckets, fixture.clock));
    private boolean running;

    /// Segment 1 is in doubt, segment 2 is at the provider, segment 3 is collected.
    @BeforeEach
    void aJob() throws Exception {
        fixture.submit(fixture.split(3));
        fixture.opener(buckets).freeze(JobFixture.resolved(""));
        segment(1, "state", "IN_DOUBT");
        fixture.table.edit(JOB, "SEGMENT#000001#SUB#01", item -> item.remove("outcome"));
        fixture.table.edit(JOB, "SEGMENT#000001", item -> item.remove("batch_id"));
        segment(3, "state", "COLLECTED");
        state("FAILED");
    }

    @Test
    void aStoppedJobContinues() {
        ApiResponse answer = post("/continue", "");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.headers()).containsEntry("location", "/jobs/" + JOB);
        assertThat(JSON.readTree(answer.body()).path("outcome").asString()).isEqualTo("started");
        assertThat(started).singleElement().asString().contains("\"epoch\":2");
    }

    @Test
    void aFinishedJobSendsAgainJudgesMoreAndReadsAgain() {
        state("DONE");
        fixture.table.edit(JOB, "JOB", item -> item.put("failed", AttributeValue.fromN("2")));
        assertThat(post("/retry", "{\"codes\": [\"expired\", \"no_tag\"]}").status())
                .isEqualTo(202);
        assertThat(post("/retry", "{\"codes\": [\"all\"]}").status()).isEqualTo(202);
        assertThat(post("/reread", "{\"tag_mode\": \"exact\"}").status()).isEqualTo(202);
        assertThat(started).anyMatch(input -> input.contains("\"retry\":\"expired no_tag\""));
        assertThat(started).noneMatch(input -> input.contains("batch_lost"));
        assertThat(started).anyMatch(input -> input.contains("{\"tag_mode\":\"exact\"}"));
    }

    @Test
    void anotherLimitOnItsCostHoldsForAJobThatGoesOnAndForOneThatIsAtWork() {
        assertThat(post("/continue", "{\"max_cost_usd\": 2.50}").status()).isEqualTo(202);
        assertThat(fixture.jobs.find(JOB).orElseThrow().costs().limit()).isEqualTo(2_500_000_000L);
        assertThat(started).singleElement().asString().contains("\"epoch\":2");

        state("RUNNING");
        running = true;
        assertThat(JSON.readTree(post("/continue", "{\"max_cost_usd\": null}").body())
                        .path("outcome")
                        .asString())
                .isEqualTo("noted");
        assertThat(fixture.jobs.find(JOB).orElseThrow().costs().limit()).isNull();
        assertThat(started).hasSize(1);
    }

    @Test
    void cancellingTwiceIsCancellingOnce() {
        state("RUNNING");
        assertThat(post("/cancel", "").status()).isEqualTo(202);
        assertThat(post("/cancel", "{}").status()).isEqualTo(202);
        assertThat(fixture.jobs.find(JOB).orElseThrow().cancelled()).isTrue();
    }

    @Test
    void whatIsKnownOfASegmentIsShownAndDecidedByWhatWasSeen() {
        JsonNode doubt = JSON.readTree(get("/segments/1/resolve").body());
        String token = doubt.path("token").asString();
        assertThat(doubt.path("state").asString()).isEqualTo("IN_DOUBT");
        assertThat(doubt.has("outcome")).isFalse();
        assertRefused(
                post("/segments/1/resolve", "{\"decide\": \"look\", \"token\": \"other\"}"), 409, "SEGMENT_MOVED_ON");
        assertThat(post(
                                "/segments/1/resolve",
                                "{\"decide\": \"batch\", \"token\": \"" + token + "\", \"batch_id\": \"batch_9\"}")
                        .status())
                .isEqualTo(202);
        assertThat(fixture.segment(1).batchId()).isEqualTo("batch_9");

        String batch = JSON.readTree(get("/segments/3/collect-again").body())
                .path("batch_id")
                .asString();
        for (int i = 0; i < 2; i++) {
            assertThat(post("/segments/3/collect-again", "{\"batch_id\": \"" + batch + "\"}")
                            .status())
                    .isEqualTo(202);
        }
        assertThat(fixture.segment(3).collectAgain()).isNotNull();
        assertThat(post("/segments/3/give-up", "{\"batch_id\": \"" + batch + "\"}")
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DONE      | /continue                 | {}                        | 409 | JOB_NOTHING_TO_DO",
                "DONE      | /continue                 | {\"limit\": 5}            | 409 | JOB_NOTHING_TO_DO",
                "REJECTED  | /continue                 |                           | 409 | JOB_WRONG_STATE",
                "RUNNING   | /continue                 |                           | 409 | JOB_BUSY",
                "RUNNING   | /retry                    | {}                        | 409 | JOB_WRONG_STATE",
                "DONE      | /retry                    | {}                        | 409 | JOB_NOTHING_TO_DO",
                "DONE      | /retry                    | {\"codes\": [\"expird\"]} | 400 | CODES_INVALID",
                "DONE      | /cancel                   |                           | 409 | JOB_WRONG_STATE",
                "RUNNING   | /reread                   | {\"tag_mode\": \"exact\"} | 409 | JOB_WRONG_STATE",
                "DONE      | /reread                   | {\"tag_mode\": \"last\"}  | 409 | JOB_NOTHING_TO_DO",
                "DONE      | /reread                   | {\"tag_mode\": \"first\"} | 400 | RULES_INVALID",
                "FUTURE    | /cancel                   |                           | 409 | JOB_NEWER",
                "RUNNING   | /recover                  |                           | 409 | JOB_BUSY",
                "REJECTED  | /recover                  |                           | 409 | JOB_NOTHING_TO_DO",
                "DELETING  | /recover                  |                           | 409 | JOB_DELETING",
                "FUTURE    | /segments/3/collect-again | {\"batch_id\": \"b\"}     | 409 | JOB_NEWER",
                "DELETING  | /segments/3/collect-again | {\"batch_id\": \"b\"}     | 409 | JOB_DELETING",
                "FAILED    | /segments/9/collect-again | {\"batch_id\": \"b\"}     | 404 | SEGMENT_UNKNOWN",
                "FAILED    | /segments/2/collect-again | {\"batch_id\": \"b\"}     | 409 | SEGMENT_WRONG_STATE",
                "FAILED    | /segments/3/collect-again | {\"batch_id\": \"b\"}     | 409 | SEGMENT_MOVED_ON",
                "FAILED    | /segments/2/give-up       | {\"batch_id\": \"b\"}     | 409 | SEGMENT_WRONG_STATE",
                "FAILED    | /segments/1/give-up       | {\"batch_id\": \"b\"}     | 409 | SEGMENT_WRONG_STATE",
                "FAILED    | /segments/2/resolve       | {\"decide\": \"none\", \"token\": \"t\"} | 409 | SEGMENT_WRONG_STATE",
                "FAILED    | /segments/1/resolve       | {\"decide\": \"batch\", \"token\": \"t\", \"batch_id\": \"a b\"} | 400 | BATCH_ID_INVALID",
                "FAILED    | /segments/0/resolve       | {\"decide\": \"look\", \"token\": \"t\"} | 400 | API_PARAMETER_INVALID",
                "FAILED    | /segments/1/resolve       | {\"decide\": \"guess\", \"token\": \"t\"} | 400 | API_FIELD_INVALID",
                "FAILED    | /segments/1/resolve       | {\"decide\": \"none\"}    | 400 | API_FIELD_INVALID",
                "FAILED    | /segments/1/give-up       |                           | 400 | API_FIELD_INVALID",
                "FAILED    | /continue                 | {\"limit\": \"some\"}     | 400 | API_FIELD_INVALID",
                "FAILED    | /continue                 | {\"max_cost_usd\": 0}    | 400 | API_FIELD_INVALID",
                "FAILED    | /continue                 | {\"max_cost_usd\": \"5\"}  | 400 | API_FIELD_INVALID",
                "FAILED    | /continue                 | {\"max_cost_usd\": 5, \"limit\": 5} | 400 | API_FIELD_INVALID",
                "DONE      | /retry                    | {\"codes\": \"expired\"}  | 400 | API_FIELD_INVALID",
                "DONE      | /reread                   | {}                        | 400 | API_FIELD_INVALID",
                "FAILED    | /cancel                   | {\"now\": true}           | 400 | API_FIELD_INVALID",
                "FAILED    | /cancel                   | [1]                       | 400 | API_NOT_JSON"
            })
    void whatIsRefusedIsRefusedInTheWordsOfTheCommandLine(
            String state, String path, @Nullable String body, int status, String code) {
        running = state.equals("RUNNING");
        state(state);
        ApiResponse answer = post(path, body == null ? "" : body);
        assertRefused(answer, status, code);
        if (!code.startsWith("API_")) {
            JsonNode said = ask(asked.getLast().deepCopy());
            JsonNode problem = JSON.readTree(answer.body());
            assertThat(problem.path("detail")).isEqualTo(said.path("message"));
            assertThat(problem.path("remedy")).isEqualTo(said.path("remedy"));
        }
        assertThat(started).isEmpty();
    }

    @Test
    void aJobThatNobodyKnowsIsRefused() {
        assertRefused(api.answer(request("POST", "/jobs/b-00000000/cancel", ""), e -> {}), 404, "API_JOB_NOT_FOUND");
    }

    @Test
    void aKeyStandsForOneRequestAndItsAnswer() {
        ApiResponse first = post("/continue", "", "idempotency-key", "k");
        running = true;
        state("RUNNING");
        ApiResponse again = post("/continue", "", "idempotency-key", "k");
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(started).hasSize(1);
        assertRefused(post("/cancel", "", "idempotency-key", "k"), 409, "API_KEY_REUSED");
        assertRefused(post("/continue", "", "idempotency-key", "other"), 409, "JOB_BUSY");
        running = false;
        assertThat(post("/continue", "", "idempotency-key", "other").status())
                .as("what was refused is tried again")
                .isEqualTo(202);
    }

    private static void assertRefused(ApiResponse answer, int status, String code) {
        assertThat(answer.code()).as(answer.body()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
    }

    private JsonNode ask(ObjectNode event) {
        asked.add(event.deepCopy());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            reviver.handleRequest(
                    new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8)),
                    out,
                    SilentContext.CONTEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JSON.readTree(out.toByteArray());
    }

    private ApiResponse get(String path) {
        return api.answer(request("GET", "/jobs/" + JOB + path, ""), e -> {
            throw new AssertionError(e);
        });
    }

    private ApiResponse post(String path, String body, String... header) {
        Map<String, String> headers = header.length == 0
                ? Map.of("content-type", "application/json")
                : Map.of("content-type", "application/json", header[0], header[1]);
        return api.answer(new ApiRequest("me", "POST", "/jobs/" + JOB + path, Map.of(), headers, body), e -> {
            throw new AssertionError(e);
        });
    }

    private static ApiRequest request(String method, String path, String body) {
        return new ApiRequest("me", method, path, Map.of(), Map.of(), body);
    }

    private void state(String state) {
        fixture.table.edit(JOB, "JOB", item -> item.put("state", AttributeValue.fromS(state)));
    }

    private void segment(int index, String name, String value) {
        fixture.table.edit(JOB, "SEGMENT#00000" + index, item -> item.put(name, AttributeValue.fromS(value)));
    }

    /// Step Functions, as far as the reviver needs it.
    private final class Engine implements SfnClient {

        @Override
        public DescribeExecutionResponse describeExecution(DescribeExecutionRequest request) {
            return DescribeExecutionResponse.builder()
                    .status(running ? ExecutionStatus.RUNNING : ExecutionStatus.FAILED)
                    .build();
        }

        @Override
        public StartExecutionResponse startExecution(StartExecutionRequest request) {
            started.add(request.input());
            return StartExecutionResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return "states";
        }

        @Override
        public void close() {}
    }
}
