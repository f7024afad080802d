package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.http.ApiError;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.HttpApi;
import io.pairbatch.simulator.http.RefusedException;
import io.pairbatch.simulator.http.Shared;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1`, or Azure's `/openai/v1`: authentication and routing.
public final class OpenAiApi implements HttpApi {

    private static final String NO_AZURE_KEY =
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.";

    private static final long SHORTEST_LIFE = 3600;
    private static final long LONGEST_LIFE = 2_592_000;

    private final Service service;
    private final Set<String> keys;
    private final OpenAiFiles files;
    private final OpenAiBatches batches;
    private final OpenAiLive live;

    public OpenAiApi(Service service, OpenAiBatchApi api, Shared shared) {
        this.service = service;
        this.keys = shared.keys();
        this.files = new OpenAiFiles(service, api, shared);
        this.batches = new OpenAiBatches(api, shared);
        this.live = new OpenAiLive(service, api, shared);
    }

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public List<String> roots() {
        return List.of(service.root());
    }

    @Override
    public Map<String, String> headers(String requestId) {
        return Map.of("x-request-id", requestId, "openai-version", "2020-10-01");
    }

    @Override
    public ApiError outage(int status, @Nullable String message, @Nullable String code) {
        OpenAiError usual = OpenAiError.outage(status);
        return new OpenAiError(
                status,
                message == null ? usual.message() : message,
                usual.type(),
                usual.param(),
                code == null ? usual.code() : code);
    }

    @Override
    public ApiError notJson() {
        return OpenAiError.invalid(
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly.)",
                null,
                null);
    }

    @Override
    public Batch plant(JsonNode wish) throws IOException {
        return batches.plant(wish);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        authenticate(exchange.header(service.keyHeader()));
        List<String> path = exchange.path();
        int first = service.azure() ? 2 : 1;
        List<String> rest = path.subList(Math.min(first + 1, path.size()), path.size());
        switch (path.size() <= first ? "" : path.get(first)) {
            case "files" -> files.handle(exchange, rest);
            case "batches" -> batches.handle(exchange, rest);
            case "chat" -> live(exchange, rest, "completions", OpenAiRules.CHAT);
            case "responses" -> live(exchange, rest, "", OpenAiRules.RESPONSES);
            default -> throw unknownUrl(exchange);
        }
    }

    private void live(Exchange exchange, List<String> rest, String expected, String endpoint) throws IOException {
        if (!String.join("/", rest).equals(expected)) {
            throw unknownUrl(exchange);
        }
        live.handle(exchange, endpoint);
    }

    private void authenticate(String header) {
        String prefix = service.keyPrefix();
        if (!header.startsWith(prefix) || !keys.contains(header.substring(prefix.length()))) {
            if (service.azure()) {
                throw new OpenAiError(401, NO_AZURE_KEY, "", null, "401").refused();
            }
            String message = header.isEmpty()
                    ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
                    : "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.";
            throw new OpenAiError(401, message, "invalid_request_error", null, "invalid_api_key").refused();
        }
    }

    public static RefusedException unknownUrl(Exchange exchange) {
        return OpenAiError.notFound(
                        "Invalid URL (" + exchange.method() + " /" + String.join("/", exchange.path()) + ")", null)
                .refused();
    }

    /// The page of a list after an ID.
    static ObjectNode page(List<ObjectNode> all, String after, int limit) {
        int from = 0;
        if (!after.isEmpty()) {
            while (from < all.size() && !Json.text(all.get(from), "id", "").equals(after)) {
                from++;
            }
            if (from == all.size()) {
                throw OpenAiError.invalid(
                                "Invalid 'after': no object with id '" + after + "'.", "after", "invalid_value")
                        .refused();
            }
            from++;
        }
        int to = Math.min(all.size(), from + limit);
        List<ObjectNode> items = all.subList(from, to);
        ObjectNode page = Json.object().put("object", "list");
        page.putArray("data").addAll(items);
        page.put("first_id", items.isEmpty() ? null : Json.text(items.getFirst(), "id", ""));
        page.put("last_id", items.isEmpty() ? null : Json.text(items.getLast(), "id", ""));
        return page.put("has_more", to < all.size());
    }

    static int limit(Map<String, String> query, int usual, int most) {
        String given = query.getOrDefault("limit", Integer.toString(usual));
        int limit = given.matches("\\d{1,6}") ? Integer.parseInt(given) : 0;
        if (limit < 1 || limit > most) {
            throw OpenAiError.invalid(
                            "Invalid 'limit': expected an integer from 1 to " + most + ", but got " + given
                                    + " instead.",
                            "limit",
                            limit < 1 ? "integer_below_min_value" : "integer_above_max_value")
                    .refused();
        }
        return limit;
    }

    /// The lifetime of a file in seconds.
    ///
    /// @param parameter the name of the request's parameter
    static long lifetime(String parameter, String anchor, String seconds) {
        return lifetime(parameter, anchor, seconds, SHORTEST_LIFE);
    }

    static long lifetime(String parameter, String anchor, String seconds, long shortest) {
        if (!anchor.equals("created_at")) {
            throw OpenAiError.invalid(
                            "Invalid value: '" + anchor + "'. Supported values are: 'created_at'.",
                            parameter + ".anchor",
                            "invalid_value")
                    .refused();
        }
        long life = seconds.matches("\\d{1,9}") ? Long.parseLong(seconds) : 0;
        if (life < shortest || life > LONGEST_LIFE) {
            throw OpenAiError.invalid(
                            "Invalid '" + parameter + ".seconds': expected an integer from " + shortest + " to "
                                    + LONGEST_LIFE + ", but got " + seconds + " instead.",
                            parameter + ".seconds",
                            life < shortest ? "integer_below_min_value" : "integer_above_max_value")
                    .refused();
        }
        return life;
    }
}
