package io.pairbatch.lambda;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.merge.Pace;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.Trust;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.step.Settings;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SilentContext;
import io.pairbatch.time.Sleeper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the JOB item says of the next look, of a job whose only segment waits for room.
class NextLookTest {

    private static final String FIELDS = "\"interval_seconds\": 30, \"preflight\": false";

    private final JobFixture fixture = new JobFixture(FIELDS);
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");

    @BeforeEach
    void split() throws Exception {
        fixture.split(1);
        fixture.opener(buckets).freeze(JobFixture.resolved(FIELDS));
        fixture.segments
                .creations()
                .postpone(JOB, fixture.segment(1), fixture.clock.instant().plusSeconds(3600));
    }

    @Test
    void aPollSaysWhenTheNextOneIsDue() throws Exception {
        JsonNode answer = answer(new PollerHandler(around(fixture.table)), "poll");

        assertThat(answer.path("outcome").asString()).isEqualTo("wait");
        assertThat(answer.path("wait_seconds").asLong()).isEqualTo(60);
        assertThat(nextLook()).isEqualTo(fixture.clock.instant().plusSeconds(60));
    }

    @Test
    void soDoesASubmissionThatIsDone() throws Exception {
        JsonNode answer = answer(new SplitterHandler(around(fixture.table)), "submit");

        assertThat(answer.path("outcome").asString()).isEqualTo("wait");
        assertThat(nextLook()).isEqualTo(fixture.clock.instant().plusSeconds(30));
    }

    @Test
    void aJobWhoseAnswersAreReadAgainIsPolledAtOnce() throws Exception {
        fixture.table.edit(JOB, "JOB", item -> item.put("rereading", AttributeValue.fromBool(true)));

        assertThat(answer(new SplitterHandler(around(fixture.table)), "submit")
                        .path("outcome")
                        .asString())
                .isEqualTo("poll");
    }

    @Test
    void anExecutionThatHasLostItsJobSaysNothing() throws Exception {
        Fence old = new Fence(JOB, fixture.fence().owner(), fixture.fence().epoch() + 1);
        fixture.jobs.recordNextLook(old, fixture.clock.instant());
        assertThat(nextLook()).isNull();
    }

    @Test
    void whatCannotBeWrittenStopsNothing() throws Exception {
        DynamoDbClient readOnly = (DynamoDbClient) Proxy.newProxyInstance(
                NextLookTest.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    if (method.getName().equals("updateItem")) {
                        throw SdkClientException.create("no answer");
                    }
                    return method.invoke(fixture.table, args);
                });

        JsonNode answer = answer(new PollerHandler(around(readOnly)), "poll");

        assertThat(answer.path("outcome").asString()).isEqualTo("wait");
        assertThat(nextLook()).isNull();
    }

    private @Nullable Instant nextLook() {
        return new JobIndex(fixture.table, "t").find(JOB).orElseThrow().nextLook();
    }

    private JsonNode answer(StepHandler handler, String step) throws IOException {
        ObjectNode event = StepHandler.JSON
                .createObjectNode()
                .put("step", step)
                .put("owner", fixture.fence().owner());
        event.putObject("job").put("job_id", JOB).put("epoch", fixture.fence().epoch());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(
                new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8)),
                out,
                SilentContext.CONTEXT);
        return StepHandler.JSON.readTree(out.toByteArray());
    }

    private Surroundings around(DynamoDbClient dynamo) {
        return new Surroundings(
                fixture.clock,
                Sleeper.REAL,
                new Random(1),
                Settings.from(Map.of("PAIRBATCH_BUCKET", "b", "PAIRBATCH_TABLE", "t")),
                "us-east-1",
                buckets,
                dynamo,
                Secret::new,
                () -> Objects.requireNonNull(null, "no execution is asked for"),
                Network.trusting(Trust.USUAL),
                Pace.OF_FUNCTION);
    }

    private static final class Secret implements SecretsManagerClient {

        @Override
        public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
            return GetSecretValueResponse.builder()
                    .secretString("{\"api_key\": \"sk-test\"}")
                    .build();
        }

        @Override
        public String serviceName() {
            return "secretsmanager";
        }

        @Override
        public void close() {}
    }
}
