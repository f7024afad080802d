package io.pairbatch.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Links to objects that carry the function's permission, valid for at most an hour.
public final class Links {

    /// A link expires earlier if the credentials that signed it do.
    private static final Duration LIFE = Duration.ofHours(1);

    private final S3Presigner presigner;
    private final String bucket;
    private final Clock clock;

    public Links(S3Presigner presigner, String bucket, Clock clock) {
        this.presigner = presigner;
        this.bucket = bucket;
        this.clock = clock;
    }

    /// A PUT of an object that does not exist yet; it must carry `If-None-Match: *`, so that it succeeds only once.
    String upload(String key) {
        return presigner
                .presignPutObject(r -> r.signatureDuration(LIFE)
                        .putObjectRequest(put -> put.bucket(bucket).key(key).ifNoneMatch("*")))
                .url()
                .toString();
    }

    /// A GET of an object, to be saved under its own name.
    String read(String key) {
        return presigner
                .presignGetObject(r -> r.signatureDuration(LIFE)
                        .getObjectRequest(get -> get.bucket(bucket).key(key)))
                .url()
                .toString();
    }

    /// When a link that is made now expires.
    Instant expiry() {
        return clock.instant().plus(LIFE);
    }
}
