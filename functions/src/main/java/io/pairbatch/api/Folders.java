package io.pairbatch.api;

import io.pairbatch.text.Hex;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chooses folder names: a new one for each request, the same one for a repeated request (`Idempotency-Key`). The
/// request of each key is kept in `requests/` for two days.
public final class Folders {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final InboxFiles files;
    private final Supplier<String> random;

    /// @param random 8 hex digits that were not used before
    Folders(InboxFiles files, Supplier<String> random) {
        this.files = files;
        this.random = random;
    }

    public Folders(InboxFiles files) {
        this(files, random(new SecureRandom()));
    }

    private static Supplier<String> random(SecureRandom source) {
        return () -> {
            byte[] bytes = new byte[4];
            source.nextBytes(bytes);
            return Hex.of(bytes);
        };
    }

    /// A folder for a request.
    ///
    /// @param repeated whether an earlier request may have made it
    record Folder(String name, boolean repeated) {}

    /// The folder for a validated request.
    Folder of(ApiRequest request, String caller, String slug) {
        String fresh = slug + "-" + random.get();
        @Nullable String key = request.header("idempotency-key");
        if (key == null) {
            return new Folder(fresh, false);
        }
        String object = Requests.object(caller, key);
        String body = Hex.sha256(request.body());
        String note = JSON.createObjectNode()
                .put("folder", fresh)
                .put("body_sha256", body)
                .toString();
        if (files.putNew(object, note)) {
            return new Folder(fresh, false);
        }
        JsonNode first = files.text(object)
                .map(JSON::readTree)
                .orElseThrow(() ->
                        new ApiException(ApiCode.API_UNAVAILABLE, "Another request with this key is being processed."));
        if (!body.equals(first.path("body_sha256").asString(""))) {
            throw new ApiException(ApiCode.API_KEY_REUSED, "The first request with this key had a different body.");
        }
        return new Folder(first.path("folder").asString(""), true);
    }
}
