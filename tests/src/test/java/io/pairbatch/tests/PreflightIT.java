package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.JsonNode;

/// One live request for the first pair, before anything is uploaded. Each test uses a model of its own, so that the
/// journal shows whose requests they are.
class PreflightIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final String ON = "\"preflight\": true";

    private final TestStack stack = TestStack.shared();
    private final Provider provider = stack.provider();

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    @Test
    void aGoodJobSendsOneRequestAndReportsTheCost() {
        isAskedForOnce(Backend.OPENAI);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPENAI")
    @Tag("long")
    void theOtherProvidersDoTheSame(Backend backend) {
        isAskedForOnce(backend);
    }

    private void isAskedForOnce(Backend backend) {
        List<Integer> before = provider.liveRequestsFor(Tables.model(backend));
        DroppedJob job = DroppedJob.drop("live", Tables.csv(4), Tables.job(backend, 2, ON));
        job.awaitState("DONE", PATIENCE);

        assertThat(provider.liveRequestsFor(Tables.model(backend)))
                .hasSize(before.size() + 1)
                .endsWith(200);
        assertThat(provider.batchesOf(job.id())).hasSize(2);
        JsonNode preflight = job.json("preflight.json");
        assertThat(preflight.path("outcome").stringValue()).isEqualTo("PASSED");
        assertThat(preflight.path("response_id").stringValue()).isNotBlank();
        assertThat(preflight.path("content").stringValue()).contains("<BETTER_SAMPLE>");
        assertThat(preflight.path("better_id").stringValue()).isIn("A1", "B1");
        assertThat(job.text("preflight")).isEqualTo("PASSED");
        assertThat(job.text("preflight_says"))
                .matches("\\S+ answered in \\d+\\.\\d s: (A1 is better than B1|B1 is better than A1)"
                        + " \\(\\d+ \\+ \\d+ tokens\\)");
        JsonNode summary = job.json("summary.json");
        assertThat(summary.path("preflight").path("cost_usd").decimalValue()).isPositive();
        assertThat(summary.path("preflight").has("content")).isFalse();
        assertThat(summary.path("preflight").path("prompt_tokens")).isEqualTo(preflight.path("prompt_tokens"));
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(4);
    }

    @Test
    void aTypoInTheModelStopsTheJobBeforeAnythingIsUploaded() {
        isStopped(Backend.OPENAI, "gpt-4.l", "model_not_found");
    }

    @ParameterizedTest
    @CsvSource({"ANTHROPIC, claude-sonet-4-5, not_found_error", "GEMINI, gemini-3-flsh-preview, NOT_FOUND"})
    @Tag("long")
    void aTypoStopsTheJobWithTheOtherProvidersToo(Backend backend, String model, String code) {
        isStopped(backend, model, code);
    }

    private void isStopped(Backend backend, String model, String code) {
        DroppedJob job = DroppedJob.named(TestStack.name("typo"));
        job.put("job.json", Tables.job(backend, 2, ON).replace(Tables.model(backend), model));
        job.put("pairs.csv", Tables.csv(4));
        job.awaitState("FAILED", PATIENCE);

        assertThat(job.text("error_code")).isEqualTo("PREFLIGHT_REFUSED");
        assertThat(job.text("error_message"))
                .startsWith("PREFLIGHT_REFUSED: the provider, asked live for the first pair by model `" + model
                        + "`: found HTTP 404 " + code + ": ")
                .endsWith("; expected a model and options that it takes");
        assertThat(job.json("error.json").path("remedy").stringValue()).startsWith("Correct `model`");
        assertThat(provider.liveRequestsFor(model)).containsExactly(404);
        nothingSent(job);

        // Dropping the same files again asks for another request.
        job.put("pairs.csv", Tables.csv(4));
        DroppedJob.await(
                PATIENCE,
                "a second request",
                () -> provider.liveRequestsFor(model).size() == 2);
        job.awaitState("FAILED", PATIENCE);
        nothingSent(job);
    }

    @Test
    @Tag("long")
    void anAnswerWithoutTheTagStopsTheJobAndIsKept() {
        String other = "\"tag_prefix\": \"<WINNER>\", \"prompt_template\":"
                + " \"{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}\"";
        DroppedJob job = DroppedJob.drop("tag", Tables.csv(4), Tables.job(2, ON, other));
        job.awaitState("FAILED", PATIENCE);

        assertThat(job.text("error_code")).isEqualTo("PREFLIGHT_NO_WINNER");
        assertThat(job.text("error_message"))
                .contains("it is in jobs/" + job.id() + "/preflight.json")
                .contains("`<WINNER>SAMPLE_1</BETTER_SAMPLE>`");
        assertThat(job.json("preflight.json").path("content").stringValue()).isNotBlank();
        nothingSent(job);
    }

    @Test
    @Tag("long")
    void anOutageIsRecordedAndTheJobContinues() {
        provider.faults("[{\"operation\": \"live\", \"action\": \"status\", \"status\": 503}]");
        DroppedJob job = DroppedJob.drop("outage", Tables.csv(4), Tables.job(2, ON));
        job.awaitState("DONE", PATIENCE);

        assertThat(job.text("preflight")).isEqualTo("UNDECIDED");
        assertThat(job.json("summary.json").path("notices").toString())
                .contains("the preflight decided nothing (HTTP 503");
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(4);
    }

    @Test
    @Tag("long")
    void aFunctionKilledDuringTheRequestIsNotFollowedByAnother() {
        String model = "gpt-4.1-nano";
        provider.faults("[{\"operation\": \"live\", \"action\": \"hang_after\", \"seconds\": 20}]");
        DroppedJob job =
                DroppedJob.drop("kill", Tables.csv(4), Tables.job(2, ON).replace("gpt-4.1", model));
        DroppedJob.await(
                PATIENCE, "the request", () -> !provider.liveRequestsFor(model).isEmpty());
        assertThat(Functions.kill("Splitter")).isTrue();
        job.awaitState("DONE", PATIENCE);

        assertThat(provider.liveRequestsFor(model)).hasSize(1);
        assertThat(job.text("preflight")).isEqualTo("UNDECIDED");
        assertThat(provider.batchesOf(job.id())).hasSize(2).containsExactlyInAnyOrderElementsOf(job.batchIds());
    }

    @Test
    @Tag("long")
    void withTheSimulatorNoneIsMadeUnlessTheJobWantsIt() {
        String model = "gpt-4.1-mini";
        DroppedJob job = DroppedJob.drop("none", Tables.csv(2), Tables.job(2).replace("gpt-4.1", model));
        job.awaitState("DONE", PATIENCE);
        assertThat(provider.liveRequestsFor(model)).isEmpty();
        assertThat(job.has("preflight.json")).isFalse();
        assertThat(job.json("summary.json").has("preflight")).isFalse();
    }

    /// The secret is shared, so it is restored in any case.
    @Test
    @Tag("long")
    void aRefusedKeyIsReportedBeforeTheUpload() {
        String secret = stack.deployment().secretArn(Backend.OPENAI);
        try (SecretsManagerClient secrets = stack.secrets()) {
            String right = secrets.getSecretValue(r -> r.secretId(secret)).secretString();
            DroppedJob job = DroppedJob.named(TestStack.name("key"));
            try {
                // Twice, so that the previous version is not a key that the provider accepts either.
                secrets.putSecretValue(r -> r.secretId(secret).secretString("{\"api_key\":\"sk-wrong-1\"}"));
                secrets.putSecretValue(r -> r.secretId(secret).secretString("{\"api_key\":\"sk-wrong-2\"}"));
                job.put("job.json", Tables.job(2, ON));
                job.put("pairs.csv", Tables.csv(2));
                job.awaitState("WAITING_FOR_KEY", PATIENCE);
                assertThat(job.text("error_message"))
                        .startsWith("KEY_REFUSED: the provider, asked live for the first pair: found HTTP 401");
                nothingSent(job);
            } finally {
                secrets.putSecretValue(r -> r.secretId(secret).secretString(right));
            }
            job.put("pairs.csv", Tables.csv(2));
            job.awaitState("DONE", PATIENCE);
            assertThat(job.text("preflight")).isEqualTo("PASSED");
        }
    }

    private void nothingSent(DroppedJob job) {
        assertThat(provider.uploadsOf(job.id())).isZero();
        assertThat(provider.batchesOf(job.id())).isEmpty();
        assertThat(job.batchIds()).isEmpty();
    }
}
