package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.ExitStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Batches that are opened over plain HTTP as the R package pairwiseLLM opens them, with its ids, and taken over by
/// `rescue` with a registry as it writes it, give the winners that the same pairs have when Pairbatch asks itself.
class RescueIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int BATCH_SIZE = 4;

    private final TestStack stack = TestStack.shared();

    @TempDir
    private Path folder;

    /// A pair of the table.
    private record Pair(String id1, String text1, String id2, String text2) {}

    @ParameterizedTest
    @EnumSource(Backend.class)
    void batchesOfTheRPackageGiveTheContractsResults(Backend backend) throws Exception {
        String name = TestStack.name("rescue-" + backend.code());
        List<Pair> pairs = pairs();
        Path table = Files.writeString(folder.resolve("pairs.csv"), csv(pairs));
        String first = create(backend, pairs.subList(0, 4));
        String second = create(backend, pairs.subList(4, 8));
        // The third was never sent: R crashed in between.
        Path registry = Files.writeString(
                folder.resolve("jobs_registry.csv"),
                "segment_index,provider,model,batch_id,batch_input_path,batch_output_path,csv_path,pairs_path,done\n"
                        + line(backend, 1, first, "TRUE") + line(backend, 2, second, "FALSE")
                        + line(backend, 3, "NA", "FALSE"));
        Path job = Files.writeString(folder.resolve("job.json"), Tables.job(backend, BATCH_SIZE));
        long uploads = stack.provider().uploads();
        Cli cli = new Cli(stack, folder);

        Cli.Said said = cli.run(
                "rescue",
                registry.toString(),
                "--pairs",
                table.toString(),
                "--job",
                job.toString(),
                "--name",
                name,
                "--stack",
                "test",
                "--allow-losses");
        assertThat(said.words())
                .contains("in batches of 4, 4, 2. Nothing is sent.")
                .contains("1 was collected before")
                .contains("not submitted: segment 3 (rows 9 to 10)")
                .contains("10 rows = 8 judged + 2 failed + 0 rejected");
        assertThat(said.exit()).isEqualTo(ExitStatus.DONE);
        DroppedJob rescued = DroppedJob.named(name);
        assertThat(stack.provider().uploads()).as("nothing is sent").isEqualTo(uploads);
        assertThat(stack.provider().batchesOf(rescued.id())).isEmpty();
        assertThat(rescued.batchIds()).containsExactly(first, second);
        assertThat(rescued.records("unmatched_lines.csv")).isEmpty();
        assertThat(rescued.json("summary.json").at("/resolved/tag_mode").asString(""))
                .isEqualTo("exact");

        assertThat(cli.run(
                                "rescue",
                                registry.toString(),
                                "--pairs",
                                table.toString(),
                                "--job",
                                job.toString(),
                                "--name",
                                name,
                                "--stack",
                                "test",
                                "--allow-losses")
                        .words())
                .contains("Job " + rescued.id() + " (the same files were dropped before)");
        assertThat(rescued.batchIds()).as("the same registry is the same job").containsExactly(first, second);

        assertThat(cli.run("retry", rescued.id(), "--codes", "not_submitted", "--stack", "test", "--allow-losses")
                        .words())
                .contains("10 rows = 10 judged + 0 failed + 0 rejected");
        assertThat(stack.provider().batchesOf(rescued.id()))
                .as("what was never sent")
                .hasSize(1);
        // With a pair that is asked of Pairbatch itself.
        DroppedJob own = DroppedJob.drop("own", csv(pairs), Tables.job(backend, 100, "\"tag_mode\": \"exact\""));
        own.awaitState("DONE", TestStack.PATIENCE);
        assertThat(winners(rescued)).isEqualTo(winners(own)).hasSize(10);
    }

    private static Map<String, String> winners(DroppedJob job) throws IOException {
        Map<String, String> winners = new LinkedHashMap<>();
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(job.file("combined_results.csv"))) {
            reader.forEach(row -> winners.put(
                    row.getField("ordered_key"), row.getField("better_id") + " " + row.getField("custom_id")));
        }
        return winners;
    }

    /// Of the essays, with IDs that the R package itself would parse wrongly.
    private static List<Pair> pairs() throws IOException {
        List<Pair> pairs = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(Path.of("../examples/essays/pairs.csv"))) {
            for (NamedCsvRecord row : reader) {
                if (pairs.size() < 10) {
                    pairs.add(new Pair(
                            "stu_" + row.getField("ID1"),
                            row.getField("text1"),
                            row.getField("ID2"),
                            row.getField("text2")));
                }
            }
        }
        return pairs;
    }

    private static String csv(List<Pair> pairs) {
        StringBuilder csv = new StringBuilder("ID1,text1,ID2,text2\n");
        pairs.forEach(pair -> csv.append(pair.id1)
                .append(',')
                .append(quoted(pair.text1))
                .append(',')
                .append(pair.id2)
                .append(',')
                .append(quoted(pair.text2))
                .append('\n'));
        return csv.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    /// As R's readr writes it: quotes only where they are needed, paths of another machine.
    private static String line(Backend backend, int segment, String id, String done) {
        String at = "\"/home/r user/out, 1/batch_0" + segment;
        return segment + "," + backend.code() + "," + Tables.model(backend) + "," + id + "," + at + "_input.jsonl\","
                + at + "_output.jsonl\",NA," + at + "_pairs.rds\"," + done + "\n";
    }

    private String create(Backend backend, List<Pair> pairs) throws Exception {
        return switch (backend) {
            case OPENAI -> openAi(pairs);
            case ANTHROPIC -> anthropic(pairs);
            case GEMINI -> gemini(pairs);
        };
    }

    private static String prompt(Pair pair) {
        return "You are a judge. SAMPLE_1:\n" + pair.text1 + "\n\nSAMPLE_2:\n" + pair.text2;
    }

    private String openAi(List<Pair> pairs) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (Pair pair : pairs) {
            ObjectNode line = JSON.createObjectNode()
                    .put("custom_id", "EXP_" + pair.id1 + "_vs_" + pair.id2)
                    .put("method", "POST")
                    .put("url", "/v1/chat/completions");
            ObjectNode body = line.putObject("body").put("model", Tables.model(Backend.OPENAI));
            body.putArray("messages").addObject().put("role", "user").put("content", prompt(pair));
            body.put("temperature", 0);
            lines.append(line).append('\n');
        }
        String form = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"batch_01_input.jsonl\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n" + lines + "\r\n--b--\r\n";
        String file = post(Backend.OPENAI, "/v1/files", form, "multipart/form-data; boundary=b")
                .path("id")
                .stringValue();
        ObjectNode body = JSON.createObjectNode()
                .put("input_file_id", file)
                .put("endpoint", "/v1/chat/completions")
                .put("completion_window", "24h");
        return post(Backend.OPENAI, "/v1/batches", body.toString(), "application/json")
                .path("id")
                .stringValue();
    }

    private String anthropic(List<Pair> pairs) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode requests = body.putArray("requests");
        for (Pair pair : pairs) {
            ObjectNode params = requests.addObject()
                    .put("custom_id", "ANTH_" + pair.id1 + "_vs_" + pair.id2)
                    .putObject("params")
                    .put("model", Tables.model(Backend.ANTHROPIC))
                    .put("max_tokens", 768)
                    .put("temperature", 0);
            params.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .putArray("content")
                    .addObject()
                    .put("type", "text")
                    .put("text", prompt(pair));
        }
        return post(Backend.ANTHROPIC, "/v1/messages/batches", body.toString(), "application/json")
                .path("id")
                .stringValue();
    }

    private String gemini(List<Pair> pairs) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode batch = body.putObject("batch").put("display_name", "pairwiseLLM-gemini-batch-20261130-120000");
        ArrayNode requests =
                batch.putObject("input_config").putObject("requests").putArray("requests");
        for (Pair pair : pairs) {
            ObjectNode request = requests.addObject().putObject("request");
            request.putArray("contents")
                    .addObject()
                    .put("role", "user")
                    .putArray("parts")
                    .addObject()
                    .put("text", prompt(pair));
            request.putObject("generationConfig")
                    .putObject("thinkingConfig")
                    .put("includeThoughts", false)
                    .put("thinkingLevel", "Low");
        }
        String path = "/v1beta/models/" + Tables.model(Backend.GEMINI) + ":batchGenerateContent";
        return post(Backend.GEMINI, path, body.toString(), "application/json")
                .path("name")
                .stringValue();
    }

    private JsonNode post(Backend backend, String path, String body, String type) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(base().resolve(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        switch (backend) {
            case OPENAI -> request.header("Authorization", "Bearer " + key(backend));
            case ANTHROPIC -> request.header("x-api-key", key(backend)).header("anthropic-version", "2023-06-01");
            case GEMINI -> request.header("x-goog-api-key", key(backend));
        }
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private URI base() {
        return stack.provider().baseUrl();
    }

    private String key(Backend backend) {
        try (SecretsManagerClient secrets = stack.secrets()) {
            String secret = Objects.requireNonNull(stack.deployment().secretArn(backend));
            return JSON.readTree(secrets.getSecretValue(r -> r.secretId(secret)).secretString())
                    .path("api_key")
                    .stringValue();
        }
    }
}
