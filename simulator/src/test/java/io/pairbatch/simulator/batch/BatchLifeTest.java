package io.pairbatch.simulator.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Client;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BatchLifeTest {

    @TempDir
    Path data = Path.of("");

    @Test
    void aBatchRunsFromUploadToOutput() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode batch = client.run(Client.chats(20));

            assertThat(batch.path("status").stringValue()).isEqualTo("completed");
            assertThat(batch.path("request_counts").toString())
                    .isEqualTo("{\"total\":20,\"completed\":20,\"failed\":0}");
            assertThat(client.output(batch)
                            .valueStream()
                            .map(line -> line.path("custom_id").stringValue()))
                    .hasSize(20)
                    .doesNotHaveDuplicates()
                    .contains("r1", "r20");
            assertThat(batch.path("error_file_id").isNull()).isTrue();
        }
    }

    @Test
    void outputIsNotInTheOrderOfTheRequests() throws Exception {
        try (Client client = Client.start(data)) {
            List<String> ids = ids(client, client.run(Client.chats(50)));

            assertThat(ids)
                    .isNotEqualTo(java.util.stream.IntStream.rangeClosed(1, 50)
                            .mapToObj(i -> "r" + i)
                            .toList());
        }
    }

    @Test
    void outputKeepsTheOrderOfTheRequestsWhenAsked() throws Exception {
        try (Client client = Client.start(data, "--no-shuffle")) {
            assertThat(ids(client, client.run(Client.chats(3)))).containsExactly("r1", "r2", "r3");
        }
    }

    private static List<String> ids(Client client, JsonNode batch) throws Exception {
        return client.output(batch)
                .valueStream()
                .map(line -> line.path("custom_id").stringValue())
                .toList();
    }

    @Test
    void aBatchPassesThroughTheProvidersStates() throws Exception {
        try (Client client = Client.start(data, "--batch-seconds", "1000")) {
            String id = client.create(client.file(Client.chats(10)), Map.of())
                    .json()
                    .path("id")
                    .stringValue();

            assertThat(client.batch(id).path("status").stringValue()).isEqualTo("validating");
            assertThat(statusAfter(client, id, 500)).isEqualTo("in_progress");
            assertThat(client.batch(id).path("request_counts").path("completed").intValue())
                    .isBetween(4, 6);
            assertThat(statusAfter(client, id, 450)).isEqualTo("finalizing");
            assertThat(statusAfter(client, id, 100)).isEqualTo("completed");
        }
    }

    @Test
    void aBatchThatIsStoppedHasWhatItsCountsTold() throws Exception {
        String[] lines = new String[21];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = Client.chat("r" + i);
        }
        try (Client client = Client.start(data, "--batch-seconds", "1000")) {
            for (int i = 0; i < 10; i++) {
                String id = client.create(client.file(lines), Map.of())
                        .json()
                        .path("id")
                        .stringValue();
                statusAfter(client, id, 500);
                int told = completed(client.batch(id));
                client.post("/v1/batches/" + id + "/cancel", "");
                assertThat(completed(client.batch(id))).isEqualTo(told).isPositive();
                client.settle();

                assertThat(completed(client.batch(id))).isGreaterThanOrEqualTo(told);
                assertThat(client.output(client.batch(id))).hasSize(completed(client.batch(id)));
            }
        }
    }

    private static int completed(JsonNode batch) {
        return batch.path("request_counts").path("completed").intValue();
    }

    /// The status of a batch after so many seconds; its thread gets a moment to reach it.
    private static String statusAfter(Client client, String id, int seconds) throws Exception {
        String before = client.batch(id).path("status").stringValue();
        client.post("/_simulator/advance", "{\"seconds\":" + seconds + "}");
        for (int i = 0; i < 500; i++) {
            JsonNode batch = client.batch(id);
            boolean counted = !batch.path("status").stringValue().equals("in_progress")
                    || batch.path("request_counts").path("completed").intValue() > 0;
            if (!batch.path("status").stringValue().equals(before) && counted) {
                return batch.path("status").stringValue();
            }
            Thread.sleep(10);
        }
        return before;
    }
}
