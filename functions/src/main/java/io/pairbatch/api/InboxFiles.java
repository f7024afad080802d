package io.pairbatch.api;

import io.pairbatch.job.RetryableException;
import io.pairbatch.store.NewObject;
import io.pairbatch.store.S3Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/// What the API does in the data bucket: it writes a job's files, each once, and remembers requests.
public final class InboxFiles {

    static final String JOB_FILE = "job.json";

    private final S3Client s3;
    private final String bucket;

    public InboxFiles(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    String bucket() {
        return bucket;
    }

    static String key(String folder, String file) {
        return "inbox/" + folder + "/" + file;
    }

    boolean hasJobFile(String folder) {
        return stored(key(folder, JOB_FILE)).isPresent();
    }

    /// An object as it was found.
    ///
    /// @param size in bytes
    record Stored(long size, String etag) {}

    /// The object; empty if it does not exist.
    Optional<Stored> stored(String key) {
        try {
            HeadObjectResponse head = s3.headObject(r -> r.bucket(bucket).key(key));
            return Optional.of(new Stored(head.contentLength(), Objects.requireNonNullElse(head.eTag(), "")));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /// The table that an order names.
    ///
    /// @throws ApiException `API_SOURCE_NOT_FOUND`
    Stored source(Order.Source source) {
        return stored(source.key())
                .orElseThrow(() -> new ApiException(ApiCode.API_SOURCE_NOT_FOUND, "No object has this key."));
    }

    /// The bytes of an object from an offset on, as it was found.
    InputStream open(String key, Stored as, long offset) throws IOException {
        GetObjectRequest request =
                GetObjectRequest.builder().bucket(bucket).key(key).build();
        return S3Body.open(s3, request, offset, answer -> {
            if (answer.eTag() != null && !answer.eTag().equals(as.etag())) {
                throw new RetryableException("the table was replaced while it was read", null);
            }
        });
    }

    /// Writes a text if the object does not exist yet.
    ///
    /// @return false if it exists
    boolean putNew(String key, String text) {
        return NewObject.put(s3, bucket, key, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes a text in the place of another.
    void put(String key, String text) {
        s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    /// A small text that this API wrote; empty if it does not exist.
    Optional<String> text(String key) {
        try {
            return Optional.of(
                    s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asString(StandardCharsets.UTF_8));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /// Copies within the bucket, without the bytes passing through here. The source's tags are not copied: reading and
    /// writing them takes separate permissions.
    void copy(String from, String to) {
        s3.copyObject(r -> r.sourceBucket(bucket)
                .sourceKey(from)
                .destinationBucket(bucket)
                .destinationKey(to)
                .taggingDirective(TaggingDirective.REPLACE));
    }
}
