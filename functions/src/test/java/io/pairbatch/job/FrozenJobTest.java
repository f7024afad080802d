package io.pairbatch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.SpecTexts;
import io.pairbatch.spec.TagMode;
import io.pairbatch.split.StandardRules;
import io.pairbatch.text.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// A job whose batches may be paid for is read back as it was accepted, regardless of what is accepted today.
class FrozenJobTest {

    private static String frozen(String spec) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ResolvedJob(
                        "test-0123abcd",
                        Instant.parse("2026-11-22T10:00:00Z"),
                        "0.1.0",
                        new ResolvedJob.Source("bucket", "inbox/test/pairs.csv", "v1", "\"e\"", 10),
                        SpecTexts.read(spec))
                .write(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static ResolvedJob thawed(String frozen) {
        return ResolvedJob.read(new ByteArrayInputStream(frozen.getBytes(StandardCharsets.UTF_8)), Providers::options);
    }

    /// Each value was accepted once by another version, and is refused by this one.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai | temperature | 1 | 9.5",
                "openai | endpoint | \"responses\" | \"completions\"",
                "openai | reasoning | \"low\" | \" \"",
                "openai | metadata | {\"a\": \"b\"} | {\"pairbatch_x\": \"b\"}",
                "openai | service_tier | \"flex\" | \"gone\"",
                "openai | max_tokens | 5 | 0",
                "openai | provider_options | {\"x\": 1} | {\"n\": 2}",
                "anthropic | reasoning | \"enabled\" | \"deeply\"",
                "anthropic | anthropic_version | \"2023-06-01\" | \"beta\"",
                "anthropic | max_tokens | 5000 | 0",
                "anthropic | top_p | 0.99 | 1.5",
                "anthropic | inference_geo | \"us\" | \" \"",
                "gemini | thinking_level | \"high\" | \"highest\"",
                "gemini | thinking_budget | 5 | -7",
                "gemini | api_version | \"v1\" | \"one\"",
                "gemini | seed | 1 | 1.5",
                "gemini | presence_penalty | 1 | 3"
            })
    void itsOptionsAreReadButNotValidated(String backend, String option, String accepted, String refused)
            throws IOException {
        String spec = "{\"backend\": \"%s\", \"model\": \"m\", \"trait_name\": \"organization\", \"%s\": %s}";
        String today = frozen(spec.formatted(backend, option, accepted));
        String then = withOption(today, option, refused);
        ResolvedJob job = thawed(then);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        job.write(again);
        assertThat(again.toString(StandardCharsets.UTF_8)).isEqualTo(then);
        // What collecting, merging and submitting it need.
        assertThat(Providers.notices(job.spec())).isNotNull();
        assertThat(Providers.format(job.spec().backend())
                        .requests(job.spec(), job.token())
                        .endpoint())
                .isNotNull();
        assertThatThrownBy(() -> SpecTexts.read(spec.formatted(backend, option, refused)))
                .isInstanceOf(JobRejectedException.class);
    }

    @Test
    void aJobThatDoesNotSayHowTagsAreReadReadsThemAsTheRPackageDoes() throws IOException {
        String spec = "{\"model\": \"m\", \"trait_name\": \"organization\"}";
        ObjectNode job = (ObjectNode) Json.MAPPER.readTree(frozen(spec));
        assertThat(thawed(job.toString()).spec().prompt().rules().tagMode()).isEqualTo(TagMode.LAST);
        ((ObjectNode) job.required("spec")).remove("tag_mode");
        assertThat(thawed(job.toString()).spec().prompt().rules().tagMode()).isEqualTo(TagMode.EXACT);
    }

    /// The frozen job with another value, as the writer would write it.
    private static String withOption(String frozen, String option, String value) {
        ObjectNode job = (ObjectNode) Json.MAPPER.readTree(frozen);
        ((ObjectNode) job.required("spec")).set(option, Json.MAPPER.readTree(value));
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(job) + "\n";
    }

    /// Today's model tables know more than when the job was accepted.
    @Test
    void theModelTablesDoNotMatter() throws IOException {
        for (String spec : List.of(
                "{\"backend\": \"openai\", \"model\": \"gpt-5-pro\", \"endpoint\": \"chat.completions\", \"temperature\": 2,"
                        + " \"reasoning\": \"none\", \"trait_name\": \"organization\"}",
                "{\"backend\": \"anthropic\", \"model\": \"claude-3-haiku\", \"reasoning\": \"enabled\","
                        + " \"max_tokens\": 100000, \"trait_name\": \"organization\"}",
                "{\"backend\": \"gemini\", \"model\": \"gemini-2.5-pro\", \"thinking_level\": \"low\","
                        + " \"thinking_budget\": 1, \"trait_name\": \"organization\"}")) {
            String text = frozen(spec);
            assertThat(thawed(text).spec()).isEqualTo(SpecTexts.read(spec));
            assertThatThrownBy(() -> StandardRules.reader().read(SpecTexts.layers(spec), SpecTexts.files(Map.of())))
                    .isInstanceOf(JobRejectedException.class);
        }
    }

    @Test
    void aValueOfTheWrongTypeIsReported() throws IOException {
        String text =
                withOption(frozen("{\"model\": \"m\", \"trait_name\": \"organization\"}"), "temperature", "\"hot\"");
        assertThatThrownBy(() -> thawed(text))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("options that cannot be read");
    }
}
