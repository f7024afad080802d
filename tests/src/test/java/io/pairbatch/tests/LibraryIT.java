package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/// Templates and traits of the stack's library, by name.
class LibraryIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;

    private final TestStack stack = TestStack.shared();

    @Test
    void aJobKeepsTheRegisteredTextsThatItNamed() {
        put(
                "templates/calm.txt",
                "Calmly: {TRAIT_NAME}, {TRAIT_DESCRIPTION}\n# SAMPLE_1\n{SAMPLE_1}\n# SAMPLE_2\n{SAMPLE_2}");
        put("traits/brevity.json", "{\"name\": \"Brevity\", \"description\": \"Fewer words.\"}");
        String json = """
                {"backend": "gemini", "model": "%s", "trait_name": "brevity", "prompt_template": "calm",
                 "interval_seconds": 1, "per_job_delay": 0}
                """.formatted(Tables.model(Backend.GEMINI));

        DroppedJob job = DroppedJob.drop("library", Tables.csv(2), json);
        job.awaitState("DONE", PATIENCE);

        JsonNode spec = job.json("job.json").path("spec");
        assertThat(spec.path("prompt_template").stringValue()).startsWith("Calmly: ");
        assertThat(spec.path("trait_description").stringValue()).isEqualTo("Fewer words.");
        assertThat(job.file("batch_01_input.jsonl")).contains("Calmly: Brevity, Fewer words.");
    }

    private void put(String name, String text) {
        stack.s3()
                .putObject(
                        r -> r.bucket(stack.deployment().bucket()).key("library/" + name),
                        RequestBody.fromString(text));
    }
}
