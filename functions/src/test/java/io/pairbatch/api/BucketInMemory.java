package io.pairbatch.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Objects by key, with conditional puts.
final class BucketInMemory implements S3Client {

    final Map<String, String> objects = new TreeMap<>();

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {
        objects.clear();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        if ("*".equals(request.ifNoneMatch()) && objects.containsKey(request.key())) {
            throw S3Exception.builder().statusCode(412).message("there already").build();
        }
        try (var in = body.contentStreamProvider().newStream()) {
            objects.put(request.key(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PutObjectResponse.builder().build();
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return HeadObjectResponse.builder()
                .contentLength((long) text(request.key()).length())
                .build();
    }

    @Override
    public ResponseBytes<GetObjectResponse> getObjectAsBytes(GetObjectRequest request) {
        return ResponseBytes.fromByteArray(
                GetObjectResponse.builder().build(), text(request.key()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
        var in = new java.io.ByteArrayInputStream(text(request.key()).getBytes(StandardCharsets.UTF_8));
        return new ResponseInputStream<>(GetObjectResponse.builder().build(), AbortableInputStream.create(in));
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        objects.put(request.destinationKey(), text(request.sourceKey()));
        return CopyObjectResponse.builder().build();
    }

    private String text(String key) {
        String text = objects.get(key);
        if (text == null) {
            throw NoSuchKeyException.builder().statusCode(404).message("none").build();
        }
        return text;
    }
}
