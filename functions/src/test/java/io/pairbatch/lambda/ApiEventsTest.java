package io.pairbatch.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.api.ApiRequest;
import io.pairbatch.job.RetryableException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ApiEventsTest {

    /// As AWS documents payload format 2.0, shortened.
    private static final String EVENT = """
            {"version": "2.0", "routeKey": "POST /jobs", "rawPath": "/jobs", "rawQueryString": "limit=2&next=a",
             "headers": {"Content-Type": "application/json", "host": "id.execute-api.us-east-1.amazonaws.com"},
             "queryStringParameters": {"limit": "2", "next": "a"},
             "requestContext": {"accountId": "123456789012", "apiId": "api-id", "requestId": "id", "routeKey": "POST /jobs",
               "authorizer": {"iam": {"accessKey": "AKIA", "userArn": "arn:aws:iam::111122223333:user/me"}},
               "http": {"method": "POST", "path": "/jobs", "sourceIp": "192.0.2.1"}},
             "body": "eyJhIjogMX0=", "isBase64Encoded": true}
            """;

    @Test
    void anEventOfApiGatewayIsARequest() {
        ApiRequest request = ApiEvents.request(StepHandler.JSON.readTree(EVENT));
        assertThat(request.caller()).isEqualTo("arn:aws:iam::111122223333:user/me");
        assertThat(request.method() + " " + request.path()).isEqualTo("POST /jobs");
        assertThat(request.query()).containsEntry("limit", "2").containsEntry("next", "a");
        assertThat(request.headers()).containsEntry("content-type", "application/json");
        assertThat(request.body()).isEqualTo("{\"a\": 1}");
    }

    @Test
    void anEventWithoutItsSignerHasNoCaller() {
        String unsigned = EVENT.replace("\"iam\"", "\"jwt\"");
        assertThat(ApiEvents.request(StepHandler.JSON.readTree(unsigned)).caller())
                .isNull();
    }

    @Test
    void theLogOfADefectHoldsNoMessage() {
        ApiEvents.Line line = new ApiEvents.Line(StepHandler.JSON.readTree(EVENT));
        line.defect(new RetryableException("a text of somebody", new IllegalStateException("another")));
        String logged = line.of(new io.pairbatch.api.ApiResponse(500, "API_INTERNAL", java.util.Map.of(), ""));
        JsonNode json = StepHandler.JSON.readTree(logged);
        assertThat(json.path("error").stringValue()).isEqualTo(RetryableException.class.getName());
        assertThat(json.path("at").stringValue()).contains("ApiEventsTest");
        assertThat(logged).doesNotContain("somebody", "another", "192.0.2.1", "limit=2");
    }
}
