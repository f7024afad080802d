package io.pairbatch.api;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One response.
///
/// @param code the stable code of the problem; empty if there is none
/// @param body one JSON object
public record ApiResponse(int status, String code, Map<String, String> headers, String body) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static ApiResponse ok(int status, ObjectNode body) {
        return of(status, "", "application/json", body);
    }

    /// Problem details (RFC 9457) with our code and all single problems.
    static ApiResponse problem(ApiException e, String path) {
        ObjectNode body = JSON.createObjectNode();
        body.put("type", "/errors#" + e.code())
                .put("title", e.title())
                .put("status", e.status())
                .put("detail", e.getMessage())
                .put("instance", path)
                .put("code", e.code())
                .put("remedy", e.remedy());
        ArrayNode problems = body.putArray("problems");
        e.problems()
                .forEach(problem -> problems.addObject()
                        .put("code", problem.code())
                        .put("where", problem.where())
                        .put("found", problem.found())
                        .put("expected", problem.expected())
                        .put("remedy", problem.remedy()));
        return of(e.status(), e.code(), "application/problem+json", body);
    }

    private static ApiResponse of(int status, String code, String type, ObjectNode body) {
        // Information about jobs, and links that open files, must not be cached.
        return new ApiResponse(
                status,
                code,
                Map.of("content-type", type, "cache-control", "no-store"),
                JSON.writeValueAsString(body) + "\n");
    }

    ApiResponse with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new ApiResponse(status, code, more, body);
    }
}
