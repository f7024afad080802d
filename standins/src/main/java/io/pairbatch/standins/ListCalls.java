package io.pairbatch.standins;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectStorageClass;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.ObjectVersionStorageClass;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.StorageClass;

/// Listings, page by page, in the order of the keys' bytes. A common prefix counts as one entry.
final class ListCalls {

    private static final Set<String> OBJECTS =
            Set.of("Bucket", "Prefix", "Delimiter", "MaxKeys", "ContinuationToken", "StartAfter");
    private static final Set<String> VERSIONS =
            Set.of("Bucket", "Prefix", "Delimiter", "MaxKeys", "KeyMarker", "VersionIdMarker");
    private static final Set<String> UPLOADS = Set.of("Bucket", "Prefix", "KeyMarker", "UploadIdMarker", "MaxUploads");

    private final Buckets buckets;

    ListCalls(Buckets buckets) {
        this.buckets = buckets;
    }

    static int max(@Nullable Integer asked, int pageSize) {
        if (asked == null) {
            return pageSize;
        }
        if (asked < 0) {
            throw Refusals.invalidArgument("Argument maxKeys must be an integer between 0 and 2147483647");
        }
        return Math.min(asked, pageSize);
    }

    ListObjectsV2Response objects(ListObjectsV2Request request, int pageSize) {
        Strict.only(request, OBJECTS);
        BucketState bucket = buckets.bucket(request.bucket());
        int max = max(request.maxKeys(), pageSize);
        Groups groups = new Groups(request.prefix(), request.delimiter());
        String after = request.startAfter() == null ? "" : request.startAfter();
        if (request.continuationToken() != null) {
            after = decoded(request.continuationToken());
        } else if (!after.isEmpty() && groups.of(after) != null) {
            throw Strict.notUnderstood(request, "a start within a common prefix");
        }
        groups.last = groups.of(after);
        List<S3Object> objects = new ArrayList<>();
        boolean more = false;
        for (Map.Entry<String, List<StoredVersion>> entry : groups.keys(bucket, after)) {
            String key = entry.getKey();
            StoredVersion version = entry.getValue().getFirst();
            if (!key.startsWith(groups.prefix)) {
                break;
            }
            if (version.isDeleteMarker() || key.equals(after) || groups.again(key)) {
                continue;
            }
            if (objects.size() + groups.found.size() == max) {
                more = max > 0;
                break;
            }
            after = groups.add(key);
            if (groups.last == null) {
                objects.add(S3Object.builder()
                        .key(key)
                        .lastModified(version.lastModified())
                        .eTag(version.etag())
                        .size(version.size())
                        .storageClass(ObjectStorageClass.STANDARD)
                        .build());
            }
        }
        return Buckets.ok(ListObjectsV2Response.builder()
                .name(request.bucket())
                .prefix(groups.prefix)
                .delimiter(request.delimiter())
                .maxKeys(max)
                .startAfter(request.startAfter())
                .continuationToken(request.continuationToken())
                .isTruncated(more)
                .nextContinuationToken(more ? encoded(after) : null)
                .keyCount(objects.size() + groups.found.size())
                .contents(objects)
                .commonPrefixes(groups.found));
    }

