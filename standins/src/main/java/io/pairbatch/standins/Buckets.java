package io.pairbatch.standins;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Response;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/// All buckets and what the calls share.
final class Buckets {

    private static final SdkHttpResponse OK = status(200);

    private final Clock clock;
    private NavigableMap<String, BucketState> buckets = new TreeMap<>();
    private ObjectIds ids = new ObjectIds(0);
    private Consumer<Created> listener = created -> {};

    Buckets(Clock clock) {
        this.clock = clock;
    }

    NavigableMap<String, BucketState> all() {
        return buckets;
    }

    ObjectIds ids() {
        return ids;
    }

    void replace(NavigableMap<String, BucketState> others, long lastId) {
        buckets = copy(others);
        ids = new ObjectIds(lastId);
    }

    static NavigableMap<String, BucketState> copy(Map<String, BucketState> buckets) {
        NavigableMap<String, BucketState> copy = new TreeMap<>();
        buckets.forEach((name, bucket) -> copy.put(name, bucket.copy()));
        return copy;
    }

    BucketState bucket(@Nullable String name) {
        BucketState bucket = buckets.get(Strict.named("Bucket", name));
        if (bucket == null) {
            throw Refusals.noSuchBucket();
        }
        return bucket;
    }

    /// The service stores whole seconds.
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    void listener(Consumer<Created> created) {
        listener = created;
    }

    /// @param order of the version; ignored in a bucket without versioning
    StoredVersion store(
            BucketState bucket, String key, long order, Instant modified, StoredVersion.@Nullable Held held) {
        StoredVersion version = new StoredVersion(key, bucket.versioned() ? order : 0, modified, held);
        bucket.add(version);
        return version;
    }

    void tell(String bucket, StoredVersion version) {
        listener.accept(new Created(
                bucket,
                version.key(),
                shown(bucket(bucket), version),
                version.size(),
                version.etag().replace("\"", "")));
    }

    /// The version ID in a response.
    static @Nullable String shown(BucketState bucket, StoredVersion version) {
        return bucket.versioned() ? version.versionId() : null;
    }

    /// The version that a read returns, or a refusal.
    static StoredVersion readable(BucketState bucket, String key, @Nullable String versionId) {
        if (versionId == null) {
            StoredVersion current = bucket.current(key);
            if (current == null) {
                throw Refusals.noSuchKey();
            }
            return current;
        }
        StoredVersion version = bucket.version(key, order(versionId));
        if (version == null) {
            throw Refusals.noSuchVersion();
        }
        return version;
    }

    static long order(String versionId) {
        if (versionId.isEmpty()) {
            throw Refusals.invalidArgument("Version id cannot be the empty string");
        }
        OptionalLong order = ObjectIds.order(versionId);
        if (order.isEmpty()) {
            throw Refusals.invalidArgument("Invalid version id specified");
        }
        return order.getAsLong();
    }

    /// Checks the conditions for a write.
    static void check(BucketState bucket, String key, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        StoredVersion current = bucket.current(key);
        if (ifNoneMatch != null && current != null) {
            throw Refusals.preconditionFailed();
        }
        if (ifMatch != null && current == null) {
            throw Refusals.noSuchKey();
        }
        if (ifMatch != null && current != null && !sameEtag(ifMatch, current.etag())) {
            throw Refusals.preconditionFailed();
        }
    }

    /// Clients may leave out the quotes.
    static boolean sameEtag(@Nullable String a, String b) {
        return a != null && a.replace("\"", "").equals(b.replace("\"", ""));
    }

    static String etag(Content content) {
        return "\"" + Content.hex(content.md5()) + "\"";
    }

    static SdkHttpResponse status(int status) {
        return SdkHttpResponse.builder().statusCode(status).build();
    }

    static <B extends S3Response.Builder & SdkBuilder<B, T>, T extends S3Response> T ok(B answer) {
        answer.sdkHttpResponse(OK);
        return answer.build();
    }
}
