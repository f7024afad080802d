package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.gemini.GeminiOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GeminiOptionsTest {

    private static final String EVERYTHING = """
            {"backend": "gemini", "model": "gemini-3-flash-preview", "trait_name": "organization",
             "thinking_level": "high", "thinking_budget": 5, "include_thoughts": true, "temperature": 0.10,
             "top_p": 1e-7, "top_k": 40, "max_output_tokens": 512, "custom_id_prefix": "G", "api_version": "v1alpha",
             "candidate_count": 1, "stop_sequences": ["</B>"], "seed": -1, "presence_penalty": 0.30,
             "frequency_penalty": -2, "response_mime_type": "application/json", "response_schema": {"type": "STRING"},
             "response_logprobs": true, "logprobs": 0, "system_instruction": {"parts": [{"text": "x"}]},
             "safety_settings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}],
             "provider_options": {"serviceTier": "flex", "generationConfig": {"newField": [1.50, null]}}}""";

    @Test
    void aFrozenJobIsReadBackAsItWas() throws IOException {
        ResolvedJob job = new ResolvedJob(
                "test-0123abcd",
                Instant.parse("2026-11-22T10:00:00Z"),
                "0.1.0",
                new ResolvedJob.Source("bucket", "inbox/test/pairs.csv", "v1", "\"e\"", 10),
                SpecTexts.read(EVERYTHING));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        job.write(bytes);
        assertThat(ResolvedJob.read(new ByteArrayInputStream(bytes.toByteArray()), Providers::options))
                .isEqualTo(job);
        assertThat(job.spec().options().bodyFields()).hasSize(11);
    }

    @Test
    void stringsInMetadataStayStrings() throws IOException {
        SpecLayer metadata = SpecLayer.ofMetadata(
                "metadata",
                Map.of("system-instruction", "7", "seed", "7", "thinking-level", "low"),
                Providers::options);
        SpecLayer job = SpecTexts.layers("""
                {"backend": "gemini", "model": "m", "trait_name": "organization"}""").getFirst();
        GeminiOptions options = (GeminiOptions) SpecTexts.reader()
                .read(List.of(metadata, job), name -> Optional.empty())
                .options();
        assertThat(options.thinkingLevel()).isEqualTo("low");
        assertThat(options.bodyFields().get("system_instruction")).hasToString("\"7\"");
        assertThat(options.bodyFields().get("seed")).hasToString("7");
    }
}
