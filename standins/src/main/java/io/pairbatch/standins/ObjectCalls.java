package io.pairbatch.standins;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/// Calls on single objects.
final class ObjectCalls {

    static final String DEFAULT_TYPE = "binary/octet-stream";

    private static final int MAX_DELETED = 1000;
    private static final int MAX_METADATA = 2048;

    private static final Set<String> PUT = Set.of(
            "Bucket",
            "Key",
            "ContentLength",
            "ContentMD5",
            "ContentType",
            "Metadata",
            "IfMatch",
            "IfNoneMatch",
            "ChecksumAlgorithm",
            "ChecksumCRC32");
    private static final Set<String> GET = Set.of("Bucket", "Key", "VersionId", "Range", "ChecksumMode");
    private static final Set<String> HEAD = Set.of("Bucket", "Key", "VersionId", "ChecksumMode");
    private static final Set<String> DELETE = Set.of("Bucket", "Key", "VersionId", "IfMatch");
    private static final Set<String> DELETE_MANY = Set.of("Bucket", "Delete", "ChecksumAlgorithm");
    private static final Set<String> COPY = Set.of(
            "SourceBucket",
            "SourceKey",
            "SourceVersionId",
            "DestinationBucket",
            "DestinationKey",
            "MetadataDirective",
            "Metadata",
            "ContentType",
            "TaggingDirective");

    private final Buckets buckets;

