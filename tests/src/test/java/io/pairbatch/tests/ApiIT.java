package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.tests.ApiClient.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import tools.jackson.databind.JsonNode;

/// Jobs over HTTP, with signed requests by a user who may do nothing else.
class ApiIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final String NAME = "[a-z0-9-]+-[0-9a-f]{8}";

    private static final AwsCredentialsIdentity ANYTHING = ApiUsers.allowed("*");

    private final TestStack stack = TestStack.shared();
    private final ApiClient api = new ApiClient(ANYTHING);

    @Test
    void aPostedJobIsUploadedFollowedAndDownloaded() {
        Answer posted = api.post("/jobs", order("Essays, 2nd", Tables.job(10), ""));
        assertThat(posted.status()).as(posted.body()).isEqualTo(201);
        String name = posted.text("name");
        assertThat(name).matches("essays-2nd-[0-9a-f]{8}");
        assertThat(posted.text("state")).isEqualTo("WAITING_FOR_SPEC");
        assertThat(posted.headers()).containsEntry("location", List.of("/jobs/" + name));
        assertThat(api.get("/jobs/" + name).text("state")).isEqualTo("WAITING_FOR_SPEC");

        Answer put = ApiClient.upload(url(posted), once(posted), Tables.csv(20));
        assertThat(put.status()).as(put.body()).isEqualTo(200);
        assertThat(ApiClient.upload(url(posted), once(posted), "ID1,text1,ID2,text2\n")
                        .status())
                .as("the URL is good for one upload")
                .isEqualTo(412);

        JsonNode job = awaitState(name, "DONE");
        String id = job.path("id").stringValue();
        assertThat(id).startsWith(name + "-");
        assertThat(job.at("/rows/read").asInt()).isEqualTo(20);
        assertThat(job.at("/pairs/observed").asInt() + job.at("/pairs/failed").asInt())
                .isEqualTo(20);
        assertThat(job.at("/segments/COLLECTED").asInt()).isEqualTo(2);
        assertThat(job.path("backend").stringValue()).isEqualTo("openai");
        assertThat(new java.math.BigDecimal(job.path("cost_usd").stringValue())).isPositive();
        assertThat(job.toString()).doesNotContain("The first text of pair");

        assertResults(
                api.get("/jobs/" + id + "/results"), job.at("/pairs/observed").asInt());
        assertThat(api.get("/jobs/" + name + "/results").text("id")).isEqualTo(id);
    }

    @Test
    void whatIsDoneAboutAJobIsDoneByTheStackAndRefusedInItsWords() {
        Answer posted = api.post("/jobs", order("upkeep", Tables.job(10), ""));
        ApiClient.upload(url(posted), once(posted), Tables.csv(10));
        JsonNode done = awaitState(posted.text("name"), "DONE");
        String job = "/jobs/" + done.path("id").stringValue();
        assertProblem(api.post(job + "/continue", "{}"), 409, "JOB_NOTHING_TO_DO");
        assertProblem(api.post(job + "/cancel", ""), 409, "JOB_WRONG_STATE");
        assertProblem(api.post(job + "/segments/9/give-up", "{\"batch_id\": \"b\"}"), 404, "SEGMENT_UNKNOWN");
        assertProblem(api.get(job + "/segments/1/resolve"), 409, "SEGMENT_WRONG_STATE");

        Answer known = api.get(job + "/segments/1/collect-again");
        assertThat(known.status()).as(known.body()).isEqualTo(200);
        Answer asked =
                api.post(job + "/segments/1/collect-again", "{\"batch_id\": \"" + known.text("batch_id") + "\"}");
        assertThat(asked.status()).as(asked.body()).isEqualTo(202);
        assertThat(asked.headers()).containsEntry("location", List.of(job));
        Instant end = Instant.now().plus(PATIENCE);
        JsonNode again = done;
        while (!again.path("state").stringValue().equals("DONE")
                || again.path("finished_at").equals(done.path("finished_at"))) {
            assertThat(Instant.now()).as(again.toString()).isBefore(end);
            DroppedJob.pause(Duration.ofMillis(500));
            again = api.get(job).json();
        }
        assertThat(again.path("pairs")).isEqualTo(done.path("pairs"));
    }

    private static void assertResults(Answer results, int observed) {
        assertThat(results.status()).as(results.body()).isEqualTo(200);
        JsonNode files = results.json().path("files");
        assertThat(files.findValuesAsString("name"))
                .contains("combined_results.csv", "failed_pairs.csv", "batch_failures.csv", "summary.json")
                .noneMatch(name -> name.matches("batch_\\d.*") || name.contains("/"));
        JsonNode combined = StreamSupport.stream(files.spliterator(), false)
                .filter(file -> file.path("name").stringValue().equals("combined_results.csv"))
                .findFirst()
                .orElseThrow();
        Answer csv = ApiClient.download(combined.path("url").stringValue());
        assertThat(csv.status()).isEqualTo(200);
        assertThat(csv.body().lines().count()).isEqualTo(observed + 1);
        assertThat(csv.body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hasSize(combined.path("bytes").asInt());
    }

    @Test
    void aTableInTheBucketIsStartedAtOnce() {
        String source = "tables/" + TestStack.name("staged") + ".csv";
        stack.s3()
                .putObject(
                        r -> r.bucket(stack.deployment().bucket()).key(source), RequestBody.fromString(Tables.csv(3)));
        Answer posted = api.post("/jobs", fromSource(stack.deployment().bucket(), source));
        assertThat(posted.status()).as(posted.body()).isEqualTo(202);
        JsonNode job = awaitState(posted.text("name"), "DONE");
        assertThat(job.at("/rows/read").asInt()).isEqualTo(3);
    }

    @Test
    void whatAJobWouldCostIsToldBeforeThereIsOne() {
        String source = "tables/" + TestStack.name("estimated") + ".csv";
        String bucket = stack.deployment().bucket();
        stack.s3().putObject(r -> r.bucket(bucket).key(source), RequestBody.fromString(Tables.csv(25)));
        Answer told = api.post("/estimate", fromSource(bucket, source));
        assertThat(told.status()).as(told.body()).isEqualTo(200);
        assertThat(told.json().at("/total/requests").asInt()).isEqualTo(25);
        assertThat(told.json().at("/total/segments").asInt()).isEqualTo(3);
        assertThat(new java.math.BigDecimal(
                        told.json().at("/total/usd/batch/input").stringValue()))
                .isPositive();
        assertProblem(api.post("/estimate", fromSource(bucket, "tables/none.csv")), 400, "API_SOURCE_NOT_FOUND");
    }

    @Test
    void onlyTheDeploymentsOwnTablesCanBeASource() {
        String bucket = stack.deployment().bucket();
        assertProblem(api.post("/jobs", fromSource("somebody-elses", "tables/a.csv")), 403, "API_SOURCE_NOT_ALLOWED");
        assertProblem(
                api.post("/jobs", fromSource(bucket, "jobs/other/combined_results.csv")),
                403,
                "API_SOURCE_NOT_ALLOWED");
        assertProblem(api.post("/jobs", fromSource(bucket, "tables/none.csv")), 400, "API_SOURCE_NOT_FOUND");
    }

    @Test
    void nothingIsAnsweredWithoutASignature() {
        ApiClient nobody = new ApiClient(null);
        assertThat(nobody.get("/jobs").status()).isEqualTo(403);
        assertThat(nobody.get("/elsewhere").status()).isEqualTo(403);
        assertThat(nobody.post("/jobs", order("a", Tables.job(10), "")).status())
                .isEqualTo(403);

        ApiClient forger = new ApiClient(AwsBasicCredentials.create(ANYTHING.accessKeyId(), "not-the-key"));
        assertThat(forger.get("/jobs").status()).isEqualTo(403);
    }

    @Test
    void aUserWithReadOnlyPermissionCannotPost() {
        ApiClient reader = new ApiClient(ApiUsers.allowed("$default/GET/*"));
        assertThat(reader.get("/jobs").status()).isEqualTo(200);
        assertThat(reader.post("/jobs", order("a", Tables.job(10), "")).status())
                .isEqualTo(403);
    }

    @Test
    void allProblemsAreReportedTogether() {
        Answer answer = api.post("/jobs", """
                {"name": "wrong", "file": "../pairs.csv", "later": 1,
                 "spec": {"modle": "gpt-4.1", "trait_name": "overall_quality", "batch_size": 0}}
                """);
        assertProblem(answer, 400, "API_FIELD_INVALID");
        assertThat(answer.json().path("problems").findValuesAsString("code"))
                .contains("API_FIELD_INVALID", "SPEC_UNKNOWN_FIELD", "SPEC_MISSING_FIELD", "SPEC_INVALID_VALUE");
        assertThat(answer.json().path("problems").findValuesAsString("expected"))
                .contains("perhaps `model`");
        assertProblem(api.post("/jobs", "{\"name\": "), 400, "API_NOT_JSON");
        assertProblem(
                api.call("POST", "/jobs", Map.of("content-type", "text/csv"), Tables.csv(1)), 415, "API_MEDIA_TYPE");
        assertProblem(api.post("/jobs", "{\"name\": \"" + "x".repeat(1 << 20) + "\"}"), 413, "API_BODY_TOO_LARGE");
    }

    @Test
    void whatDoesNotExistIsReportedAsSuch() {
        assertProblem(api.get("/jobs/no-such-job-00000000"), 404, "API_JOB_NOT_FOUND");
        assertProblem(api.get("/jobs/no-such-job-00000000/results"), 404, "API_JOB_NOT_FOUND");
        assertProblem(api.get("/batches"), 404, "API_NO_SUCH_PATH");
        Answer deleted = api.call("DELETE", "/jobs", Map.of(), "");
        assertProblem(deleted, 405, "API_METHOD_NOT_ALLOWED");
        assertThat(deleted.headers()).containsEntry("allow", List.of("GET, POST"));
    }

    @Test
    void resultsBeforeTheEndNameTheState() {
        Answer posted = api.post("/jobs", order("early", Tables.job(10), ""));
        Answer early = api.get("/jobs/" + posted.text("name") + "/results");
        assertProblem(early, 409, "API_JOB_NOT_DONE");
        assertThat(early.text("detail")).contains("WAITING_FOR_SPEC");
    }

    @Test
    void aRepeatedRequestHasTheSameFolderAndAChangedOneIsRefused() {
        String key = TestStack.name("key");
        String order = order("again", Tables.job(10), "");
        Answer first = api.post("/jobs", order, "idempotency-key", key);
        Answer second = api.post("/jobs", order, "idempotency-key", key);
        assertThat(second.status()).as(second.body()).isEqualTo(201);
        assertThat(second.text("name")).isEqualTo(first.text("name")).matches(NAME);
        assertThat(ApiClient.upload(url(second), once(second), Tables.csv(1)).status())
                .isEqualTo(200);
        assertProblem(
                api.post("/jobs", order("other", Tables.job(10), ""), "idempotency-key", key), 409, "API_KEY_REUSED");
        assertThat(api.post("/jobs", order).text("name")).isNotEqualTo(first.text("name"));
    }

    @Test
    void aTemplateComesWithTheRequest() {
        String spec = Tables.job(10, "\"prompt_template\": \"mine.txt\"");
        String text = "Mine: {TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}";
        Answer posted = api.post("/jobs", order("template", spec, ", \"files\": {\"mine.txt\": \"" + text + "\"}"));
        assertThat(posted.status()).as(posted.body()).isEqualTo(201);
        ApiClient.upload(url(posted), once(posted), Tables.csv(1));
        String id = awaitState(posted.text("name"), "DONE").path("id").stringValue();
        assertThat(stack.s3()
                        .getObjectAsBytes(
                                r -> r.bucket(stack.deployment().bucket()).key("jobs/" + id + "/job.json"))
                        .asUtf8String())
                .contains("Mine: ");
        assertProblem(api.post("/jobs", order("template", spec, "")), 400, "SPEC_FILE_NOT_FOUND");
    }

    @Test
    void pagesHoldEveryJobOnceNewestFirst() {
        for (int i = 0; i < 3; i++) {
            DroppedJob.drop("page", Tables.csv(1), Tables.job(10)).await(PATIENCE);
        }
        List<Instant> times = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String path = "/jobs?limit=2";
        for (int pages = 0; !path.isEmpty() && pages < 50; pages++) {
            Answer page = api.get(path);
            assertThat(page.status()).as(page.body()).isEqualTo(200);
            assertThat(page.json().path("jobs").size()).isLessThanOrEqualTo(2);
            page.json().path("jobs").forEach(job -> {
                times.add(Instant.parse(job.path("created_at").stringValue()));
                assertThat(names.add(job.path("name").stringValue() + job.path("id")))
                        .isTrue();
            });
            String next = page.text("next");
            path = next.isEmpty() ? "" : "/jobs?limit=2&next=" + next;
        }
        assertThat(names).hasSizeGreaterThanOrEqualTo(3);
        assertThat(times).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertProblem(api.get("/jobs?limit=0"), 400, "API_PARAMETER_INVALID");
        assertProblem(api.get("/jobs?next=abc"), 400, "API_PARAMETER_INVALID");
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("type")).isEqualTo("/errors#" + code);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.text("title")).isNotEmpty();
        assertThat(answer.text("detail")).isNotEmpty();
        assertThat(answer.text("remedy")).isNotEmpty();
        assertThat(answer.text("instance")).startsWith("/");
    }

    private JsonNode awaitState(String name, String state) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            Answer answer = api.get("/jobs/" + name);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            if (answer.text("state").equals(state)) {
                return answer.json();
            }
            assertThat(Instant.now()).as(answer.body()).isBefore(end);
            DroppedJob.pause(Duration.ofMillis(500));
        }
    }

    private static String order(String name, String spec, String more) {
        return "{\"name\": \"" + name + "\", \"spec\": " + spec + ", \"file\": \"pairs.csv\"" + more + "}";
    }

    private static String fromSource(String bucket, String key) {
        return "{\"name\": \"staged\", \"spec\": " + Tables.job(10) + ", \"source\": \"s3://" + bucket + "/" + key
                + "\"}";
    }

    private static String url(Answer posted) {
        return posted.json().at("/upload/url").stringValue();
    }

    private static Map<String, String> once(Answer posted) {
        return Map.of(
                "If-None-Match",
                posted.json().at("/upload/headers/If-None-Match").stringValue());
    }
}
