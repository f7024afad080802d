package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.batch.Batch;
import io.pairbatch.simulator.http.ApiError;
import io.pairbatch.simulator.http.Exchange;
import io.pairbatch.simulator.http.Handling;
import io.pairbatch.simulator.http.HttpApi;
import io.pairbatch.simulator.http.RefusedException;
import io.pairbatch.simulator.http.Shared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1beta`, `/upload/v1beta` and `/download/v1beta`: authentication and routing.
public final class GeminiApi implements HttpApi {

    private static final String CREATE = ":batchGenerateContent";
    private static final String LIVE = ":generateContent";
    private static final String STREAM = ":streamGenerateContent";
    private static final Set<String> LIST_PARAMETERS = Set.of(
            "pageSize",
            "page_size",
            "pageToken",
            "page_token",
            "filter",
            "returnPartialSuccess",
            "key",
            "alt",
            "fields",
            "prettyPrint");

    private final Set<String> keys;
    private final GeminiFiles files;
    private final GeminiBatches batches;
    private final GeminiLive live;

    public GeminiApi(GeminiBatchApi api, Shared shared) {
        this.keys = shared.keys();
        this.files = new GeminiFiles(api, shared);
        this.batches = new GeminiBatches(api, shared);
        this.live = new GeminiLive(api, shared);
    }

    @Override
    public String name() {
        return "gemini";
    }

    @Override
    public List<String> roots() {
        return List.of("/v1beta", "/upload/v1beta", "/download/v1beta");
    }

    @Override
    public Map<String, String> headers(String requestId) {
        return Map.of("Server", "scaffolding on HTTPServer2", "X-Content-Type-Options", "nosniff");
    }

    @Override
    public ApiError outage(int status, @Nullable String message, @Nullable String code) {
        GeminiError usual = GeminiError.outage(status);
        return new GeminiError(
                status,
                message == null ? usual.message() : message,
                code == null ? usual.reason() : code,
                usual.details());
    }

    @Override
    public ApiError notJson() {
        return GeminiError.invalid("Invalid JSON payload received. Unexpected token.");
    }

    @Override
    public Batch plant(JsonNode wish) throws IOException {
        return batches.plant(wish);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        List<String> path = exchange.path();
        String top = path.getFirst();
        boolean resumed = top.equals("upload") && exchange.query().containsKey("upload_id");
        if (!resumed) {
            authenticate(exchange);
        }
        List<String> rest = path.subList(path.indexOf("v1beta") + 1, path.size());
        String what = top + " " + (rest.isEmpty() ? "" : rest.getFirst());
        String name = rest.size() == 2 ? rest.get(1) : "";
        if (rest.size() > 2 || (rest.size() == 2 && name.isEmpty())) {
            throw unknownUrl();
        }
        switch (what) {
            case "upload files" -> files.upload(exchange);
            case "v1beta files", "download files" -> files.handle(exchange, name);
            case "v1beta batches" -> batches.handle(exchange, name);
            case "v1beta models" -> ask(exchange, name);
            default -> throw unknownUrl();
        }
    }

    private void ask(Exchange exchange, String name) throws IOException {
        int colon = name.indexOf(':');
        String model = colon < 0 ? name : name.substring(0, colon);
        switch (exchange.method() + " " + name.substring(model.length())) {
            case "POST " + CREATE -> batches.create(exchange, model);
            case "POST " + LIVE -> live.handle(exchange, model);
            case "POST " + STREAM ->
                throw new GeminiError(501, "The simulator does not stream.", "UNIMPLEMENTED", null).refused();
            default -> throw unknownUrl();
        }
    }

    private void authenticate(Exchange exchange) {
        String header = exchange.header("x-goog-api-key");
        String key = header.isEmpty() ? exchange.query().getOrDefault("key", "") : header;
        if (key.isEmpty()) {
            throw GeminiError.unregistered().refused();
        }
        if (!keys.contains(key)) {
            throw GeminiError.wrongKey().refused();
        }
    }

    static RefusedException unknownUrl() {
        return GeminiError.notFound("Method not found.").refused();
    }

    /// A page of a list.
    ///
    /// @param next the token of the next page, empty if there is none
    record Page<T>(List<T> items, String next) {}

    /// The page of a list that the query asks for.
    static <T> Page<T> page(Map<String, String> query, List<T> all, Function<T, String> id, int usual, int most) {
        for (String name : query.keySet()) {
            if (!LIST_PARAMETERS.contains(name)) {
                throw GeminiError.invalid("Invalid JSON payload received. Unknown name \"" + name
                                + "\": Cannot bind query parameter. Field '" + name
                                + "' could not be found in request message.")
                        .refused();
            }
        }
        String size = query.getOrDefault("pageSize", query.getOrDefault("page_size", "0"));
        if (!size.matches("\\d{1,9}")) {
            throw GeminiError.invalid("Invalid value at 'page_size' (TYPE_INT32), \"" + size + "\"")
                    .refused();
        }
        int limit = size.matches("0+") ? usual : Math.min(most, Integer.parseInt(size));
        String token = query.getOrDefault("pageToken", query.getOrDefault("page_token", ""));
        int from = token.isEmpty() ? 0 : after(token, all, id);
        int to = Math.min(all.size(), from + limit);
        String next = to == all.size()
                ? ""
                : Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(id.apply(all.get(to - 1)).getBytes(StandardCharsets.UTF_8));
        return new Page<>(all.subList(from, to), next);
    }

    private static <T> int after(String token, List<T> all, Function<T, String> id) {
        try {
            String last = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            for (int i = 0; i < all.size(); i++) {
                if (id.apply(all.get(i)).equals(last)) {
                    return i + 1;
                }
            }
        } catch (IllegalArgumentException e) {
            // Refused below, like any other token that was never issued.
        }
        throw GeminiError.invalid("Page token is invalid.").refused();
    }

    static Handling.Reply paged(Exchange exchange, ObjectNode answer, Page<?> page) {
        if (!page.next().isEmpty()) {
            answer.put("nextPageToken", page.next());
        }
        return cut -> exchange.reply(200, answer);
    }

    static String newId(int length) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < length; i++) {
            id.append("abcdefghijklmnopqrstuvwxyz0123456789"
                    .charAt(ThreadLocalRandom.current().nextInt(36)));
        }
        return id.toString();
    }
}
