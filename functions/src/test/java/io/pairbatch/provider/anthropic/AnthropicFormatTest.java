package io.pairbatch.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JsonLine;
import io.pairbatch.testing.JobFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class AnthropicFormatTest {

    private static final String TOKEN = "0a1b2c3d";

    private final AnthropicFormat format = new AnthropicFormat();

    @Test
    void theContractsExampleComesOutByteForByte() throws IOException {
        assertThat(line("\"model\": \"claude-sonnet-4-5\", \"reasoning\": \"enabled\"", "one", "two"))
                .isEqualTo("""
                        {"custom_id":"0a1b2c3d-7","params":{"model":"claude-sonnet-4-5","max_tokens":2048,"temperature":1,\
                        "messages":[{"role":"user","content":[{"type":"text","text":"TD one|two"}]}],\
                        "thinking":{"type":"enabled","budget_tokens":1024}}}
                        """);
    }

    @Test
    void numbersAreSentAsTheJobWroteThem() throws IOException {
        assertThat(line("""
                        "model": "claude-sonnet-4-20250514", "temperature": 0.1234567890123456789, "top_p": 0.50,
                        "provider_options": {"x": 1.10, "y": 12345678901234567890, "z": -0.0001}""", "a", "b"))
                .contains(",\"temperature\":0.1234567890123456789,")
                .endsWith("],\"top_p\":0.50,\"x\":1.10,\"y\":12345678901234567890,\"z\":-0.0001}}\n");
    }

    @Test
    void aTextOfAMegabyteIsSentWhole() throws IOException {
        String text = "\ud83d\ude42 \"\u05e9\" {SAMPLE_2}\n".repeat(60_000);
        String line = line("\"model\": \"claude-sonnet-4-5\"", text, "b");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(new JsonMapper()
                        .readTree(line)
                        .at("/params/messages/0/content/0/text")
                        .stringValue())
                .isEqualTo("TD " + text + "|b");
    }

    @Test
    void aRequestThatIsLargerThanAnyMayBeIsReported() throws IOException {
        JobSpec spec = spec("\"model\": \"claude-sonnet-4-5\"");
        JsonLine line = new JsonLine(format.limits().requestBytes());
        String text = "x".repeat(format.limits().requestBytes());
        format.requests(spec, TOKEN).write(line, new Pair(1, "A", "B", text, "y", new LinkedHashMap<>()));
        assertThat(line.tooLong()).isTrue();
    }

    @Test
    void aFullFileIsABodyOfLessThanTheProvidersLimit() {
        assertThat(format.limits().requests()).isEqualTo(100_000);
        assertThat(RequestsBody.length(format.limits().bytes())).isLessThanOrEqualTo(256_000_000L * 99 / 100 + 14);
    }

    @Test
    void aFrozenJobSendsWhatTheJobSent() throws IOException {
        String fields = """
                "model": "claude-sonnet-4-5", "reasoning": "enabled", "max_tokens": 3000.0, "system": [{"type": "text",
                "text": "s"}], "stop_sequences": ["x"], "metadata": {}, "service_tier": "auto",
                "output_config": {"effort": "low"}, "provider_options": {"x": [1.10, {"y": null}], "output_config":
                {"z": 12345678901234567890}}""";
        ResolvedJob job = new ResolvedJob(
                "test-" + TOKEN, Instant.EPOCH, "0.1.0", new ResolvedJob.Source("b", "k", null, "e", 1), spec(fields));
        ByteArrayOutputStream frozen = new ByteArrayOutputStream();
        job.write(frozen);
        ResolvedJob thawed = ResolvedJob.read(new ByteArrayInputStream(frozen.toByteArray()), Providers::options);
        assertThat(thawed).isEqualTo(job);
        assertThat(line(thawed.spec(), "a", "b"))
                .isEqualTo(line(fields, "a", "b"))
                .contains("\"x\":[1.10,");
    }

    @Test
    void linesNameNoEndpoint() throws IOException {
        assertThat(format.requests(spec("\"model\": \"m\""), TOKEN).endpoint()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model\": \"claude-sonnet-4-5\" | ",
                "\"model\": \"claude-sonnet-4-5\", \"top_p\": 0.9 | takes none beside top_p",
                "\"model\": \"claude-sonnet-5\" | No temperature is sent, since claude-sonnet-5 takes none.",
                "\"model\": \"claude-sonnet-4-5\", \"anthropic_version\": \"2026-10-21\" | version 2026-10-21",
                "\"model\": \"claude-next\" | not in the table",
                "\"model\": \"claude-sonnet-4-5\", \"thinking_budget_tokens\": 2000 | thinking_budget_tokens is not sent",
            })
    void whatIsSentOtherwiseThanTheJobSaysIsSaid(String fields, String notice) throws IOException {
        JobSpec spec = spec(fields);
        List<String> notices = format.notices(spec.model(), spec.options());
        if (notice == null) {
            assertThat(notices).isEmpty();
        } else {
            assertThat(notices).singleElement().asString().contains(notice);
        }
    }

    @Test
    void aModelThatThinksUnaskedIsNamed() throws IOException {
        JobSpec spec = spec("\"model\": \"claude-opus-5-5\"");
        assertThat(format.notices(spec.model(), spec.options()))
                .anyMatch(notice -> notice.contains("thinks without being asked") && notice.contains("2048 tokens"));
    }

    private String line(String fields, String text1, String text2) throws IOException {
        return line(spec(fields), text1, text2);
    }

    private String line(JobSpec spec, String text1, String text2) {
        RequestWriter requests = format.requests(spec, TOKEN);
        JsonLine line = new JsonLine(Integer.MAX_VALUE);
        requests.write(line, new Pair(7, "A", "B", text1, text2, new LinkedHashMap<>()));
        return new String(line.toBytes(), StandardCharsets.UTF_8);
    }

    private static JobSpec spec(String fields) throws IOException {
        return JobFixture.spec("\"backend\": \"anthropic\","
                + " \"prompt_template\": \"{TRAIT_NAME}{TRAIT_DESCRIPTION} {SAMPLE_1}|{SAMPLE_2}\", " + fields);
    }
}
