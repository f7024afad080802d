package io.pairbatch.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The part of S3 that drafts use, in memory, with the limits of multipart uploads
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
final class PartsOnlyS3 implements S3Client {

    private static final int MIN_PART = 5 * 1024 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final Map<String, byte[]> objects = new HashMap<>();
    private final Map<String, NavigableMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();

    void put(String key, byte[] bytes) {
        objects.put(key, bytes);
    }

    byte @Nullable [] get(String key) {
        return objects.get(key);
    }

    int openUploads() {
        return uploads.size();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        objects.put(request.key(), bytes(body));
        return PutObjectResponse.builder().build();
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        String id = "upload-" + uploads.size();
        uploads.put(id, new ConcurrentSkipListMap<>());
        return CreateMultipartUploadResponse.builder().uploadId(id).build();
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        parts(request.uploadId()).put(request.partNumber(), bytes(body));
        return UploadPartResponse.builder().eTag("e" + request.partNumber()).build();
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        byte[] part = range(object(request.sourceKey()), request.copySourceRange());
        parts(request.uploadId()).put(request.partNumber(), part);
        return UploadPartCopyResponse.builder()
                .copyPartResult(r -> r.eTag("e" + request.partNumber()))
                .build();
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        NavigableMap<Integer, byte[]> parts = parts(request.uploadId());
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (CompletedPart part : request.multipartUpload().parts()) {
            byte[] bytes = Objects.requireNonNull(parts.get(part.partNumber()));
            if (bytes.length < MIN_PART && !part.partNumber().equals(parts.lastKey())) {
                throw S3Exception.builder()
                        .message("EntityTooSmall")
                        .statusCode(400)
                        .build();
            }
            whole.writeBytes(bytes);
        }
        objects.put(request.key(), whole.toByteArray());
        uploads.remove(request.uploadId());
        return CompleteMultipartUploadResponse.builder().build();
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        uploads.remove(request.uploadId());
        return AbortMultipartUploadResponse.builder().build();
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        byte[] bytes = objects.get(request.key());
        if (bytes == null) {
            throw NoSuchKeyException.builder().statusCode(404).build();
        }
        return HeadObjectResponse.builder().contentLength((long) bytes.length).build();
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
        byte[] whole = object(request.key());
        byte[] bytes = request.range() == null ? whole : range(whole, request.range());
        GetObjectResponse.Builder answer = GetObjectResponse.builder().contentLength((long) bytes.length);
        if (request.range() != null) {
            Matcher range = RANGE.matcher(request.range());
            long from = range.matches() ? Long.parseLong(range.group(1)) : 0;
            answer.contentRange("bytes " + from + "-" + (from + bytes.length - 1) + "/" + whole.length);
        }
        return new ResponseInputStream<>(answer.build(), AbortableInputStream.create(new ByteArrayInputStream(bytes)));
    }

    private byte[] object(String key) {
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            throw NoSuchKeyException.builder().statusCode(404).build();
        }
        return bytes;
    }

    private NavigableMap<Integer, byte[]> parts(String uploadId) {
        return Objects.requireNonNull(uploads.get(uploadId), uploadId);
    }

    private static byte[] range(byte[] bytes, String range) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(range);
        }
        int from = Integer.parseInt(matcher.group(1));
        int to = matcher.group(2).isEmpty() ? bytes.length : Integer.parseInt(matcher.group(2)) + 1;
        if (to > bytes.length || from >= to) {
            throw S3Exception.builder().message("InvalidRange").statusCode(416).build();
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] bytes(RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            return in.readNBytes(Integer.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {}
}
