package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.openai.OpenAiClient;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client with Azure OpenAI's API, against a simulator of it.
class AzureTest {

    private static final String LINE = """
            {"custom_id":"0a1b2c3d-%d","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4.1",\
            "messages":[{"role":"user","content":"SAMPLE_1\\none\\nSAMPLE_2\\ntwo"}],"temperature":0}}
            """;

    @TempDir
    Path data;

    @Test
    void aBatchIsUploadedCreatedFoundAndDownloaded() throws Exception {
        try (Simulator azure = Simulator.start(
                "--data", data.toString(), "--service", "azure", "--batch-seconds", "0.5", "--error-rate", "0")) {
            URI base = URI.create(azure.baseUrl() + "/openai/v1");
            BatchProvider client = new OpenAiClient(OpenAiService.of("azure"), base, "sk-simulator", 3);
            byte[] lines = (LINE.formatted(1) + LINE.formatted(2)).getBytes(StandardCharsets.UTF_8);
            BatchProvider.Body body = () -> new ByteArrayInputStream(lines);
            String file = client.upload("batch_01_input.jsonl", lines.length, body);

            CreateOutcome outcome = client.create(
                    new NewBatch(
                            file,
                            "gpt-4.1",
                            "/v1/chat/completions",
                            Map.of(BatchProvider.TOKEN, "t-1"),
                            2,
                            lines.length,
                            body),
                    Duration.ofSeconds(30));

            assertThat(outcome).isInstanceOf(CreateOutcome.Created.class);
            String id = ((CreateOutcome.Created) outcome).batchId();
            assertThat(listed(client)).contains(id + " t-1");
            BatchStatus ended = ended(client, id);
            assertThat(ended.state()).isEqualTo(BatchState.COMPLETED);
            try (InputStream in = client.download(Objects.requireNonNull(ended.outputFileId()))) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .hasLineCount(2)
                        .contains("0a1b2c3d-1", "0a1b2c3d-2");
            }
        }
    }

    private static List<String> listed(BatchProvider client) throws Exception {
        List<String> listed = new ArrayList<>();
        client.list(Instant.now().minus(Duration.ofHours(1)), batch -> {
            listed.add(batch.id() + " " + batch.metadata().get(BatchProvider.TOKEN));
            return true;
        });
        return listed;
    }

    private static BatchStatus ended(BatchProvider client, String id) throws Exception {
        Instant patience = Instant.now().plus(Duration.ofMinutes(10));
        BatchStatus status = client.retrieve(id);
        while (!status.state().terminal() && Instant.now().isBefore(patience)) {
            Thread.sleep(Duration.ofMillis(100));
            status = client.retrieve(id);
        }
        return status;
    }
}
