package io.pairbatch.standins;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Calls of a multipart upload.
///
/// An upload's position among the versions of its key, and its object's time, are those of its start
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#distributedmpupload): if it starts before
/// another object is created and ends afterwards, it goes below that object.
///
/// The client sends a CRC-32 with each part whose bytes it sends, and none when it starts an upload. So the response to
/// an uploaded part has its checksum, which the completion must repeat; for a copied part this only applies if the
/// upload was created with CRC-32.
final class UploadCalls {

    private static final int MAX_PART = 10_000;

    private static final Set<String> CREATE =
            Set.of("Bucket", "Key", "ContentType", "Metadata", "ChecksumAlgorithm", "ChecksumType");
    private static final Set<String> PART = Set.of(
            "Bucket",
            "Key",
            "UploadId",
            "PartNumber",
            "ContentLength",
            "ContentMD5",
            "ChecksumAlgorithm",
            "ChecksumCRC32");
    private static final Set<String> COPY = Set.of(
            "SourceBucket",
            "SourceKey",
            "SourceVersionId",
            "CopySourceRange",
            "DestinationBucket",
            "DestinationKey",
            "UploadId",
            "PartNumber");
    private static final Set<String> COMPLETE =
            Set.of("Bucket", "Key", "UploadId", "MultipartUpload", "IfMatch", "IfNoneMatch");
    private static final Set<String> ABORT = Set.of("Bucket", "Key", "UploadId");
    private static final Set<String> LIST = Set.of("Bucket", "Key", "UploadId", "MaxParts", "PartNumberMarker");

    private final Buckets buckets;

    UploadCalls(Buckets buckets) {
        this.buckets = buckets;
    }

    CreateMultipartUploadResponse create(CreateMultipartUploadRequest request) {
        Strict.only(request, CREATE);
        String key = Strict.key(request.key());
        BucketState bucket = buckets.bucket(request.bucket());
        boolean checked = request.checksumAlgorithm() != null;
        if (checked && request.checksumAlgorithm() != ChecksumAlgorithm.CRC32) {
            throw Strict.notUnderstood(request, "the checksum " + request.checksumAlgorithm());
        }
        if (request.checksumType() != null && (!checked || request.checksumType() != ChecksumType.COMPOSITE)) {
            throw Strict.notUnderstood(request, "the checksum type " + request.checksumType());
        }
        long order = buckets.ids().next();
        String id = ObjectIds.upload(order);
        bucket.uploads()
                .put(
                        new BucketState.Place(key, id),
                        new Upload(new Upload.Begun(
                                key,
                                id,
                                order,
                                buckets.now(),
                                request.contentType() == null ? ObjectCalls.DEFAULT_TYPE : request.contentType(),
                                ObjectCalls.metadata(request.metadata()),
                                checked)));
        return Buckets.ok(CreateMultipartUploadResponse.builder()
                .bucket(request.bucket())
                .key(key)
                .uploadId(id)
                .checksumAlgorithm(checked ? ChecksumAlgorithm.CRC32 : null)
                .checksumType(checked ? ChecksumType.COMPOSITE : null));
    }

    UploadPartResponse part(UploadPartRequest request, RequestBody body) {
        Strict.only(request, PART);
        Upload upload = buckets.bucket(request.bucket()).upload(Strict.key(request.key()), request.uploadId());
        int number = number(request.partNumber());
        Content content = ObjectCalls.content(request, body, request.contentLength());
        ObjectCalls.checked(request, content, request.checksumAlgorithm(), request.checksumCRC32());
        if (request.contentMD5() != null) {
            ObjectCalls.checkMd5(content.md5(), request.contentMD5());
        }
        Upload.Part part = upload.add(number, content, true, buckets.now());
        return Buckets.ok(UploadPartResponse.builder()
                .eTag(part.etag())
                .checksumCRC32(part.crc32().text()));
    }

    private static int number(@Nullable Integer number) {
        if (number == null) {
            throw SdkClientException.create("Parameter 'partNumber' must not be null");
        }
        if (number < 1 || number > MAX_PART) {
            throw Refusals.invalidArgument("Part number must be an integer between 1 and 10000, inclusive");
        }
        return number;
    }

