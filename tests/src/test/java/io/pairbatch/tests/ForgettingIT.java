package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.paginators.ListObjectVersionsIterable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A deleted job leaves nothing: no version and no delete marker in the bucket, no item in the registry, and nothing
/// deletable at the provider. Other jobs are unchanged.
class ForgettingIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder = Path.of("");

    private final TestStack stack = TestStack.shared();
    private final S3Client s3 = stack.s3();
    private final Provider provider = stack.provider();
    private final String key = JSON.readTree(stack.secrets()
                    .getSecretValue(r -> r.secretId(stack.deployment().secretArn(Backend.OPENAI)))
                    .secretString())
            .path("api_key")
            .stringValue();

    /// The command's output.
    private record Said(int status, String out, String err) {}

    @Test
    void nothingOfADeletedJobIsLeft() throws Exception {
        isDeleted(Backend.OPENAI);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPENAI")
    @Tag("long")
    void nothingIsLeftWithTheOtherProviders(Backend backend) throws Exception {
        isDeleted(backend);
    }

    private void isDeleted(Backend backend) throws Exception {
        DroppedJob other = DroppedJob.drop("bystander", Tables.csv(20), Tables.job(backend, 10));
        DroppedJob job = DroppedJob.drop("forget", Tables.csv(25), Tables.job(backend, 10, "\"keep_jsonl\": false"));
        other.awaitState("DONE", PATIENCE);
        job.awaitState("DONE", PATIENCE);
        // A second version and a delete marker of the dropped files: the history is deleted too.
        job.put("notes.txt", "old");
        s3.deleteObject(r -> r.bucket(stack.deployment().bucket()).key(job.key("notes.txt")));
        String id = job.id();
        Map<String, String> others = contents("jobs/" + other.id() + "/");
        assertThat(others).isNotEmpty();
        List<Map<String, AttributeValue>> segments = job.segments();
        long versions = count("jobs/" + id + "/", true);
        long markers = count("jobs/" + id + "/", false);
        long dropped = count("inbox/" + job.folder() + "/", true);
        long items = items(id).size();
        assertThat(markers).as("of keep_jsonl").isPositive();

        Said said = delete(id, "--yes");

        assertThat(said.status).as(said.err).isZero();
        assertGone(job, id);
        assertProviderHoldsNothing(backend, segments);
        JsonNode record = JSON.readTree(said.out);
        JsonNode removed = record.path("removed");
        assertThat(removed.path("object_versions").asLong())
                .as("with the mark that the job was being deleted")
                .isEqualTo(versions + 1);
        assertThat(removed.path("delete_markers").asLong()).isEqualTo(markers);
        assertThat(removed.path("inbox_versions").asLong()).isEqualTo(dropped);
        assertThat(removed.path("inbox_delete_markers").asLong()).isOne();
        assertThat(removed.path("registry_items").asLong()).isEqualTo(items);
        assertThat(record.path("finished_at").isString()).isTrue();
        assertThat(JSON.readTree(Files.readString(folder.resolve("deleted-" + id + ".json"))))
                .isEqualTo(record);
        assertRecordNames(backend, record, segments);
        assertThat(said.out).doesNotContain("The first text");
        assertThat(contents("jobs/" + other.id() + "/")).isEqualTo(others);
        assertThat(items(other.id())).isNotEmpty();

        Said again = delete(id, "--yes");
        assertThat(again.status).isZero();
        assertThat(again.out).contains("Nothing new: Job " + id + " was deleted at ");
    }

    @Test
    @Tag("long")
    void theSameFilesDroppedAfterwardsAreANewJobThatEnds() throws Exception {
        String table = Tables.csv(5);
        String spec = Tables.job(Backend.ANTHROPIC, 5);
        DroppedJob job = DroppedJob.drop("again", table, spec);
        job.awaitState("DONE", PATIENCE);
        String id = job.id();
        List<String> before = job.batchIds();
        assertThat(delete(id, "--yes").status).isZero();

        job.put("job.json", spec);
        job.put("pairs.csv", table);
        job.awaitState("DONE", PATIENCE);

        assertThat(job.id()).as("the claim went with the deleted job").isNotEqualTo(id);
        assertThat(job.batchIds()).isNotEmpty().doesNotContainAnyElementsOf(before);
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
    }

    @Test
    @Tag("long")
    void aDeletionThatWasInterruptedEndsWhenItIsRunAgain() throws Exception {
        DroppedJob job = DroppedJob.drop("interrupted", Tables.csv(40), Tables.job(Backend.OPENAI, 5));
        job.awaitState("DONE", PATIENCE);
        String id = job.id();
        List<Map<String, AttributeValue>> segments = job.segments();
        call("{\"step\": \"delete\", \"job\": {\"job_id\": \"" + id + "\"}}");
        assertThat(job.text("state")).isEqualTo("DELETING");
        // A drop does not wake it, and killing the command does no harm.
        job.put("job.json", Tables.job(Backend.OPENAI, 5));
        Process killed = command(id, "--yes").start();
        DroppedJob.pause(Duration.ofMillis(1500));
        killed.destroyForcibly().waitFor();

        Said said = delete(id, "--yes");

        if (said.status != 0) {
            // The killed one may have completed in the function.
            assertThat(said.err).contains("There is no job");
        }
        assertThat(count("jobs/" + id + "/", true)).isZero();
        assertThat(items(id)).isEmpty();
        assertProviderHoldsNothing(Backend.OPENAI, segments);
    }

    @Test
    @Tag("long")
    void aRunningJobIsRefusedUntilItsBatchesAreToBeCancelled() throws Exception {
        provider.faults("[{\"operation\": \"create\", \"action\": \"stuck\", \"count\": 2,"
                + " \"metadata\": {\"hold\": \"yes\"}}]");
        DroppedJob job =
                DroppedJob.drop("running", Tables.csv(20), Tables.job(10, "\"metadata\": {\"hold\": \"yes\"}"));
        job.awaitState("RUNNING", PATIENCE);
        DroppedJob.await(PATIENCE, "two batches", () -> job.batchIds().size() == 2);
        provider.faults("[]");
        String id = job.id();
        List<Map<String, AttributeValue>> segments = job.segments();

        Said refused = delete(id, "--yes");
        assertThat(refused.status).isOne();
        assertThat(refused.err).contains("is running", "--cancel", "billed");
        assertThat(job.text("state")).isEqualTo("RUNNING");

        Said said = delete(id, "--yes", "--cancel");
        assertThat(said.status).as(said.err).isZero();
        assertGone(job, id);
        assertProviderHoldsNothing(Backend.OPENAI, segments);
        assertThat(provider.cancels()).isEqualTo(2);
    }

    @Test
    @Tag("long")
    void aBatchWhoseCreateWasNeverAnsweredIsFoundCancelledAndNamed() throws Exception {
        provider.faults("[{\"operation\": \"create\", \"action\": \"drop_after\", \"metadata\": {\"lost\": \"yes\"}}]");
        DroppedJob job = DroppedJob.drop("lost", Tables.csv(5), Tables.job(5, "\"metadata\": {\"lost\": \"yes\"}"));
        job.awaitState("RUNNING", PATIENCE);
        DroppedJob.await(
                PATIENCE,
                "a create without an answer",
                () -> DroppedJob.text(job.segments().getFirst(), "state").equals("SUBMITTING")
                        && !provider.batchesOf(job.id()).isEmpty());
        String id = job.id();
        String file = DroppedJob.text(job.segments().getFirst(), "file_id");

        Said said = delete(id, "--yes", "--cancel");

        assertThat(said.status).as(said.err).isZero();
        assertThat(said.err).contains("looking for a create whose response was lost");
        assertGone(job, id);
        assertThat(status("/v1/files/" + file)).isEqualTo(404);
        List<String> made = provider.batchesOf(id);
        assertThat(made).as("nothing is created by a deletion").hasSize(1);
        assertThat(said.out).contains(made.getFirst());
    }

    @Test
    @Tag("long")
    void filesThatAnotherJobOfTheFolderNeedsAreKept() throws Exception {
        String table = Tables.csv(4);
        DroppedJob job = DroppedJob.drop("shared", table, Tables.job(4));
        job.awaitState("DONE", PATIENCE);
        String first = job.id();
        job.put("pairs.csv", Tables.csv(6));
        String second = awaitSecond(job, first);

        Said said = delete(first, "--yes");

        assertThat(said.status).as(said.err).isZero();
        assertThat(JSON.readTree(said.out).path("inbox_kept").asString()).contains(second);
        assertThat(contents("inbox/" + job.folder() + "/").keySet())
                .containsExactlyInAnyOrder(job.key("job.json"), job.key("pairs.csv"));
        assertThat(count("inbox/" + job.folder() + "/pairs.csv", true))
                .as("the first job's table is gone")
                .isOne();
        assertThat(items(second)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void aJobMayLeaveNothingAtTheProviderOnceItIsCollected(Backend backend) {
        DroppedJob job = DroppedJob.drop(
                "retention",
                Tables.csv(25),
                Tables.job(backend, 10, "\"provider_retention\": \"delete_after_collect\""));
        job.awaitState("DONE", PATIENCE);

        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(25);
        assertProviderHoldsNothing(backend, job.segments());
        JsonNode notices = job.json("summary.json").path("notices");
        if (backend == Backend.GEMINI) {
            assertThat(notices.toString()).contains("segment 3 is still at the provider as files/batch-");
        } else {
            assertThat(notices.toString()).doesNotContain("provider_retention");
        }
    }

    @Test
    @Tag("long")
    void aProviderThatDoesNotDeleteDoesNotFailTheJob() throws Exception {
        provider.faults("[{\"operation\": \"delete\", \"api\": \"anthropic\", \"action\": \"status\","
                + " \"status\": 503, \"count\": 0}]");
        try {
            DroppedJob job = DroppedJob.drop(
                    "kept",
                    Tables.csv(5),
                    Tables.job(
                            Backend.ANTHROPIC,
                            5,
                            "\"provider_retention\": \"delete_after_collect\"",
                            "\"openai_max_retries\": 1"));
            job.awaitState("DONE", PATIENCE);
            assertThat(job.json("summary.json").path("notices").toString())
                    .contains("segment 1 is still at the provider as "
                            + job.batchIds().getFirst());
        } finally {
            provider.faults("[]");
        }
    }

    private String awaitSecond(DroppedJob job, String first) {
        List<String> done = new ArrayList<>();
        DroppedJob.await(PATIENCE, "a second job of " + job.folder(), () -> {
            stack.dynamo()
                    .build()
                    .scanPaginator(r -> r.tableName(stack.deployment().table()))
                    .items()
                    .forEach(item -> {
                        if (DroppedJob.text(item, "name").equals(job.folder())
                                && DroppedJob.text(item, "state").equals("DONE")
                                && !DroppedJob.text(item, "job_id").equals(first)) {
                            done.add(DroppedJob.text(item, "job_id"));
                        }
                    });
            return !done.isEmpty();
        });
        return done.getFirst();
    }

    private void assertGone(DroppedJob job, String id) {
        for (String prefix : List.of("jobs/" + id + "/", "inbox/" + job.folder() + "/")) {
            assertThat(count(prefix, true)).as("versions in " + prefix).isZero();
            assertThat(count(prefix, false)).as("delete markers in " + prefix).isZero();
        }
        assertThat(items(id)).isEmpty();
        assertThat(owned(id)).isEmpty();
    }

    /// OpenAI keeps its batches, Gemini the files of answers; everything else is answered as not found.
    private void assertProviderHoldsNothing(Backend backend, List<Map<String, AttributeValue>> segments) {
        assertThat(segments).isNotEmpty();
        for (Map<String, AttributeValue> segment : segments) {
            String batch = DroppedJob.text(segment, "batch_id");
            switch (backend) {
                case OPENAI ->
                    Stream.of("file_id", "output_file_id", "error_file_id")
                            .map(name -> DroppedJob.text(segment, name))
                            .filter(file -> !file.isEmpty())
                            .forEach(file ->
                                    assertThat(status("/v1/files/" + file)).isEqualTo(404));
                case ANTHROPIC -> {
                    assertThat(status("/v1/messages/batches/" + batch)).isEqualTo(404);
                    assertThat(status("/v1/messages/batches/" + batch + "/results"))
                            .isEqualTo(404);
                }
                case GEMINI -> {
                    assertThat(status("/v1beta/" + batch)).isEqualTo(404);
                    // Google does not distinguish a deleted file from another user's.
                    assertThat(status("/v1beta/" + DroppedJob.text(segment, "file_id")))
                            .isEqualTo(403);
                }
            }
        }
    }

    private void assertRecordNames(Backend backend, JsonNode record, List<Map<String, AttributeValue>> segments) {
        Set<String> deleted = new TreeSet<>();
        Set<String> kept = new TreeSet<>();
        record.path("provider")
                .forEach(copy -> (copy.path("outcome").asString().equals("deleted") ? deleted : kept)
                        .add(copy.path("id").asString()));
        List<String> batches =
                segments.stream().map(s -> DroppedJob.text(s, "batch_id")).toList();
        if (backend == Backend.OPENAI) {
            assertThat(kept).containsExactlyInAnyOrderElementsOf(batches);
        } else {
            assertThat(deleted).containsAll(batches);
        }
        if (backend == Backend.GEMINI) {
            assertThat(kept).hasSize(segments.size()).allMatch(name -> name.startsWith("files/batch-"));
        }
        assertThat(record.path("provider_counts").path("deleted").asInt()).isEqualTo(deleted.size());
        assertThat(record.path("provider_counts").path("not_deletable").asInt()).isEqualTo(kept.size());
    }

    private int status(String path) {
        HttpRequest request = HttpRequest.newBuilder(provider.baseUrl().resolve(path))
                .header("Authorization", "Bearer " + key)
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .header("x-goog-api-key", key)
                .build();
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private long count(String prefix, boolean versions) {
        ListObjectVersionsIterable pages = s3.listObjectVersionsPaginator(
                r -> r.bucket(stack.deployment().bucket()).prefix(prefix));
        return versions
                ? pages.versions().stream().count()
                : pages.deleteMarkers().stream().count();
    }

    /// Keys and ETags of the current objects.
    private Map<String, String> contents(String prefix) {
        Map<String, String> contents = new TreeMap<>();
        s3
                .listObjectVersionsPaginator(
                        r -> r.bucket(stack.deployment().bucket()).prefix(prefix))
                .versions()
                .stream()
                .filter(ObjectVersion::isLatest)
                .forEach(version -> contents.put(version.key(), version.eTag()));
        return contents;
    }

    private List<Map<String, AttributeValue>> items(String id) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        stack.dynamo()
                .build()
                .queryPaginator(r -> r.tableName(stack.deployment().table())
                        .consistentRead(true)
                        .keyConditionExpression("job_id = :job")
                        .expressionAttributeValues(Map.of(":job", AttributeValue.fromS(id))))
                .items()
                .forEach(items::add);
        return items;
    }

    /// Batches that are recorded as this job's.
    private List<String> owned(String id) {
        List<String> owned = new ArrayList<>();
        stack.dynamo()
                .build()
                .scanPaginator(r -> r.tableName(stack.deployment().table())
                        .filterExpression("owner_job = :job")
                        .expressionAttributeValues(Map.of(":job", AttributeValue.fromS(id))))
                .items()
                .forEach(item -> owned.add(DroppedJob.text(item, "item")));
        return owned;
    }

    private void call(String event) {
        stack.lambda()
                .invoke(r ->
                        r.functionName(stack.deployment().deleterFunction()).payload(SdkBytes.fromUtf8String(event)));
    }

    private Said delete(String... arguments) throws Exception {
        Process process = command(arguments).start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("delete does not end: " + Files.readString(folder.resolve("err.log")));
        }
        return new Said(
                process.exitValue(),
                Files.readString(folder.resolve("out.log")),
                Files.readString(folder.resolve("err.log")));
    }

    /// The command as a user of a deployed stack runs it.
    private ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-jar",
                Path.of("../cli/target/cli.jar").toAbsolutePath().normalize().toString(),
                "delete",
                "--stack",
                "Pairbatch"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out.log").toFile())
                .redirectError(folder.resolve("err.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "AWS_ENDPOINT_URL",
                        String.valueOf(stack.deployment().endpoint()),
                        "AWS_REGION",
                        stack.deployment().region(),
                        "AWS_ACCESS_KEY_ID",
                        "test",
                        "AWS_SECRET_ACCESS_KEY",
                        "test"));
        return builder;
    }
}
