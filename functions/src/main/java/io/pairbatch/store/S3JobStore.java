package io.pairbatch.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A job's files under a prefix of the data bucket.
public final class S3JobStore implements JobStore {

    private static final int NOT_FOUND = 404;
    private static final String TEXTS = ".jsonl";

    private final S3Client s3;
    private final String bucket;
    private final String prefix;

    public S3JobStore(S3Client s3, String bucket, String jobId) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = "jobs/" + jobId + "/";
    }

    @Override
    public Draft create(String name) {
        return new S3Draft(s3, bucket, prefix + name, this);
    }

    @Override
    public Optional<InputStream> open(String name, long offset) throws IOException {
        GetObjectRequest request =
                GetObjectRequest.builder().bucket(bucket).key(prefix + name).build();
        try {
            return Optional.of(S3Body.open(s3, request, offset));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    @Override
    public long size(String name) {
        try {
            return s3.headObject(r -> r.bucket(bucket).key(prefix + name)).contentLength();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }

    @Override
    public void list(String start, Consumer<String> each) {
        sizes(start, (name, size) -> each.accept(name));
    }

    @Override
    public void sizes(String start, ObjLongConsumer<String> each) {
        s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + start))
                .contents()
                .forEach(object -> each.accept(object.key().substring(prefix.length()), object.size()));
    }

    @Override
    public boolean putNew(String name, byte[] bytes) {
        return NewObject.put(s3, bucket, prefix + name, bytes);
    }

    /// Requests and answers, which hold texts, are deleted with all of their versions; of other files the older
    /// versions stay until the bucket's lifecycle removes them.
    @Override
    public void delete(String name) {
        String key = prefix + name;
        if (!name.endsWith(TEXTS)) {
            s3.deleteObject(r -> r.bucket(bucket).key(key));
            return;
        }
        List<String> versions = new ArrayList<>();
        List<String> markers = new ArrayList<>();
        for (ListObjectVersionsResponse page :
                s3.listObjectVersionsPaginator(r -> r.bucket(bucket).prefix(key))) {
            page.versions().stream().filter(v -> v.key().equals(key)).forEach(v -> versions.add(v.versionId()));
            page.deleteMarkers().stream().filter(m -> m.key().equals(key)).forEach(m -> markers.add(m.versionId()));
        }
        if (versions.size() > 1) {
            // Without the marker an older version would be the current one while the newer ones go.
            markers.add(s3.deleteObject(r -> r.bucket(bucket).key(key)).versionId());
        }
        versions.addAll(markers);
        for (String version : versions) {
            s3.deleteObject(r -> r.bucket(bucket).key(key).versionId(version));
        }
    }

    String key(String name) {
        return prefix + name;
    }
}
