package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.pairbatch.claim.Identities;
import io.pairbatch.claim.Judgement;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A job as a user sees it: files dropped into the inbox, a line in the registry, results in the bucket.
final class DroppedJob {

    private static final Set<String> AT_REST =
            Set.of("DONE", "FAILED", "REJECTED", "WAITING_FOR_KEY", "WAITING_FOR_DECISION", "CANCELLED", "DUPLICATE");
    /// Each check costs the emulator time that the job needs.
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final JsonMapper JSON = new JsonMapper();

    private final TestStack stack;
    private final S3Client s3;
    private final DynamoDbClient dynamo;
    private final String name;

    private DroppedJob(TestStack stack, String name) {
        this.stack = stack;
        this.s3 = stack.s3();
        this.dynamo = stack.dynamo().build();
        this.name = name;
    }

    static DroppedJob named(String name) {
        return on(TestStack.shared(), name);
    }

    /// The job with this folder name on another stack than the shared one.
    static DroppedJob on(TestStack stack, String name) {
        return new DroppedJob(stack, name);
    }

    /// Drops job.json, then the table.
    static DroppedJob drop(String prefix, String fileName, byte[] table, String jobJson) {
        DroppedJob job = named(TestStack.name(prefix));
        job.put("job.json", jobJson.getBytes(StandardCharsets.UTF_8));
        job.put(fileName, table);
        return job;
    }

    static DroppedJob drop(String prefix, String table, String jobJson) {
        return drop(prefix, "pairs.csv", table.getBytes(StandardCharsets.UTF_8), jobJson);
    }

    /// Puts a file into the job's folder. Tests drop the same pairs again and again, which one job would judge, so a
    /// job.json without a `run` gets the job's own.
    void put(String file, byte[] bytes) {
        byte[] body = file.equals("job.json") ? withRun(name, bytes) : bytes;
        s3.putObject(r -> r.bucket(stack.deployment().bucket()).key(key(file)), RequestBody.fromBytes(body));
    }

    /// The job file with a `run` that no other folder has.
    static byte[] withRun(String name, byte[] jobJson) {
        int run = 1 + Math.floorMod(name.hashCode(), Integer.MAX_VALUE - 1);
        try {
            return JSON.readTree(jobJson) instanceof ObjectNode spec && !spec.has("run")
                    ? JSON.writeValueAsBytes(spec.put("run", run))
                    : jobJson;
        } catch (JacksonException e) {
            return jobJson;
        }
    }

