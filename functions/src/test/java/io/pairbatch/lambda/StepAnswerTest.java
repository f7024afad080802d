package io.pairbatch.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.pairbatch.job.RetryableException;
import io.pairbatch.merge.Pace;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.step.Settings;
import io.pairbatch.time.Deadline;
import io.pairbatch.time.Sleeper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// On AWS an expression that finds nothing fails its state; the emulator is more tolerant.
class StepAnswerTest {

    private static final Path WORKFLOW = Path.of("../statemachine/pairwise-batch.asl.json");
    private static final String EVENT = """
            {"step": "poll", "owner": "arn", "job": {"job_id": "a-0123abcd", "epoch": 2}}""";

    @Test
    void aQuietAnswerHasEveryFieldThatTheWorkflowReads() throws IOException {
        assertThat(answer(EVENT, () -> StepHandler.outcome("quiet")).propertyNames())
                .containsAll(fieldsTheWorkflowReads());
    }

    @Test
    void aRefusalHasEveryFieldThatTheWorkflowReadsAndKeepsTheJob() throws IOException {
        JsonNode answer = answer(EVENT, () -> {
            throw new JobRejectedException(new Problem(ErrorCode.KEY_MISSING, "secret", "none", "one"));
        });
        assertThat(answer.propertyNames()).containsAll(fieldsTheWorkflowReads());
        assertThat(answer.path("job").path("epoch").asInt()).isEqualTo(2);
        assertThat(answer.path("failure").path("state").asString()).isEqualTo("WAITING_FOR_KEY");
    }

    @Test
    void anAnswerBeforeAnyJobIsClaimedNamesNone() throws IOException {
        JsonNode answer = answer("{\"step\": \"split\", \"job\": null}", () -> StepHandler.outcome("quiet"));
        assertThat(answer.path("job").isNull()).isTrue();
    }

    @Test
    void detailsAreLinesOfTheirOwnBeforeTheCallsLine() throws IOException {
        List<String> lines = new ArrayList<>();
        StepHandler handler = new StepHandler(around()) {
            @Override
            ObjectNode handle(JsonNode ignored, Deadline deadline) {
                detail(JSON.createObjectNode().put("segment", 3));
                return outcome("quiet");
            }
        };
        for (int i = 0; i < 2; i++) {
            handler.handleRequest(
                    new ByteArrayInputStream(EVENT.getBytes(StandardCharsets.UTF_8)),
                    new ByteArrayOutputStream(),
                    context(lines));
        }
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("{\"segment\":3}\n").isEqualTo(lines.get(2));
        assertThat(lines.get(1)).startsWith("{\"step\":\"poll\"");
    }

    @Test
    void aStepThatThrowsLeavesItsLineToo() {
        List<String> lines = new ArrayList<>();
        StepHandler handler = new StepHandler(around()) {
            @Override
            ObjectNode handle(JsonNode ignored, Deadline deadline) {
                detail(JSON.createObjectNode().put("segment", 3));
                throw TransactionConflictException.builder().message("a text").build();
            }
        };
        assertThatThrownBy(() -> handler.handleRequest(
                        new ByteArrayInputStream(EVENT.getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayOutputStream(),
                        context(lines)))
                .isInstanceOf(RetryableException.class);
        assertThat(lines).hasSize(2).first().isEqualTo("{\"segment\":3}\n");
        JsonNode line = StepHandler.JSON.readTree(lines.getLast());
        assertThat(line.path("step").asString()).isEqualTo("poll");
        assertThat(line.path("job_id").asString()).isEqualTo("a-0123abcd");
        assertThat(line.path("outcome").asString()).isEqualTo("error");
        assertThat(line.path("error").asString()).isEqualTo(RetryableException.class.getName());
        assertThat(line.path("cause").asString()).isEqualTo(TransactionConflictException.class.getName());
        assertThat(line.path("at").asString()).contains("StepHandler.answer");
        assertThat(lines.getLast()).doesNotContain("a text");
    }

    private static Set<String> fieldsTheWorkflowReads() throws IOException {
        Set<String> fields = new TreeSet<>();
        Pattern.compile("\\$states\\.result\\.Payload\\.(\\w+)")
                .matcher(Files.readString(WORKFLOW))
                .results()
                .forEach(found -> fields.add(found.group(1)));
        assertThat(fields).contains("outcome", "max_stall_seconds", "to_collect");
        return fields;
    }

    private static JsonNode answer(String event, Supplier<ObjectNode> step) throws IOException {
        StepHandler handler = new StepHandler(around()) {
            @Override
            ObjectNode handle(JsonNode ignored, Deadline deadline) {
                return step.get();
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, context());
        return StepHandler.JSON.readTree(out.toByteArray());
    }

    /// Only time passes; nothing else is available.
    private static Surroundings around() {
        return new Surroundings(
                Clock.systemUTC(),
                Sleeper.REAL,
                new Random(1),
                Settings.from(Map.of("PAIRBATCH_BUCKET", "bucket", "PAIRBATCH_TABLE", "table")),
                "us-east-1",
                none(S3Client.class),
                none(DynamoDbClient.class),
                () -> none(SecretsManagerClient.class),
                () -> none(SfnClient.class),
                Network.trusting(Trust.USUAL),
                Pace.OF_FUNCTION);
    }

    private static <T> T none(Class<T> client) {
        return client.cast(
                Proxy.newProxyInstance(StepAnswerTest.class.getClassLoader(), new Class<?>[] {client}, (p, m, a) -> {
                    throw new AssertionError(m);
                }));
    }

    private static Context context() {
        return context(new ArrayList<>());
    }

    private static Context context(List<String> lines) {
        LambdaLogger silent = (LambdaLogger) Proxy.newProxyInstance(
                StepAnswerTest.class.getClassLoader(), new Class<?>[] {LambdaLogger.class}, (p, m, a) -> {
                    lines.add(String.valueOf(a[0]));
                    return null;
                });
        return (Context) Proxy.newProxyInstance(
                StepAnswerTest.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (p, m, a) -> m.getName().equals("getLogger") ? silent : Integer.valueOf(60_000));
    }
}
