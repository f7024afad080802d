package io.pairbatch.simulator.anthropic;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.http.ApiError;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.HttpApi;
import io.pairbatch.simulator.http.Shared;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/v1/messages`: authentication and routing.
public final class AnthropicApi implements HttpApi {

    private final Set<String> keys;
    private final AnthropicRules rules;
    private final AnthropicBatches batches;
    private final AnthropicLive live;

    public AnthropicApi(AnthropicBatchApi api, Shared shared) {
        this.keys = shared.keys();
        this.rules = api.rules();
        this.batches = new AnthropicBatches(api, shared);
        this.live = new AnthropicLive(api, shared);
    }

    @Override
    public String name() {
        return "anthropic";
    }

    @Override
    public List<String> roots() {
        return List.of("/v1/messages");
    }

    @Override
    public Map<String, String> headers(String requestId) {
        return Map.of("request-id", requestId, "anthropic-organization-id", "org-simulator");
    }

    @Override
    public ApiError outage(int status, @Nullable String message, @Nullable String code) {
        AnthropicError usual = AnthropicError.outage(status);
        return new AnthropicError(
                status, code == null ? usual.type() : code, message == null ? usual.message() : message, null);
    }

    @Override
    public ApiError notJson() {
        return AnthropicError.invalid("The request body is not valid JSON");
    }

    @Override
    public Batch plant(JsonNode wish) throws IOException {
        return batches.plant(wish);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        authenticate(exchange.header("x-api-key"), exchange.header("Authorization"));
        String version = exchange.header("anthropic-version");
        if (!rules.knowsVersion(version)) {
            throw AnthropicError.invalid(
                            version.isEmpty()
                                    ? "anthropic-version: header is required"
                                    : "anthropic-version: \"" + version + "\" is not a valid version")
                    .refused();
        }
        List<String> path = exchange.path();
        if (path.size() == 2) {
            live.handle(exchange, version);
            return;
        }
        if (!path.get(2).equals("batches")) {
            throw AnthropicError.outage(404).refused();
        }
        batches.handle(exchange, path.subList(3, path.size()));
    }

    /// Older clients send the key as `x-api-key`, clients of API version 2026-10-21 as a bearer token. If both are
    /// sent, `x-api-key` counts.
    private void authenticate(String key, String authorization) {
        String bearer = authorization.startsWith("Bearer ") ? authorization.substring("Bearer ".length()) : "";
        String given = key.isEmpty() ? bearer : key;
        if (!keys.contains(given)) {
            String message = given.isEmpty() ? "x-api-key header is required" : "API key is invalid.";
            throw new AnthropicError(401, "authentication_error", message, null).refused();
        }
    }
}
