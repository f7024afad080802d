package io.pairbatch.standins;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// S3 in memory: it answers as the service would, or refuses to answer. An operation that is missing here throws
/// `UnsupportedOperationException` from the interface's own method of that name; a field of a request that could change
/// the response and is not supported throws one that names it.
///
/// The same calls give the same responses, including IDs. Not thread-safe.
public final class MemoryBuckets implements S3Client {

    private static final int PAGE = 1000;

    private final Buckets buckets;
    private final ObjectCalls objects;
    private final UploadCalls uploads;
    private final ListCalls lists;
    private final BucketCalls bucketCalls;
    private int pageSize = PAGE;
    private Predicate<GetObjectRequest> ignoreRange = request -> false;

    /// A copy of all buckets; they can be restored any number of times.
    public static final class Copy {

        private final NavigableMap<String, BucketState> buckets;
        private final long lastId;

        private Copy(NavigableMap<String, BucketState> buckets, long lastId) {
            this.buckets = buckets;
            this.lastId = lastId;
        }
    }

    /// @param versioned the names of buckets with versioning; others can be created
    public MemoryBuckets(Clock clock, String... versioned) {
        buckets = new Buckets(clock);
        objects = new ObjectCalls(buckets);
        uploads = new UploadCalls(buckets);
        lists = new ListCalls(buckets);
        bucketCalls = new BucketCalls(buckets);
        for (String name : versioned) {
            buckets.all().put(name, new BucketState(true));
        }
    }

    /// The maximum number of entries on a page of a listing, instead of 1,000.
    public void pageSize(int entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("a page has one entry at least, not " + entries);
        }
        pageSize = entries;
    }

    /// Receives each object after it was created.
    public void onCreated(Consumer<Created> listener) {
        buckets.listener(listener);
    }

    /// The GETs whose range is ignored: they return 200 and the whole object, as some emulators do if the request names
    /// a version.
    public void ignoreRange(Predicate<GetObjectRequest> which) {
        ignoreRange = which;
    }

    /// The cost depends on the number of keys, not of bytes.
    public Copy copy() {
        return new Copy(Buckets.copy(buckets.all()), buckets.ids().last());
    }

    /// Restores all buckets, and the IDs that come next.
    public void reset(Copy copy) {
        buckets.replace(copy.buckets, copy.lastId);
    }

    /// All versions and delete markers of the keys that begin with `prefix`, in the order of the keys, newest first for
    /// each key.
    public Stream<StoredVersion> versions(String bucket, String prefix) {
        return keys(bucket, prefix).flatMap(List::stream);
    }

    /// The current objects whose keys begin with `prefix`, in their order.
    public Stream<StoredVersion> objects(String bucket, String prefix) {
        return keys(bucket, prefix).map(List::getFirst).filter(version -> !version.isDeleteMarker());
    }

    private Stream<List<StoredVersion>> keys(String bucket, String prefix) {
        return buckets.bucket(bucket).keys().tailMap(prefix, true).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(Map.Entry::getValue);
    }

    /// A copy of the current bytes; empty if the object does not exist.
    public Optional<byte[]> bytes(String bucket, String key) {
        return Optional.ofNullable(buckets.bucket(bucket).current(key)).map(StoredVersion::bytes);
    }

    /// How many versions and delete markers there are.
    public long countVersions(String bucket, String prefix) {
        return keys(bucket, prefix).mapToLong(List::size).sum();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return objects.put(request, body);
    }

    @Override
    public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        ObjectCalls.Got got = objects.get(request, ignoreRange);
        try {
            return transformer.transform(got.response(), stream(got));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SdkClientException.create("interrupted while the answer was read", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw SdkClientException.create("the answer could not be read", e);
        }
    }

    /// As in the client, but without the timer that ends a connection from which nothing is read.
    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
        ObjectCalls.Got got = objects.get(request, ignoreRange);
        return new ResponseInputStream<>(got.response(), stream(got), Duration.ZERO);
    }

    private static AbortableInputStream stream(ObjectCalls.Got got) {
        return AbortableInputStream.create(got.body(), got.body()::close);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return objects.head(request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return objects.delete(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return objects.deleteAll(request);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        return objects.copy(request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return lists.objects(request, pageSize);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        return lists.versions(request, pageSize);
    }

    @Override
    public ListMultipartUploadsResponse listMultipartUploads(ListMultipartUploadsRequest request) {
        return lists.uploads(request, pageSize);
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        return uploads.create(request);
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        return uploads.part(request, body);
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        return uploads.copy(request);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return uploads.complete(request);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        return uploads.abort(request);
    }

    @Override
    public ListPartsResponse listParts(ListPartsRequest request) {
        return uploads.parts(request, pageSize);
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        return bucketCalls.create(request);
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        return bucketCalls.head(request);
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
        return bucketCalls.delete(request);
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        return bucketCalls.list(request);
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        return bucketCalls.putVersioning(request);
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        return bucketCalls.versioning(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
