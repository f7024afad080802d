package io.pairbatch.forget;

import io.pairbatch.job.RetryableException;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/// Deletes versions of objects, delete markers and unfinished uploads permanently. Holds a page of 1,000 in memory.
final class Versions {

    private static final Duration A_PAGE = Duration.ofSeconds(15);

    private final S3Client s3;
    private final String bucket;

    Versions(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /// Receives the count of each deleted page.
    @FunctionalInterface
    interface Counter {

        void add(long versions, long markers);
    }

    /// Deletes the objects under `prefix` that match.
    ///
    /// @return false if time ran out before the end
    boolean remove(
            String prefix,
            Predicate<ObjectVersion> version,
            Predicate<DeleteMarkerEntry> marker,
            Deadline deadline,
            Counter counter) {
        ListObjectVersionsRequest.Builder next =
                ListObjectVersionsRequest.builder().bucket(bucket).prefix(prefix);
        while (deadline.allows(A_PAGE)) {
            ListObjectVersionsResponse page = s3.listObjectVersions(next.build());
            List<ObjectVersion> versions =
                    page.versions().stream().filter(version).toList();
            List<DeleteMarkerEntry> markers =
                    page.deleteMarkers().stream().filter(marker).toList();
            delete(Stream.concat(
                            versions.stream().map(v -> identifier(v.key(), v.versionId())),
                            markers.stream().map(m -> identifier(m.key(), m.versionId())))
                    .toList());
            counter.add(versions.size(), markers.size());
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                return true;
            }
            next.keyMarker(page.nextKeyMarker()).versionIdMarker(page.nextVersionIdMarker());
        }
        return false;
    }

    private static ObjectIdentifier identifier(String key, String version) {
        return ObjectIdentifier.builder().key(key).versionId(version).build();
    }

    private void delete(List<ObjectIdentifier> objects) {
        if (objects.isEmpty()) {
            return;
        }
        DeleteObjectsResponse answer = s3.deleteObjects(
                r -> r.bucket(bucket).delete(d -> d.objects(objects).quiet(true)));
        if (!answer.errors().isEmpty()) {
            throw new RetryableException(
                    answer.errors().size() + " object versions could not be removed: "
                            + answer.errors().getFirst().code(),
                    null);
        }
    }

    /// The versions of one object, newest first. All of them are held in memory: it is one dropped file.
    List<ObjectVersion> of(String key) {
        List<ObjectVersion> found = new ArrayList<>();
        s3.listObjectVersionsPaginator(r -> r.bucket(bucket).prefix(key)).versions().stream()
                .takeWhile(v -> v.key().compareTo(key) <= 0)
                .filter(v -> v.key().equals(key))
                .forEach(found::add);
        return found;
    }

    boolean anyUnder(String prefix) {
        ListObjectVersionsResponse page =
                s3.listObjectVersions(r -> r.bucket(bucket).prefix(prefix).maxKeys(1));
        return !page.versions().isEmpty() || !page.deleteMarkers().isEmpty();
    }

    /// Aborts unfinished uploads, whose parts hold texts too.
    ///
    /// @return how many
    int abortUploads(String prefix) {
        List<MultipartUpload> uploads =
                s3.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(prefix)).uploads().stream()
                        .filter(upload -> upload.key().startsWith(prefix))
                        .toList();
        uploads.forEach(upload ->
                s3.abortMultipartUpload(r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
        return uploads.size();
    }
}
