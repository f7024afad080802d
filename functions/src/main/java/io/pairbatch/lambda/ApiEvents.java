package io.pairbatch.lambda;

import io.pairbatch.api.ApiRequest;
import io.pairbatch.api.ApiResponse;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests and responses in the format of API Gateway
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
final class ApiEvents {

    private static boolean warm;

    private ApiEvents() {}

    static ApiRequest request(JsonNode event) {
        JsonNode context = event.path("requestContext");
        String text = event.path("body").asString("");
        String body = event.path("isBase64Encoded").asBoolean(false)
                ? new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)
                : text;
        JsonNode caller = context.path("authorizer").path("iam").path("userArn");
        return new ApiRequest(
                caller.isString() ? caller.stringValue() : null,
                context.path("http").path("method").asString(""),
                event.path("rawPath").asString("/"),
                texts(event.path("queryStringParameters")),
                texts(event.path("headers")),
                body);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(entry -> texts.put(
                        entry.getKey().toLowerCase(Locale.ROOT),
                        entry.getValue().asString("")));
        return texts;
    }

    static ObjectNode answer(ApiResponse response) {
        ObjectNode answer = StepHandler.JSON.createObjectNode().put("statusCode", response.status());
        ObjectNode headers = answer.putObject("headers");
        response.headers().forEach(headers::put);
        return answer.put("body", response.body()).put("isBase64Encoded", false);
    }

    /// One log line: the kind of request and its outcome; no path, no body, no address.
    static final class Line {

        private final ObjectNode line = StepHandler.JSON.createObjectNode();

        Line(JsonNode event) {
            JsonNode context = event.path("requestContext");
            line.put("step", "api")
                    .put("request_id", context.path("requestId").asString(""))
                    .put("route", context.path("routeKey").asString(""));
        }

        void defect(Exception e) {
            ErrorLine.put(line, e);
        }

        String of(ApiResponse response) {
            line.put("status", response.status()).put("code", response.code());
            if (!warm) {
                warm = true;
                line.put("cold_start_ms", ManagementFactory.getRuntimeMXBean().getUptime());
            }
            return line + "\n";
        }
    }
}
