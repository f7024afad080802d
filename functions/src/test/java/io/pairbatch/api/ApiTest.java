package io.pairbatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.registry.JobIndex;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests that are refused or fail.
class ApiTest {

    private final List<Exception> defects = new ArrayList<>();

    @Test
    void anUnsignedRequestIsRefused() {
        ApiResponse answer = api(MemoryTable.registry("t")).answer(request(null, "GET", "/jobs"), defects::add);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("API_NOT_SIGNED");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404",
        "GET, /jobs/, 404",
        "GET, /jobs/a/b, 404",
        "GET, /jobs/a/results/b, 404",
        "GET, //jobs, 404",
        "GET, /elsewhere, 404",
        "PUT, /jobs, 405",
        "GET, /estimate, 405",
        "POST, /estimate/a, 404",
        "POST, /jobs/a, 405",
        "DELETE, /jobs/a/results, 405",
        "GET, /jobs/a/cancel, 405",
        "DELETE, /jobs/a/segments/1/resolve, 405",
        "GET, /jobs/a/segments/1, 404",
        "GET, /jobs/a/segments/1/cancel, 404",
        "GET, /jobs/a/parts/1/resolve, 404",
        "GET, /jobs/NOT-A-NAME, 404"
    })
    void anUnknownPathOrMethodIsExplained(String method, String path, int status) {
        ApiResponse answer = api(MemoryTable.registry("t")).answer(request("me", method, path), defects::add);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(answer.headers().containsKey("allow")).isEqualTo(status == 405);
        JsonNode body = new JsonMapper().readTree(answer.body());
        assertThat(body.path("type").stringValue()).isEqualTo("/errors#" + answer.code());
        assertThat(body.path("instance").stringValue()).isEqualTo(path);
        assertThat(defects).isEmpty();
    }

    @Test
    void aDefectIsLoggedAndNotRevealed() {
        ApiResponse answer = failing(new IllegalStateException("internal words"));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("API_INTERNAL").doesNotContain("internal words", "IllegalState");
        assertThat(defects).hasSize(1);
    }

    @Test
    void anOutageAsksToRetry() {
        ApiResponse answer = failing(SdkClientException.create("internal words"));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
        assertThat(answer.body()).contains("API_UNAVAILABLE").doesNotContain("internal words");
    }

    private ApiResponse failing(RuntimeException failure) {
        DynamoDbClient broken = new DynamoDbClient() {
            @Override
            public String serviceName() {
                return "dynamodb";
            }

            @Override
            public void close() {}

            @Override
            public GetItemResponse getItem(GetItemRequest request) {
                throw failure;
            }
        };
        return api(broken).answer(request("me", "GET", "/jobs/a-00000000"), defects::add);
    }

    private static Api api(DynamoDbClient dynamo) {
        MemoryBuckets s3 = new MemoryBuckets(Clock.systemUTC(), "ours");
        JobIndex index = new JobIndex(dynamo, "table");
        JobSearch search = new JobSearch(index, new InboxFiles(s3, "ours"));
        return new Api(
                new NewJobsTest().jobs(),
                new JobViews(index, search, Clock.systemUTC()),
                new NewJobsTest().results(search),
                new JobActions(search, new Requests(new InboxFiles(s3, "ours")), event -> {
                    throw new AssertionError("nobody is asked");
                }),
                EstimatesTest.estimates(s3, Clock.systemUTC()));
    }

    private static ApiRequest request(@Nullable String caller, String method, String path) {
        return new ApiRequest(caller, method, path, Map.of(), Map.of(), "");
    }
}