    UploadPartCopyResponse copy(UploadPartCopyRequest request) {
        Strict.only(request, COPY);
        Upload upload = buckets.bucket(request.destinationBucket())
                .upload(Strict.key(request.destinationKey()), request.uploadId());
        int number = number(request.partNumber());
        BucketState sourceBucket = buckets.bucket(request.sourceBucket());
        StoredVersion source = ObjectCalls.source(sourceBucket, request.sourceKey(), request.sourceVersionId());
        Content content = source.held().content();
        if (request.copySourceRange() != null) {
            ByteRange range = ByteRange.copied(request.copySourceRange(), content.size());
            if (content.size() < Upload.MIN_PART) {
                throw Refusals.invalidRequest("The specified copy source is not supported as a byte-range copy source");
            }
            content = content.range(range.from(), range.length());
        }
        Upload.Part part = upload.add(number, content, false, buckets.now());
        return Buckets.ok(UploadPartCopyResponse.builder()
                .copySourceVersionId(Buckets.shown(sourceBucket, source))
                .copyPartResult(CopyPartResult.builder()
                        .eTag(part.etag())
                        .lastModified(part.modified())
                        .checksumCRC32(upload.begun().checked() ? part.crc32().text() : null)
                        .build()));
    }

    CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
        Strict.only(request, COMPLETE);
        String key = Strict.key(request.key());
        BucketState bucket = buckets.bucket(request.bucket());
        Upload upload = bucket.upload(key, request.uploadId());
        if (request.multipartUpload() == null) {
            throw Refusals.malformed();
        }
        ObjectCalls.checkNoneMatch(request, request.ifNoneMatch());
        Buckets.check(bucket, key, request.ifMatch(), request.ifNoneMatch());
        StoredVersion.Held held = upload.complete(request.multipartUpload().parts());
        Upload.Begun begun = upload.begun();
        bucket.uploads().remove(new BucketState.Place(key, begun.id()));
        StoredVersion version = buckets.store(bucket, key, begun.order(), begun.at(), held);
        CompleteMultipartUploadResponse.Builder answer = CompleteMultipartUploadResponse.builder()
                .bucket(request.bucket())
                .key(key)
                .location("/" + request.bucket() + "/" + key)
                .eTag(version.etag())
                .versionId(Buckets.shown(bucket, version));
        if (begun.checked()) {
            answer.checksumCRC32(held.crc32().text()).checksumType(held.crc32().type());
        }
        buckets.tell(request.bucket(), version);
        return Buckets.ok(answer);
    }

    AbortMultipartUploadResponse abort(AbortMultipartUploadRequest request) {
        Strict.only(request, ABORT);
        BucketState bucket = buckets.bucket(request.bucket());
        String key = Strict.key(request.key());
        Upload upload = bucket.upload(key, request.uploadId());
        bucket.uploads().remove(new BucketState.Place(key, upload.begun().id()));
        AbortMultipartUploadResponse.Builder answer = AbortMultipartUploadResponse.builder();
        answer.sdkHttpResponse(Buckets.status(204));
        return answer.build();
    }

    ListPartsResponse parts(ListPartsRequest request, int pageSize) {
        Strict.only(request, LIST);
        Upload upload = buckets.bucket(request.bucket()).upload(Strict.key(request.key()), request.uploadId());
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        int max = ListCalls.max(request.maxParts(), pageSize);
        List<Part> page = new ArrayList<>();
        boolean more = false;
        for (Upload.Part part : upload.parts().tailMap(after, false).values()) {
            more = page.size() == max;
            if (more) {
                break;
            }
            page.add(Part.builder()
                    .partNumber(part.number())
                    .eTag(part.etag())
                    .size(part.content().size())
                    .lastModified(part.modified())
                    .checksumCRC32(upload.begun().checked() ? part.crc32().text() : null)
                    .build());
        }
        return Buckets.ok(ListPartsResponse.builder()
                .bucket(request.bucket())
                .key(request.key())
                .uploadId(request.uploadId())
                .maxParts(max)
                .partNumberMarker(after)
                .nextPartNumberMarker(page.isEmpty() ? after : page.getLast().partNumber())
                .isTruncated(more && max > 0)
                .storageClass(StorageClass.STANDARD)
                .parts(page));
    }
}