    void put(String file, String text) {
        put(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Puts a file with the job's name directly into the inbox, with its specification in the object's metadata.
    void putAlone(String extension, String text, Map<String, String> metadata) {
        s3.putObject(
                r -> r.bucket(stack.deployment().bucket())
                        .key("inbox/" + name + extension)
                        .metadata(metadata),
                RequestBody.fromString(text));
    }

    /// Decides which token the job will have once this job.json lies beside the table `pairs.csv`, which is there
    /// already.
    String tokenWith(String jobJson) throws IOException {
        String bucket = stack.deployment().bucket();
        HeadObjectResponse table = s3.headObject(r -> r.bucket(bucket).key(key("pairs.csv")));
        ResolvedJob.Source source =
                new ResolvedJob.Source(bucket, key("pairs.csv"), null, table.eTag(), table.contentLength());
        SpecLayer layer = SpecLayer.parse(
                "job.json", new ByteArrayInputStream(withRun(name, jobJson.getBytes(StandardCharsets.UTF_8))));
        JobSpec spec = StandardRules.reader().read(List.of(layer), file -> Optional.empty());
        String id = JobId.drawn(name, new SecureRandom());
        s3.putObject(
                r -> r.bucket(bucket)
                        .key(Identities.key(Judgement.of(spec, true).drop(source))),
                RequestBody.fromString(JSON.createObjectNode().put("job_id", id).toString()));
        return JobId.token(id);
    }

    /// The key of a file in the job's inbox folder.
    String key(String file) {
        return "inbox/" + name + "/" + file;
    }

    String folder() {
        return name;
    }

    /// The items of the jobs of its judges, by the judge's name.
    Map<String, Map<String, AttributeValue>> judges() {
        Map<String, Map<String, AttributeValue>> judges = new TreeMap<>();
        String id = id();
        dynamo.queryPaginator(r -> r.tableName(stack.deployment().table())
                        .indexName("jobs-by-time")
                        .keyConditionExpression("kind = :job")
                        .filterExpression("panel = :panel")
                        .expressionAttributeValues(
                                Map.of(":job", AttributeValue.fromS("JOB"), ":panel", AttributeValue.fromS(id))))
                .items()
                .forEach(item -> judges.put(text(item, "judge"), item));
        return judges;
    }

    /// The job's items in the registry with this folder's name; more than one job is a failure.
    Optional<Map<String, AttributeValue>> find() {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        dynamo.queryPaginator(r -> r.tableName(stack.deployment().table())
                        .indexName("jobs-by-time")
                        .keyConditionExpression("kind = :job")
                        .filterExpression("#name = :name AND attribute_not_exists(panel)")
                        .expressionAttributeNames(Map.of("#name", "name"))
                        .expressionAttributeValues(
                                Map.of(":job", AttributeValue.fromS("JOB"), ":name", AttributeValue.fromS(name))))
                .items()
                .forEach(found::add);
        assertThat(found).as("jobs of folder " + name).hasSizeLessThanOrEqualTo(1);
        return found.stream().findFirst();
    }

    /// Waits until the job has ended.
    ///
    /// @return its state
    String await(Duration patience) {
        Instant end = Instant.now().plus(patience);
        while (true) {
            String state = state();
            if (AT_REST.contains(state)) {
                return state;
            }
            assertThat(Instant.now()).as(name + " is still " + state).isBefore(end);
            pause(BETWEEN_LOOKS);
        }
    }

    boolean isUnderWay() {
        return !isAtRest(state());
    }

    static boolean isAtRest(String state) {
        return AT_REST.contains(state);
    }

    String awaitState(String wanted, Duration patience) {
        Instant end = Instant.now().plus(patience);
        while (true) {
            String state = state();
            if (state.equals(wanted)) {
                return state;
            }
            assertThat(Instant.now())
                    .as(name + " is " + state + ", not " + wanted)
                    .isBefore(end);
            pause(BETWEEN_LOOKS);
        }
    }

    void awaitText(String attribute, String wanted, Duration patience) {
        Instant end = Instant.now().plus(patience);
        while (!text(attribute).equals(wanted)) {
            assertThat(Instant.now())
                    .as(name + ": " + attribute + " is " + text(attribute) + ", not " + wanted)
                    .isBefore(end);
            pause(BETWEEN_LOOKS);
        }
    }

    static void await(Duration patience, String what, BooleanSupplier holds) {
        Instant end = Instant.now().plus(patience);
        while (!holds.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for " + what).isBefore(end);
            pause(BETWEEN_LOOKS);
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String state() {
        return find().map(item -> text(item, "state")).orElse("NONE");
    }

    /// An attribute of an item, a string or a number; empty if it is absent.
    static String text(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        return value == null ? "" : Objects.requireNonNullElseGet(value.s(), value::n);
    }

    String id() {
        return text("job_id");
    }

    /// An attribute of the JOB item.
    String text(String attribute) {
        return text(find().orElseThrow(), attribute);
    }

    List<Map<String, AttributeValue>> segments() {
        List<Map<String, AttributeValue>> segments = new ArrayList<>();
        String id = id();
        dynamo.queryPaginator(r -> r.tableName(stack.deployment().table())
                        .consistentRead(true)
                        .keyConditionExpression("job_id = :job AND begins_with(#item, :prefix)")
                        .expressionAttributeNames(Map.of("#item", "item"))
                        .expressionAttributeValues(
                                Map.of(":job", AttributeValue.fromS(id), ":prefix", AttributeValue.fromS("SEGMENT#"))))
                .items()
                .forEach(item -> {
                    if (!item.containsKey("token")) {
                        segments.add(item);
                    }
                });
        return segments;
    }

    /// Batch IDs in the registry, in segment order.
    List<String> batchIds() {
        return segments().stream()
                .map(s -> text(s, "batch_id"))
                .filter(id -> !id.isEmpty())
                .toList();
    }

    boolean has(String file) {
        try {
            s3.headObject(r -> r.bucket(stack.deployment().bucket()).key("jobs/" + id() + "/" + file));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /// A result file that is small enough for a test.
    String file(String file) {
        try (InputStream in =
                s3.getObject(r -> r.bucket(stack.deployment().bucket()).key("jobs/" + id() + "/" + file))) {
            return new String(in.readNBytes(50_000_000), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode json(String file) {
        return JSON.readTree(file(file));
    }

    /// The records of a CSV result file, without its header.
    List<CsvRecord> records(String file) {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file(file))) {
            return reader.stream().skip(1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first ID of every pair that was judged or failed, as often as it occurs in the files.
    List<String> judged() {
        List<String> judged = new ArrayList<>();
        records("combined_results.csv").forEach(r -> judged.add(r.getField(2)));
        records("failed_pairs.csv").forEach(r -> judged.add(r.getField(0)));
        return judged;
    }

    /// Counts from the files: observed, failed, rejected.
    List<Integer> counts() {
        return List.of(
                records("combined_results.csv").size(),
                records("failed_pairs.csv").size(),
                records("rejected_rows.csv").size());
    }
}