    ObjectCalls(Buckets buckets) {
        this.buckets = buckets;
    }

    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        Strict.only(request, PUT);
        String key = Strict.key(request.key());
        BucketState bucket = buckets.bucket(request.bucket());
        Content content = content(request, body, request.contentLength());
        Map<String, String> metadata = metadata(request.metadata());
        Crc32 crc32 = checked(request, content, request.checksumAlgorithm(), request.checksumCRC32());
        byte[] md5 = content.md5();
        checkMd5(md5, request.contentMD5());
        checkNoneMatch(request, request.ifNoneMatch());
        Buckets.check(bucket, key, request.ifMatch(), request.ifNoneMatch());
        String type = request.contentType() == null ? body.contentType() : request.contentType();
        StoredVersion version = buckets.store(
                bucket,
                key,
                buckets.ids().next(),
                buckets.now(),
                new StoredVersion.Held(
                        content, "\"" + Content.hex(md5) + "\"", type == null ? DEFAULT_TYPE : type, metadata, crc32));
        PutObjectResponse answer = Buckets.ok(PutObjectResponse.builder()
                .eTag(version.etag())
                .versionId(Buckets.shown(bucket, version))
                .checksumCRC32(crc32.text())
                .checksumType(crc32.type()));
        buckets.tell(request.bucket(), version);
        return answer;
    }

    static void checkNoneMatch(S3Request request, @Nullable String ifNoneMatch) {
        if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
            throw Strict.notUnderstood(request, "an If-None-Match other than *");
        }
    }

    static Content content(S3Request request, RequestBody body, @Nullable Long announced) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            byte[] bytes = in.readAllBytes();
            long length = announced == null ? body.optionalContentLength().orElse((long) bytes.length) : announced;
            if (bytes.length < length) {
                // As the client itself does.
                throw new IllegalStateException(
                        "The request content has fewer bytes than the specified content-length: " + length + " bytes.");
            }
            if (bytes.length > length) {
                throw Strict.notUnderstood(request, "more bytes than the announced " + length);
            }
            return Content.of(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The checksum, compared with the one that was sent.
    static Crc32 checked(
            S3Request request, Content content, @Nullable ChecksumAlgorithm algorithm, @Nullable String sent) {
        if (algorithm != null && algorithm != ChecksumAlgorithm.CRC32) {
            throw Strict.notUnderstood(request, "the checksum " + algorithm);
        }
        Crc32 crc32 = Crc32.of(content);
        if (sent != null && !sent.equals(crc32.text())) {
            throw Refusals.badDigest("CRC32");
        }
        return crc32;
    }

    static void checkMd5(byte[] md5, @Nullable String sent) {
        if (sent != null && !sent.equals(Base64.getEncoder().encodeToString(md5))) {
            throw Refusals.badDigest("Content-MD5");
        }
    }

    /// Names are sent as headers, in lower case.
    static Map<String, String> metadata(Map<String, String> sent) {
        Map<String, String> metadata = new HashMap<>();
        int size = 0;
        for (Map.Entry<String, String> entry : sent.entrySet()) {
            metadata.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue());
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > MAX_METADATA) {
            throw Refusals.refusal(
                    Refusals.BAD_REQUEST,
                    "MetadataTooLarge",
                    "Your metadata headers exceed the maximum allowed metadata size");
        }
        return Map.copyOf(metadata);
    }

    /// A response and its bytes.
    record Got(GetObjectResponse response, Content.Body body) {}

    Got get(GetObjectRequest request, Predicate<GetObjectRequest> ignoreRange) {
        Strict.only(request, GET);
        BucketState bucket = buckets.bucket(request.bucket());
        StoredVersion version = readable(bucket, Strict.key(request.key()), request.versionId());
        StoredVersion.Held held = version.held();
        GetObjectResponse.Builder answer = GetObjectResponse.builder()
                .eTag(held.etag())
                .contentLength(version.size())
                .lastModified(version.lastModified())
                .versionId(Buckets.shown(bucket, version))
                .contentType(held.contentType())
                .metadata(held.metadata())
                .acceptRanges("bytes");
        if (request.range() != null && !ignoreRange.test(request)) {
            ByteRange range = ByteRange.asked(request.range(), version.size());
            if (range == null) {
                throw Strict.notUnderstood(request, "the range " + request.range());
            }
            answer.contentLength(range.length())
                    .contentRange(range.contentRange(version.size()))
                    .sdkHttpResponse(Buckets.status(206));
            return new Got(
                    answer.build(),
                    held.content().range(range.from(), range.length()).open());
        }
        if (request.checksumMode() == ChecksumMode.ENABLED) {
            answer.checksumCRC32(held.crc32().text()).checksumType(held.crc32().type());
        }
        return new Got(Buckets.ok(answer), held.content().open());
    }

    private static StoredVersion readable(BucketState bucket, String key, @Nullable String versionId) {
        StoredVersion version = Buckets.readable(bucket, key, versionId);
        if (version.isDeleteMarker()) {
            throw Refusals.methodNotAllowed();
        }
        return version;
    }

    HeadObjectResponse head(HeadObjectRequest request) {
        Strict.only(request, HEAD);
        String key = Strict.key(request.key());
        try {
            BucketState bucket = buckets.bucket(request.bucket());
            StoredVersion version = readable(bucket, key, request.versionId());
            StoredVersion.Held held = version.held();
            HeadObjectResponse.Builder answer = HeadObjectResponse.builder()
                    .eTag(held.etag())
                    .contentLength(version.size())
                    .lastModified(version.lastModified())
                    .versionId(Buckets.shown(bucket, version))
                    .contentType(held.contentType())
                    .metadata(held.metadata())
                    .acceptRanges("bytes");
            if (request.checksumMode() == ChecksumMode.ENABLED) {
                answer.checksumCRC32(held.crc32().text())
                        .checksumType(held.crc32().type());
            }
            return Buckets.ok(answer);
        } catch (S3Exception e) {
            // A response to HEAD has no body: the client treats every 404 as a missing key.
            throw e.statusCode() == Refusals.NOT_FOUND ? Refusals.noSuchKey() : e;
        }
    }

    DeleteObjectResponse delete(DeleteObjectRequest request) {
        Strict.only(request, DELETE);
        BucketState bucket = buckets.bucket(request.bucket());
        Buckets.check(bucket, Strict.key(request.key()), request.ifMatch(), null);
        DeletedObject deleted = delete(bucket, Strict.key(request.key()), request.versionId());
        String version =
                deleted.deleteMarkerVersionId() == null ? deleted.versionId() : deleted.deleteMarkerVersionId();
        DeleteObjectResponse.Builder answer = DeleteObjectResponse.builder()
                .deleteMarker(deleted.deleteMarker())
                .versionId(version);
        answer.sdkHttpResponse(Buckets.status(204));
        return answer.build();
    }

    private DeletedObject delete(BucketState bucket, String key, @Nullable String versionId) {
        DeletedObject.Builder deleted = DeletedObject.builder().key(key).versionId(versionId);
        if (versionId != null) {
            StoredVersion version = bucket.version(key, Buckets.order(versionId));
            if (version != null) {
                bucket.remove(version);
                if (version.isDeleteMarker()) {
                    deleted.deleteMarker(true).deleteMarkerVersionId(versionId);
                }
            }
        } else if (bucket.versioned()) {
            StoredVersion marker = buckets.store(bucket, key, buckets.ids().next(), buckets.now(), null);
            deleted.deleteMarker(true).deleteMarkerVersionId(marker.versionId());
        } else {
            StoredVersion current = bucket.current(key);
            if (current != null) {
                bucket.remove(current);
            }
        }
        return deleted.build();
    }

    DeleteObjectsResponse deleteAll(DeleteObjectsRequest request) {
        Strict.only(request, DELETE_MANY);
        BucketState bucket = buckets.bucket(request.bucket());
        if (request.delete() == null
                || request.delete().objects().isEmpty()
                || request.delete().objects().size() > MAX_DELETED) {
            throw Refusals.malformed();
        }
        List<DeletedObject> deleted = new ArrayList<>();
        List<S3Error> errors = new ArrayList<>();
        for (ObjectIdentifier object : request.delete().objects()) {
            if (object.eTag() != null || object.size() != null || object.lastModifiedTime() != null) {
                throw Strict.notUnderstood(request, "a condition");
            }
            try {
                deleted.add(delete(bucket, Strict.key(object.key()), object.versionId()));
            } catch (S3Exception e) {
                errors.add(S3Error.builder()
                        .key(object.key())
                        .versionId(object.versionId())
                        .code(e.awsErrorDetails().errorCode())
                        .message(e.awsErrorDetails().errorMessage())
                        .build());
            }
        }
        boolean quiet = Boolean.TRUE.equals(request.delete().quiet());
        return Buckets.ok(DeleteObjectsResponse.builder()
                .deleted(quiet ? List.of() : deleted)
                .errors(errors));
    }

    CopyObjectResponse copy(CopyObjectRequest request) {
        Strict.only(request, COPY);
        String key = Strict.key(request.destinationKey());
        BucketState bucket = buckets.bucket(request.destinationBucket());
        BucketState sourceBucket = buckets.bucket(request.sourceBucket());
        boolean replace = request.metadataDirective() == MetadataDirective.REPLACE;
        if (!replace && (request.contentType() != null || request.hasMetadata())) {
            throw Strict.notUnderstood(request, "metadata and no directive to replace it");
        }
        StoredVersion source = source(sourceBucket, request.sourceKey(), request.sourceVersionId());
        if (!replace
                && bucket == sourceBucket
                && request.sourceVersionId() == null
                && source.key().equals(key)) {
            throw Refusals.invalidRequest(
                    "This copy request is illegal because it is trying to copy an object to itself"
                            + " without changing the object's metadata, storage class, website redirect location or encryption"
                            + " attributes.");
        }
        StoredVersion.Held held = source.held();
        String type = request.contentType() == null ? DEFAULT_TYPE : request.contentType();
        StoredVersion version = buckets.store(
                bucket,
                key,
                buckets.ids().next(),
                buckets.now(),
                new StoredVersion.Held(
                        held.content(),
                        Buckets.etag(held.content()),
                        replace ? type : held.contentType(),
                        replace ? metadata(request.metadata()) : held.metadata(),
                        Crc32.of(held.content())));
        CopyObjectResponse answer = Buckets.ok(CopyObjectResponse.builder()
                .copyObjectResult(CopyObjectResult.builder()
                        .eTag(version.etag())
                        .lastModified(version.lastModified())
                        .checksumCRC32(version.held().crc32().text())
                        .checksumType(version.held().crc32().type())
                        .build())
                .copySourceVersionId(Buckets.shown(sourceBucket, source))
                .versionId(Buckets.shown(bucket, version)));
        buckets.tell(request.destinationBucket(), version);
        return answer;
    }

    static StoredVersion source(BucketState bucket, String key, @Nullable String versionId) {
        StoredVersion source = Buckets.readable(bucket, Strict.key(key), versionId);
        if (source.isDeleteMarker()) {
            throw Refusals.invalidRequest(
                    "The source of a copy request may not specifically refer to a delete marker by version id.");
        }
        return source;
    }
}
