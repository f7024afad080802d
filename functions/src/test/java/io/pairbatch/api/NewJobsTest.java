package io.pairbatch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.SpecCheck;
import io.pairbatch.job.JobId;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.StoredVersion;
import io.pairbatch.step.DeployedProviders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NewJobsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SPEC = "\"spec\": {\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\"}";
    private static final String TEMPLATE = "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}";

    private final MemoryBuckets s3 = new MemoryBuckets(Clock.systemUTC(), "ours");
    private final InboxFiles files = new InboxFiles(s3, "ours");
    private int drawn;
    private final NewJobs jobs = jobs(DeployedProviders.ALL);

    private NewJobs jobs(DeployedProviders providers) {
        return new NewJobs(
                new SpecCheck(
                        s3,
                        "ours",
                        new StandardRules(OpenAiService.of(OpenAiService.OPENAI)),
                        SpecLayer.empty("the stack's defaults"),
                        providers),
                files,
                new Folders(files, () -> "%08x".formatted(drawn++)),
                links());
    }

    private static Links links() {
        return new Links(
                S3Presigner.builder()
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                        .build(),
                "ours",
                Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC));
    }

    NewJobs jobs() {
        return jobs;
    }

    Results results(JobSearch search) {
        return new Results(search, s3, "ours", links());
    }

    @Test
    void aPostMakesAFolderWithItsSpecificationAndALinkForTheTable() throws IOException {
        ApiResponse answer = post("{\"name\": \"Ünï, 1\", " + SPEC + "}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(objects())
                .containsOnly(Map.entry(
                        "inbox/uni-1-00000000/job.json", "{\"model\":\"gpt-4.1\",\"trait_name\":\"overall_quality\"}"));
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("name").asString()).isEqualTo("uni-1-00000000");
        assertThat(body.at("/upload/url").asString())
                .startsWith("https://ours.s3.eu-central-1.amazonaws.com/inbox/uni-1-00000000/pairs.csv?")
                .contains("X-Amz-SignedHeaders=host%3Bif-none-match")
                .contains("X-Amz-Expires=3600");
        assertThat(body.at("/upload/expires_at").asString()).isEqualTo("2026-11-22T11:00:00Z");
        assertThat(answer.headers()).containsEntry("location", "/jobs/uni-1-00000000");
    }

    @Test
    void theJobsIdWillShowTheWholeNameOfTheFolder() throws IOException {
        String folder = name(post("{\"name\": \"" + "long name ".repeat(20) + "\", " + SPEC + "}"));
        assertThat(JobId.slug(folder)).isEqualTo(folder);
    }

    @Test
    void aNumberInTheSpecificationStaysAsItWasWritten() throws IOException {
        post("{\"spec\": {\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"temperature\": 0.10}}");
        assertThat(objects().get("inbox/job-00000000/job.json")).contains("\"temperature\":0.10");
    }

    @Test
    void aNameThatIsTakenIsNotUsedAgain() {
        put("inbox/job-00000000/job.json", "{}");
        refused("{" + SPEC + "}", "API_UNAVAILABLE");
        assertThat(objects()).containsOnly(Map.entry("inbox/job-00000000/job.json", "{}"));
    }

    @Test
    void aRepeatedRequestCompletesWhatAnEarlierOneLeftUndone() throws IOException {
        String body = "{" + SPEC + "}";
        String first = name(post(body, "idempotency-key", "k"));
        s3.deleteObject(r -> r.bucket("ours").key("inbox/" + first + "/job.json"));
        assertThat(name(post(body, "idempotency-key", "k"))).isEqualTo(first);
        assertThat(objects()).containsKey("inbox/" + first + "/job.json");
    }

    @Test
    void aKeyBelongsToItsCaller() throws IOException {
        String body = "{" + SPEC + "}";
        String first = name(post(body, "idempotency-key", "k"));
        ApiResponse other = jobs.post(request(body, "idempotency-key", "k"), "somebody else");
        assertThat(name(other)).isNotEqualTo(first);
    }

    @Test
    void aSourceIsCopiedOnceAndItsNameKept() throws IOException {
        put("tables/a.csv.gz", "bytes");
        String body = "{\"source\": \"s3://ours/tables/a.csv.gz\", " + SPEC + "}";
        ApiResponse answer = post(body, "idempotency-key", "k");
        assertThat(answer.status()).isEqualTo(202);
        String copy = "inbox/" + name(answer) + "/a.csv.gz";
        assertThat(objects()).containsEntry(copy, "bytes");
        put("tables/a.csv.gz", "other bytes");
        post(body, "idempotency-key", "k");
        assertThat(objects()).containsEntry(copy, "bytes");
    }

    @Test
    void aTemplateIsStoredBesideTheSpecification() throws IOException {
        String folder = name(post("""
                {"files": {"t.txt": "%s"},
                 "spec": {"model": "gpt-4.1", "trait_name": "overall_quality", "prompt_template": "t.txt"}}
                """.formatted(TEMPLATE)));
        assertThat(objects()).containsEntry("inbox/" + folder + "/t.txt", TEMPLATE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"name": 1, SPEC}                                        | API_FIELD_INVALID
            {"file": "../x.csv", SPEC}                               | API_FIELD_INVALID
            {"file": "job.json", SPEC}                               | API_FIELD_INVALID
            {"file": "", SPEC}                                       | API_FIELD_INVALID
            {"spec": []}                                             | API_FIELD_INVALID
            {}                                                       | API_FIELD_INVALID
            {"sorce": "s3://ours/tables/a", SPEC}                    | API_FIELD_INVALID
            {"source": "https://ours/tables/a", SPEC}                | API_FIELD_INVALID
            {"source": "s3://ours/tables/", SPEC}                    | API_FIELD_INVALID
            {"source": "s3://ours/tables/a", "file": "b", SPEC}      | API_FIELD_INVALID
            {"source": "s3://theirs/tables/a.csv", SPEC}             | API_SOURCE_NOT_ALLOWED
            {"source": "s3://ours/jobs/a/combined_results.csv", SPEC} | API_SOURCE_NOT_ALLOWED
            {"source": "s3://ours/library/traits/a.json", SPEC}      | API_SOURCE_NOT_ALLOWED
            {"source": "s3://ours/tables/none.csv", SPEC}            | API_SOURCE_NOT_FOUND
            {"files": {"other.txt": "a"}, SPEC}                      | API_FIELD_INVALID
            {"files": {"job.json": "a"}, SPEC}                       | API_FIELD_INVALID
            {"files": [], SPEC}                                      | API_FIELD_INVALID
            {"spec": {"trait_name": "overall_quality"}}              | SPEC_MISSING_FIELD
            [1]                                                      | API_NOT_JSON
            {"name": "a", "name": "b", SPEC}                         | API_NOT_JSON
            """)
    void aWrongRequestLeavesNothingBehind(String body, String code) {
        refused(body.replace("SPEC", SPEC), code);
        assertThat(objects()).isEmpty();
    }

    @Test
    void allProblemsOfTheRequestAndItsSpecificationAreReportedTogether() {
        ApiException refused =
                refused("{\"later\": 1, \"file\": \"/\", \"spec\": {\"batch_size\": 0}}", "API_FIELD_INVALID");
        assertThat(refused.problems())
                .extracting(ApiException.Detail::where)
                .contains("the request, field `later`", "the request, field `file`")
                .anyMatch(where -> where.contains("batch_size"))
                .anyMatch(where -> where.contains("`model`"));
    }

    @Test
    void aKeyInTheSpecificationIsNotShown() {
        ApiException refused = refused(
                "{\"spec\": {\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"api_key\": \"sk-1234\"}}",
                "SPEC_UNKNOWN_FIELD");
        assertThat(ApiResponse.problem(refused, "/jobs").body()).doesNotContain("sk-1234");
    }

    @Test
    void aProviderThatTheDeploymentLeavesOutIsRefusedBeforeAFolderIsMade() {
        NewJobs without = jobs(DeployedProviders.of(Set.of(Backend.ANTHROPIC)));
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> without.post(request("{" + SPEC + "}"), "arn:aws:iam::1:user/me"))
                .satisfies(e -> assertThat(e.code()).isEqualTo("PROVIDER_NOT_DEPLOYED"));
        assertThat(objects()).isEmpty();
    }

    private void put(String key, String text) {
        s3.putObject(r -> r.bucket("ours").key(key), RequestBody.fromString(text));
    }

    /// The contents by key.
    private Map<String, String> objects() {
        return s3.objects("ours", "")
                .collect(Collectors.toMap(
                        StoredVersion::key,
                        o -> new String(s3.bytes("ours", o.key()).orElseThrow(), StandardCharsets.UTF_8)));
    }

    private ApiException refused(String body, String code) {
        ApiException[] thrown = new ApiException[1];
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> post(body))
                .satisfies(e -> thrown[0] = e)
                .extracting(ApiException::code)
                .isEqualTo(code);
        return thrown[0];
    }

    private ApiResponse post(String body, String... headers) throws IOException {
        return jobs.post(request(body, headers), "arn:aws:iam::1:user/me");
    }

    private static ApiRequest request(String body, String... headers) {
        Map<String, String> all = new TreeMap<>(Map.of("content-type", "application/json; charset=utf-8"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new ApiRequest("me", "POST", "/jobs", Map.of(), all, body);
    }

    private static String name(ApiResponse answer) {
        return JSON.readTree(answer.body()).path("name").asString();
    }
}
