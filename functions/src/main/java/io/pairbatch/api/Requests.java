package io.pairbatch.api;

import io.pairbatch.text.Hex;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests that are to be done once, however often they are sent (`Idempotency-Key`). What was answered is kept in
/// `requests/` for two days. A request that was refused, or whose first call died, is tried again: whatever it did by
/// then,
/// the job's state decides.
public final class Requests {

    static final String KEY = "[\\x21-\\x7e]{1,200}";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final InboxFiles files;

    public Requests(InboxFiles files) {
        this.files = files;
    }

    /// Where the request with this key is remembered.
    static String object(String caller, String key) {
        if (!key.matches(KEY)) {
            throw new ApiException(
                    ApiCode.API_PARAMETER_INVALID, "Idempotency-Key must have 1 to 200 visible ASCII characters.");
        }
        return "requests/" + Hex.sha256(caller + "\n" + key) + ".json";
    }

    /// Does it, or answers as it was answered before.
    ApiResponse once(ApiRequest request, String caller, Supplier<ObjectNode> doing) {
        @Nullable String key = request.header("idempotency-key");
        if (key == null) {
            return accepted(doing.get());
        }
        String object = object(caller, key);
        String body = Hex.sha256(request.path() + "\n" + request.body());
        ObjectNode note = JSON.createObjectNode().put("body_sha256", body);
        if (!files.putNew(object, note.toString())) {
            Optional<JsonNode> first = files.text(object).map(JSON::readTree);
            if (first.isPresent()
                    && !body.equals(first.get().path("body_sha256").asString(""))) {
                throw new ApiException(
                        ApiCode.API_KEY_REUSED, "The first request with this key had a different path or body.");
            }
            if (first.isPresent() && first.get().path("answer") instanceof ObjectNode answer) {
                return accepted(answer);
            }
        }
        ObjectNode answer = doing.get();
        note.set("answer", answer);
        files.put(object, note.toString());
        return accepted(answer);
    }

    private static ApiResponse accepted(ObjectNode answer) {
        return ApiResponse.ok(202, answer).with("location", answer.path("job").asString(""));
    }
}
