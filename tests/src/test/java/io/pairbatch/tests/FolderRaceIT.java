package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;

/// What people do to an inbox folder: all files at once, a correction, an overwritten table.
class FolderRaceIT {

    private static final String TEMPLATE =
            "{TRAIT_NAME}: {TRAIT_DESCRIPTION}\nSAMPLE_1 {SAMPLE_1}\nSAMPLE_2 {SAMPLE_2}";

    private final TestStack stack = TestStack.shared();

    @Test
    void aFolderThatIsCopiedAsAWholeBecomesOneJob() {
        String name = TestStack.name("recursive");
        Map<String, String> files = Map.of(
                "pairs.csv",
                Tables.csv(10),
                "job.json",
                Tables.job(5, "\"prompt_template\": \"mine.txt\""),
                "mine.txt",
                TEMPLATE,
                ".DS_Store",
                "x",
                "notes/readme.md",
                "not in the job's folder itself");
        // Like `aws s3 cp --recursive`: concurrently, in any order.
        CompletableFuture.allOf(files.entrySet().stream()
                        .map(file -> CompletableFuture.runAsync(() -> put(name, file.getKey(), file.getValue())))
                        .toArray(CompletableFuture[]::new))
                .join();
        List<Map<String, AttributeValue>> jobs = await(name, 1, "DONE");
        String id = text(jobs.getFirst(), "job_id");
        assertThat(stack.provider().batchesOf(id)).hasSize(2);
        assertThat(DroppedJob.named(name).counts()).containsExactly(10, 0, 0);
    }

    @Test
    @Tag("long")
    void aCorrectedSpecificationStartsTheJobWithoutTheTableBeingDroppedAgain() {
        String name = TestStack.name("corrected");
        put(name, "job.json", Tables.job(5, "\"modle\": \"gpt-4.1\""));
        put(name, "pairs.csv", Tables.csv(10));
        List<Map<String, AttributeValue>> rejected = await(name, 1, "REJECTED");
        assertThat(text(rejected.getFirst(), "error_message"))
                .contains("job.json, field `modle`")
                .contains("perhaps `model`");

        put(name, "job.json", Tables.job(5));
        List<Map<String, AttributeValue>> jobs = await(name, 2, "DONE");
        assertThat(jobs).extracting(job -> text(job, "state")).containsExactly("REJECTED", "DONE");
        assertThat(stack.provider().batchesOf(text(jobs.getLast(), "job_id"))).hasSize(2);
    }

    @Test
    @Tag("long")
    void aTableThatIsOverwrittenWhileItsJobRunsIsAnotherJobAndTheFirstKeepsItsOwnRows() {
        String name = TestStack.name("overwritten");
        put(name, "job.json", Tables.job(5));
        put(name, "pairs.csv", Tables.csv(20));
        DroppedJob.await(
                TestStack.PATIENCE, "a job of " + name, () -> jobs(name).size() == 1);
        put(name, "pairs.csv", Tables.csv(10));

        List<Map<String, AttributeValue>> jobs = await(name, 2, "DONE");
        assertThat(jobs).extracting(job -> text(job, "state")).containsOnly("DONE");
        assertThat(jobs).extracting(job -> text(job, "observed")).containsExactly("20", "10");
        assertThat(jobs)
                .extracting(
                        job -> stack.provider().batchesOf(text(job, "job_id")).size())
                .containsExactly(4, 2);
    }

    /// Waits until the folder has this many jobs and the last of them is in the state; oldest first.
    private List<Map<String, AttributeValue>> await(String name, int count, String state) {
        List<Map<String, AttributeValue>> jobs = new ArrayList<>();
        DroppedJob.await(TestStack.PATIENCE, count + " jobs of " + name + ", the last " + state, () -> {
            jobs.clear();
            jobs.addAll(jobs(name));
            return jobs.size() == count
                    && jobs.stream()
                            .allMatch(job -> text(job, "state").equals(state) || !state.equals("DONE") || atRest(job))
                    && text(jobs.getLast(), "state").equals(state);
        });
        return jobs;
    }

    private static boolean atRest(Map<String, AttributeValue> job) {
        return List.of("DONE", "REJECTED", "FAILED").contains(text(job, "state"));
    }

    private List<Map<String, AttributeValue>> jobs(String name) {
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        try (DynamoDbClient dynamo = stack.dynamo().build()) {
            dynamo.queryPaginator(r -> r.tableName(stack.deployment().table())
                            .indexName("jobs-by-time")
                            .keyConditionExpression("kind = :job")
                            .filterExpression("#name = :name AND #state <> :waiting")
                            .expressionAttributeNames(Map.of("#name", "name", "#state", "state"))
                            .expressionAttributeValues(Map.of(
                                    ":job", AttributeValue.fromS("JOB"),
                                    ":name", AttributeValue.fromS(name),
                                    ":waiting", AttributeValue.fromS("WAITING_FOR_SPEC"))))
                    .items()
                    .forEach(found::add);
        }
        found.sort(Comparator.comparing(job -> text(job, "created_at")));
        return found;
    }

    private static String text(Map<String, AttributeValue> job, String attribute) {
        return DroppedJob.text(job, attribute);
    }

    private void put(String name, String file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (S3Client s3 = stack.s3()) {
            s3.putObject(
                    r -> r.bucket(stack.deployment().bucket()).key("inbox/" + name + "/" + file),
                    RequestBody.fromBytes(file.equals("job.json") ? DroppedJob.withRun(name, bytes) : bytes));
        }
    }
}
