package io.pairbatch.simulator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.simulator.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class StoreTest {

    @TempDir
    Path data = Path.of("");

    @Test
    void aFileComesBackByteForByte() throws Exception {
        // Lines that look like the form's delimiter, and no line break at the end.
        String content = "--xy\r\n\r\n--xyy\r\n".repeat(20_000) + "ü--";
        try (Client client = Client.start(data)) {
            Client.Reply file = client.uploadAs("batch", "my input.jsonl", content);

            String id = file.json().path("id").stringValue();
            assertThat(client.get("/v1/files/" + id + "/content").response().body())
                    .isEqualTo(content);
            assertThat(file.json().path("filename").stringValue()).isEqualTo("my input.jsonl");
            assertThat(file.json().path("bytes").intValue()).isEqualTo(content.length() + 1);
        }
    }

    @Test
    void anEmptyFileIsAFile() throws Exception {
        try (Client client = Client.start(data)) {
            JsonNode file = client.uploadAs("batch", "a.jsonl", "").json();

            assertThat(file.path("bytes").intValue()).isZero();
            assertThat(client.get("/v1/files/" + file.path("id").stringValue() + "/content")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aBatchFileExpiresAfterThirtyDays() throws Exception {
        try (Client client = Client.start(data)) {
            String id = client.file(Client.chat("a"));
            assertThat(client.get("/v1/files/" + id).status()).isEqualTo(200);

            client.post("/_simulator/advance", "{\"seconds\":2592001}");

            assertThat(client.get("/v1/files/" + id).status()).isEqualTo(404);
        }
    }

    @Test
    void aFileExpiresWhenItsUploadSaid() throws Exception {
        try (Client client = Client.start(data)) {
            Map<String, String> fields =
                    Map.of("purpose", "batch", "expires_after[anchor]", "created_at", "expires_after[seconds]", "3600");
            JsonNode file = client.upload(fields, "a.jsonl", "{}").json();

            assertThat(file.path("expires_at").longValue()
                            - file.path("created_at").longValue())
                    .isEqualTo(3600);
        }
    }

    @Test
    void partOfAFileCanBeRead() throws Exception {
        try (Client client = Client.start(data)) {
            String id = client.uploadAs("batch", "a.jsonl", "0123456789")
                    .json()
                    .path("id")
                    .stringValue();

            assertThat(range(client, id, "bytes=2-4")).isEqualTo("206 234");
            assertThat(range(client, id, "bytes=7-")).isEqualTo("206 789");
            assertThat(range(client, id, "bytes=-3")).isEqualTo("206 789");
            assertThat(range(client, id, "bytes=10-")).startsWith("416 ");
        }
    }

    private static String range(Client client, String id, String range) throws Exception {
        Client.Reply reply =
                client.send(client.request("/v1/files/" + id + "/content").header("Range", range));
        return reply.status() + " " + reply.response().body();
    }

    @Test
    void aDeletedFileIsGone() throws Exception {
        try (Client client = Client.start(data)) {
            String id = client.file(Client.chat("a"));

            assertThat(client.delete("/v1/files/" + id).json().path("deleted").booleanValue())
                    .isTrue();
            assertThat(client.get("/v1/files/" + id + "/content").status()).isEqualTo(404);
            assertThat(client.journal("delete")).hasSize(1);
        }
    }

    @Test
    void filesAreListedByPurpose() throws Exception {
        try (Client client = Client.start(data)) {
            client.run(Client.chat("a"));

            JsonNode outputs = client.get("/v1/files?purpose=batch_output").json();
            assertThat(outputs.path("data").size()).isEqualTo(1);
            assertThat(outputs.path("data").path(0).path("filename").stringValue())
                    .endsWith("_output.jsonl");
        }
    }

    @Test
    void batchesAreListedNewestFirstPageByPage() throws Exception {
        try (Client client = Client.start(data)) {
            String file = client.file(Client.chat("a"));
            List<String> created = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                created.addFirst(client.create(file, Map.of()).json().path("id").stringValue());
            }
            List<String> listed = new ArrayList<>();
            JsonNode page = client.get("/v1/batches?limit=2").json();
            ids(page).forEach(listed::add);
            while (page.path("has_more").booleanValue()) {
                page = client.get("/v1/batches?limit=2&after="
                                + page.path("last_id").stringValue())
                        .json();
                ids(page).forEach(listed::add);
            }

            assertThat(listed).isEqualTo(created);
        }
    }

    private static Stream<String> ids(JsonNode page) {
        return page.path("data").valueStream().map(item -> item.path("id").stringValue());
    }

    @Test
    void aListedBatchTellsItsMetadata() throws Exception {
        try (Client client = Client.start(data)) {
            client.create(client.file(Client.chat("a")), Map.of("job", "essays", "segment", "000001"));

            assertThat(client.get("/v1/batches").json().path("data").path(0).path("metadata"))
                    .isEqualTo(Json.object().put("job", "essays").put("segment", "000001"));
        }
    }

    @Test
    void anotherUsersBatchLiesAmongOurs() throws Exception {
        try (Client client = Client.start(data)) {
            client.post("/_simulator/foreign-batch", "{\"requests\":4,\"metadata\":{\"team\":\"other\"}}");
            client.settle();

            JsonNode batch = client.get("/v1/batches").json().path("data").path(0);
            assertThat(batch.path("status").stringValue()).isEqualTo("completed");
            assertThat(batch.path("request_counts").path("total").intValue()).isEqualTo(4);
            assertThat(client.journal("create")).isEmpty();
            assertThat(client.journal("foreign")).hasSize(1);
        }
    }

    @Test
    void aCancelledBatchKeepsWhatWasDone() throws Exception {
        try (Client client = Client.start(data, "--batch-seconds", "1000")) {
            String id = client.create(client.file(Client.chats(100)), Map.of())
                    .json()
                    .path("id")
                    .stringValue();
            client.post("/_simulator/advance", "{\"seconds\":500}");
            for (int i = 0;
                    i < 500 && !client.batch(id).path("status").stringValue().equals("in_progress");
                    i++) {
                Thread.sleep(10);
            }

            Client.Reply reply = client.post("/v1/batches/" + id + "/cancel", "");
            assertThat(reply.json().path("status").stringValue()).isEqualTo("cancelling");
            client.settle();

            JsonNode batch = client.batch(id);
            assertThat(batch.path("status").stringValue()).isEqualTo("cancelled");
            int done = client.output(batch).size();
            assertThat(done).isBetween(30, 70);
            assertThat(client.errors(batch).size()).isEqualTo(100 - done);
        }
    }

    @Test
    void aBatchBeyondTheQueueFailsAndPassesOnceTheQueueIsFree() throws Exception {
        try (Client client = Client.start(data, "--batch-seconds", "100", "--max-enqueued-tokens", "700")) {
            String file = client.file(Client.chats(10));
            String first = client.create(file, Map.of()).json().path("id").stringValue();
            client.post("/_simulator/advance", "{\"seconds\":20}");
            await(client, first, "in_progress");

            String second = client.create(file, Map.of()).json().path("id").stringValue();
            client.post("/_simulator/advance", "{\"seconds\":20}");
            await(client, second, "failed");
            JsonNode error = client.batch(second).path("errors").path("data").path(0);
            assertThat(error.path("code").stringValue()).isEqualTo("token_limit_exceeded");
            assertThat(error.path("message").stringValue()).contains("gpt-4.1", "Limit: 700");

            client.settle();
            String third = client.create(file, Map.of()).json().path("id").stringValue();
            client.settle();
            assertThat(client.batch(third).path("status").stringValue()).isEqualTo("completed");
        }
    }

    private static void await(Client client, String id, String status) throws Exception {
        for (int i = 0; i < 500; i++) {
            if (client.batch(id).path("status").stringValue().equals(status)) {
                return;
            }
            Thread.sleep(10);
        }
        assertThat(client.batch(id).path("status").stringValue()).isEqualTo(status);
    }

    @Test
    void everythingSurvivesARestart() throws Exception {
        String id;
        try (Client client = Client.start(data, "--batch-seconds", "1000")) {
            id = client.create(client.file(Client.chats(10)), Map.of("job", "essays"))
                    .json()
                    .path("id")
                    .stringValue();
            client.post("/_simulator/advance", "{\"seconds\":500}");
            await(client, id, "in_progress");
        }
        try (Client client = Client.start(data, "--batch-seconds", "1000")) {
            assertThat(client.batch(id).path("metadata").path("job").stringValue())
                    .isEqualTo("essays");
            client.settle();

            assertThat(client.output(client.batch(id)).size()).isEqualTo(10);
            assertThat(client.journal("create")).hasSize(1);
        }
    }

    @Test
    void aBatchThatTheJournalMissesIsAddedAtTheNextStart() throws Exception {
        try (Client client = Client.start(data)) {
            client.create(client.file(Client.chat("a")), Map.of("job", "essays"));
        }
        Path journal = data.resolve("journal.jsonl");
        List<String> lines = Files.readAllLines(journal);
        assertThat(lines).hasSize(2);
        Files.writeString(journal, lines.getFirst() + "\n");
        Files.writeString(journal, lines.getLast().substring(0, 30), StandardOpenOption.APPEND);

        try (Client client = Client.start(data)) {
            assertThat(client.journal("upload")).hasSize(1);
            assertThat(client.journal("create"))
                    .singleElement()
                    .extracting(line -> line.path("metadata").path("job").stringValue())
                    .isEqualTo("essays");
        }
    }

    @Test
    void theJournalTellsUploadsCreatesAndCancels() throws Exception {
        try (Client client = Client.start(data, "--batch-seconds", "1000")) {
            String file = client.file(Client.chats(3));
            String id = client.create(file, Map.of("segment", "000001"))
                    .json()
                    .path("id")
                    .stringValue();
            client.post("/v1/batches/" + id + "/cancel", "");

            assertThat(client.journal("upload").getFirst().path("lines").intValue())
                    .isEqualTo(3);
            JsonNode create = client.journal("create").getFirst();
            assertThat(create.path("id").stringValue()).isEqualTo(id);
            assertThat(create.path("input_file_id").stringValue()).isEqualTo(file);
            assertThat(create.path("requests").intValue()).isEqualTo(3);
            assertThat(create.path("metadata").path("segment").stringValue()).isEqualTo("000001");
            assertThat(client.journal("cancel")).hasSize(1);
        }
    }
}
