package io.pairbatch.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecTexts;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RequestSketchTest {

    private static final String TEXTS = "\"trait_name\": \"T\", \"trait_description\": \"D\"}";

    @Test
    void allIsShownButThePromptAndTheId() throws IOException {
        JsonNode sketch = sketch("{\"model\": \"gpt-4.1\", ");
        assertThat(sketch.path("custom_id").asString()).isEqualTo("(id)");
        assertThat(sketch.path("url").asString()).isEqualTo("/v1/chat/completions");
        assertThat(sketch.at("/body/model").asString()).isEqualTo("gpt-4.1");
        assertThat(sketch.at("/body/temperature").asInt(-1)).isZero();
        assertThat(sketch.at("/body/messages").toString()).contains("\"content\":\"(prompt)\"");
    }

    @Test
    void theDefaultsOfTheModelAreThoseThatAreSent() throws IOException {
        JsonNode sketch = sketch("{\"backend\": \"anthropic\", \"model\": \"claude-sonnet-4-5\", ");
        assertThat(sketch.path("custom_id").asString()).isEqualTo("(id)");
        assertThat(sketch.at("/params/max_tokens").asInt()).isEqualTo(768);
        assertThat(sketch.toString()).contains("(prompt)").doesNotContain("built in");
    }

    @Test
    void noProviderShowsThePrompt() throws IOException {
        JsonNode sketch = sketch(
                "{\"backend\": \"gemini\", \"model\": \"gemini-2.5-flash\", \"substitution\":" + " \"chained\", ");
        assertThat(sketch.path("key").asString()).isEqualTo("(id)");
        assertThat(sketch.toString()).contains("(prompt)").doesNotContain("built in", "\uE000");
    }

    private static JsonNode sketch(String fields) throws IOException {
        JobSpec spec = SpecTexts.read(fields + TEXTS);
        return RequestSketch.of(Providers.format(spec.backend()), spec);
    }
}
