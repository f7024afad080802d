package io.pairbatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.claim.Judgement;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import io.pairbatch.text.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;

/// What a job leaves behind can be dropped as a job file, and is read as the same specification.
class FrozenJobFileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}",
                "{\"model\": \"gpt-5.1\", \"trait_name\": \"A\", \"trait_description\": \"B\", \"reasoning\": \"low\","
                        + " \"include_thoughts\": true, \"n_segments\": 3, \"limit\": 25, \"sample_seed\": 7,"
                        + " \"max_bad_rows\": \"5%\", \"max_stall\": \"90m\", \"metadata\": {\"a\": \"b\"},"
                        + " \"truncation\": \"auto\", \"provider_options\": {\"x\": [1.50, null]}, \"study\": \"s\","
                        + " \"labels\": {\"wave\": \"2\", \"site\": \"north\"}, \"verbose\": true}",
                "{\"backend\": \"anthropic\", \"model\": \"claude-sonnet-4-5\", \"trait_name\": \"overall_quality\","
                        + " \"reasoning\": \"enabled\", \"batch_size\": 9, \"system\": \"Judge.\","
                        + " \"tag_mode\": \"tolerant\", \"substitution\": \"chained\", \"formula_guard\": true}",
                "{\"backend\": \"gemini\", \"model\": \"gemini-2.5-flash\", \"trait_name\": \"overall_quality\","
                        + " \"thinking_budget\": 512, \"seed\": 4, \"temperature\": 0.10, \"preflight\": false,"
                        + " \"provider_retention\": \"delete_after_collect\", \"max_bad_rows\": 3, \"run\": 2}"
            })
    void theFrozenJobAndTheResolvedOneAreJobFilesOfTheSameJob(String file) throws IOException {
        JobSpec spec = read(file);
        ResolvedJob.Source source = new ResolvedJob.Source("b", "inbox/a/p.csv", "v1", "e", 5);
        ByteArrayOutputStream frozen = new ByteArrayOutputStream();
        new ResolvedJob("a-0123abcd", Instant.EPOCH, "0.1.0", source, spec, true).write(frozen);
        StringWriter resolved = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(resolved)) {
            JobSpecJson.writeResolved(json, spec);
        }

        for (String text : List.of(frozen.toString(StandardCharsets.UTF_8), resolved.toString())) {
            JobSpec again = read(text);
            assertThat(Judgement.of(again, false).drop(source))
                    .as(text)
                    .isEqualTo(Judgement.of(spec, false).drop(source));
            assertThat(again.batching()).isEqualTo(spec.batching());
            assertThat(again.polling()).isEqualTo(spec.polling());
            assertThat(again.output()).isEqualTo(spec.output());
            assertThat(again.prompt()).isEqualTo(spec.prompt());
        }
    }

    @Test
    void theResolvedJobHasEveryFieldThatItsProviderHas() throws IOException {
        StringWriter resolved = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(resolved)) {
            JobSpecJson.writeResolved(json, read("{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}"));
        }
        assertThat(Json.MAPPER.readTree(resolved.toString()).propertyNames())
                .contains("backend", "endpoint", "temperature", "sample_seed", "tag_mode", "limit", "preflight")
                .contains("formula_guard", "provider_retention", "study", "labels", "run")
                .doesNotContain("$schema", "notify");
    }

    @Test
    void aVersionThatDidNotKnowAFieldHasFrozenItsDefault() throws IOException {
        JobSpec spec = read("{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}");
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            JobSpecJson.write(json, spec);
        }
        assertThat(text.toString()).doesNotContain("study", "labels");
        assertThat(JobSpecJson.read(Json.MAPPER.readTree(text.toString()), Providers::options))
                .isEqualTo(spec);
    }

    private static JobSpec read(String text) throws IOException {
        SpecLayer layer = SpecLayer.parse("job.json", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return StandardRules.reader(Providers.itself()).read(List.of(layer), name -> Optional.empty());
    }
}
