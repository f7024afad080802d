package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// What the cases of the contract start with.
public interface BucketCases {

    S3Client s3();

    /// A bucket with versioning.
    String bucket();

    /// The prefix of this case's keys, used by nobody else; ends in `/`.
    String prefix();

    default String key(String name) {
        return prefix() + name;
    }

    default PutObjectResponse put(String name, String text) {
        return s3().putObject(r -> r.bucket(bucket()).key(key(name)), RequestBody.fromString(text));
    }

    default void delete(String name) {
        s3().deleteObject(r -> r.bucket(bucket()).key(key(name)));
    }

    default String text(String name) {
        return text(name, null);
    }

    default String text(String name, @Nullable String version) {
        return s3().getObjectAsBytes(r -> r.bucket(bucket()).key(key(name)).versionId(version))
                .asUtf8String();
    }

    /// The names of a page of objects.
    default List<String> names(ListObjectsV2Response page) {
        return page.contents().stream()
                .map(S3Object::key)
                .map(key -> key.substring(prefix().length()))
                .toList();
    }

    default S3Exception refusal(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(S3Exception.class, call), "the call was not refused");
    }

    default String code(ThrowingCallable call) {
        return refusal(call).awsErrorDetails().errorCode();
    }

    default int status(ThrowingCallable call) {
        return refusal(call).statusCode();
    }
}