    private static String encoded(String after) {
        return "1" + Base64.getUrlEncoder().encodeToString(after.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            if (token.startsWith("1")) {
                return new String(Base64.getUrlDecoder().decode(token.substring(1)), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException e) {
            // As if it did not start with the right character.
        }
        throw Refusals.invalidArgument("The continuation token provided is incorrect");
    }

    ListObjectVersionsResponse versions(ListObjectVersionsRequest request, int pageSize) {
        Strict.only(request, VERSIONS);
        BucketState bucket = buckets.bucket(request.bucket());
        int max = max(request.maxKeys(), pageSize);
        String marker = request.keyMarker() == null ? "" : request.keyMarker();
        // Everything of the marked key has been listed, or everything that is not older than the marked version.
        long older = older(request.versionIdMarker(), marker);
        Groups groups = new Groups(request.prefix(), request.delimiter());
        groups.last = groups.of(marker);
        if (groups.last != null && !groups.last.equals(marker)) {
            throw Strict.notUnderstood(request, "a start within a common prefix");
        }
        Page page = new Page();
        for (Map.Entry<String, List<StoredVersion>> entry : groups.keys(bucket, marker)) {
            String key = entry.getKey();
            if (!key.startsWith(groups.prefix)) {
                break;
            }
            List<StoredVersion> versions = entry.getValue();
            boolean grouped = groups.of(key) != null;
            for (StoredVersion version : grouped ? versions.subList(0, 1) : versions) {
                if (groups.again(key) || (key.equals(marker) && version.order() >= older)) {
                    continue;
                }
                if (page.size() + groups.found.size() == max) {
                    page.truncated = max > 0;
                    break;
                }
                page.nextKey = groups.add(key);
                page.nextVersion = grouped ? null : version.versionId();
                if (!grouped) {
                    page.add(version, version == versions.getFirst());
                }
            }
            if (page.truncated || (max == 0)) {
                break;
            }
        }
        return Buckets.ok(ListObjectVersionsResponse.builder()
                .name(request.bucket())
                .prefix(groups.prefix)
                .delimiter(request.delimiter())
                .maxKeys(max)
                .keyMarker(marker)
                .versionIdMarker(request.versionIdMarker())
                .isTruncated(page.truncated)
                .nextKeyMarker(page.truncated ? page.nextKey : null)
                .nextVersionIdMarker(page.truncated ? page.nextVersion : null)
                .versions(page.versions)
                .deleteMarkers(page.markers)
                .commonPrefixes(groups.found));
    }

    private static long older(@Nullable String versionIdMarker, String keyMarker) {
        if (versionIdMarker == null) {
            return Long.MIN_VALUE;
        }
        if (versionIdMarker.isEmpty()) {
            throw Refusals.invalidArgument("A version-id marker cannot be empty.");
        }
        if (keyMarker.isEmpty()) {
            throw Refusals.invalidArgument("A version-id marker cannot be specified without a key marker.");
        }
        return Buckets.order(versionIdMarker);
    }

    ListMultipartUploadsResponse uploads(ListMultipartUploadsRequest request, int pageSize) {
        Strict.only(request, UPLOADS);
        BucketState bucket = buckets.bucket(request.bucket());
        int max = max(request.maxUploads(), pageSize);
        String prefix = request.prefix() == null ? "" : request.prefix();
        String marker = request.keyMarker() == null ? "" : request.keyMarker();
        String idMarker = request.uploadIdMarker() == null || marker.isEmpty() ? "" : request.uploadIdMarker();
        List<MultipartUpload> page = new ArrayList<>();
        boolean more = false;
        for (Upload upload : bucket.uploads()
                .tailMap(new BucketState.Place(marker, idMarker), false)
                .values()) {
            Upload.Begun begun = upload.begun();
            if (!begun.key().startsWith(prefix) || (begun.key().equals(marker) && idMarker.isEmpty())) {
                continue;
            }
            if (page.size() == max) {
                more = max > 0;
                break;
            }
            page.add(MultipartUpload.builder()
                    .key(begun.key())
                    .uploadId(begun.id())
                    .initiated(begun.at())
                    .storageClass(StorageClass.STANDARD)
                    .checksumAlgorithm(begun.checked() ? ChecksumAlgorithm.CRC32 : null)
                    .build());
        }
        return Buckets.ok(ListMultipartUploadsResponse.builder()
                .bucket(request.bucket())
                .prefix(prefix)
                .keyMarker(marker)
                .uploadIdMarker(idMarker)
                .maxUploads(max)
                .isTruncated(more)
                .nextKeyMarker(more ? page.getLast().key() : null)
                .nextUploadIdMarker(more ? page.getLast().uploadId() : null)
                .uploads(page));
    }

    /// The keys of a listing that are rolled up into common prefixes.
    private static final class Groups {

        private final String prefix;
        private final @Nullable String delimiter;
        private final List<CommonPrefix> found = new ArrayList<>();
        /// The common prefix that was listed last, on this page or the previous one.
        private @Nullable String last;

        Groups(@Nullable String prefix, @Nullable String delimiter) {
            this.prefix = prefix == null ? "" : prefix;
            this.delimiter = delimiter == null || delimiter.isEmpty() ? null : delimiter;
        }

        Iterable<Map.Entry<String, List<StoredVersion>>> keys(BucketState bucket, String after) {
            String from = Utf8Order.INSTANCE.compare(after, prefix) > 0 ? after : prefix;
            return bucket.keys().tailMap(from, true).entrySet();
        }

        @Nullable
        String of(String key) {
            if (delimiter == null || !key.startsWith(prefix)) {
                return null;
            }
            int at = key.indexOf(delimiter, prefix.length());
            return at < 0 ? null : key.substring(0, at + delimiter.length());
        }

        boolean again(String key) {
            return last != null && last.equals(of(key));
        }

        /// Lists the key's common prefix, if it has one.
        ///
        /// @return the key after which the next page starts
        String add(String key) {
            last = of(key);
            if (last == null) {
                return key;
            }
            found.add(CommonPrefix.builder().prefix(last).build());
            return last;
        }
    }

    private static final class Page {

        private final List<ObjectVersion> versions = new ArrayList<>();
        private final List<DeleteMarkerEntry> markers = new ArrayList<>();
        private boolean truncated;
        private @Nullable String nextKey;
        private @Nullable String nextVersion;

        int size() {
            return versions.size() + markers.size();
        }

        void add(StoredVersion version, boolean latest) {
            if (version.isDeleteMarker()) {
                markers.add(DeleteMarkerEntry.builder()
                        .key(version.key())
                        .versionId(version.versionId())
                        .isLatest(latest)
                        .lastModified(version.lastModified())
                        .build());
            } else {
                versions.add(ObjectVersion.builder()
                        .key(version.key())
                        .versionId(version.versionId())
                        .isLatest(latest)
                        .lastModified(version.lastModified())
                        .eTag(version.etag())
                        .size(version.size())
                        .storageClass(ObjectVersionStorageClass.STANDARD)
                        .build());
            }
        }
    }
}
