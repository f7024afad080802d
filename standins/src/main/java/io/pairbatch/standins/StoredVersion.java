package io.pairbatch.standins;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One version of an object, or a delete marker. Immutable.
public final class StoredVersion {

    private final String key;
    private final long order;
    private final Instant lastModified;
    private final @Nullable Held held;

    /// What an object has and a delete marker does not have.
    ///
    /// @param etag quoted
    record Held(Content content, String etag, String contentType, Map<String, String> metadata, Crc32 crc32) {}

    /// @param order greater for later versions; 0 if the bucket has no versioning
    /// @param held null for a delete marker
    StoredVersion(String key, long order, Instant lastModified, @Nullable Held held) {
        this.key = key;
        this.order = order;
        this.lastModified = lastModified;
        this.held = held;
    }

    public String key() {
        return key;
    }

    /// The string `null` in a bucket without versioning.
    public String versionId() {
        return order == 0 ? ObjectIds.NULL_VERSION : ObjectIds.version(order);
    }

    public Instant lastModified() {
        return lastModified;
    }

    public boolean isDeleteMarker() {
        return held == null;
    }

    public long size() {
        return held().content().size();
    }

    /// Quoted.
    public String etag() {
        return held().etag();
    }

    public Map<String, String> metadata() {
        return held().metadata();
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        return held().content().bytes();
    }

    long order() {
        return order;
    }

    Held held() {
        return Objects.requireNonNull(held, "a delete marker has no content");
    }
}
