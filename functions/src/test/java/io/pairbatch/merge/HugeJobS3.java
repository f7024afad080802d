package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// A job of terabytes that takes no memory: of each object only its size is known, and its bytes are zeros, but for the
/// tallies. Refuses parts as S3 does (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).
final class HugeJobS3 implements S3Client {

    private static final String PREFIX = "jobs/j/";
    private static final int PAGE = 1000;
    private static final int MIN_PART = 5 << 20;
    private static final int MOST_PARTS = 10_000;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final NavigableMap<String, Long> sizes = new ConcurrentSkipListMap<>();
    private final Map<String, NavigableMap<Integer, Long>> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final byte[] tally;

    /// @param results of the odd and the even segments, in bytes
    HugeJobS3(int segments, byte[] tally, long... results) {
        this.tally = tally;
        for (int segment = 1; segment <= segments; segment++) {
            put(JobFiles.tally(segment), tally.length);
            put(JobFiles.results(segment), results[segment % 2]);
            put(JobFiles.part(JobFiles.JUDGEMENTS, segment), 100_000);
            put(JobFiles.part(JobFiles.FAILED_PAIRS, segment), 1000);
            put(JobFiles.part(JobFiles.FAILED_ATTEMPTS, segment), 1000);
        }
    }

    private void put(String name, long size) {
        sizes.put(PREFIX + name, size);
    }

    /// In bytes; -1 if there is no such file.
    long size(String name) {
        return sizes.getOrDefault(PREFIX + name, -1L);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        String after = request.continuationToken() == null ? request.prefix() : request.continuationToken();
        List<S3Object> page = new ArrayList<>();
        for (Map.Entry<String, Long> each :
                sizes.tailMap(after, request.continuationToken() == null).entrySet()) {
            if (page.size() == PAGE || !each.getKey().startsWith(request.prefix())) {
                break;
            }
            page.add(S3Object.builder().key(each.getKey()).size(each.getValue()).build());
        }
        boolean more = page.size() == PAGE;
        return ListObjectsV2Response.builder()
                .contents(page)
                .isTruncated(more)
                .nextContinuationToken(more ? page.getLast().key() : null)
                .build();
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
        long size = sized(request.key());
        long from = request.range() == null ? 0 : from(request.range());
        GetObjectResponse.Builder answer = GetObjectResponse.builder().contentLength(size - from);
        if (request.range() != null) {
            answer.contentRange(String.format(Locale.ROOT, "bytes %d-%d/%d", from, size - 1, size));
        }
        InputStream body =
                request.key().endsWith("tally.json") ? new java.io.ByteArrayInputStream(tally) : new Zeros(size - from);
        return new ResponseInputStream<>(answer.build(), AbortableInputStream.create(body));
    }

    private long sized(String key) {
        Long size = sizes.get(key);
        if (size == null) {
            throw NoSuchKeyException.builder().statusCode(404).build();
        }
        return size;
    }

    private static long from(String range) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(range);
        }
        return Long.parseLong(matcher.group(1));
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        sizes.put(request.key(), body.optionalContentLength().orElseThrow());
        return PutObjectResponse.builder().build();
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        sizes.remove(request.key());
        return DeleteObjectResponse.builder().build();
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        String id = "upload-" + ids.incrementAndGet();
        uploads.put(id, new ConcurrentSkipListMap<>());
        return CreateMultipartUploadResponse.builder().uploadId(id).build();
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        part(
                request.uploadId(),
                request.partNumber(),
                body.optionalContentLength().orElseThrow());
        return UploadPartResponse.builder().eTag("e").build();
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        Matcher range = RANGE.matcher(request.copySourceRange());
        if (!range.matches() || Long.parseLong(range.group(2)) >= sized(request.sourceKey())) {
            throw new IllegalArgumentException(request.copySourceRange() + " of " + request.sourceKey());
        }
        long length = Long.parseLong(range.group(2)) + 1 - Long.parseLong(range.group(1));
        part(request.uploadId(), request.partNumber(), length);
        return UploadPartCopyResponse.builder().copyPartResult(r -> r.eTag("e")).build();
    }

    private void part(String upload, int number, long size) {
        if (number > MOST_PARTS) {
            throw new IllegalArgumentException("part " + number);
        }
        java.util.Objects.requireNonNull(uploads.get(upload)).put(number, size);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        NavigableMap<Integer, Long> parts = java.util.Objects.requireNonNull(uploads.remove(request.uploadId()));
        parts.headMap(parts.lastKey()).forEach((number, size) -> {
            if (size < MIN_PART) {
                throw new IllegalArgumentException("part " + number + " has " + size + " bytes");
            }
        });
        sizes.put(
                request.key(),
                parts.values().stream().mapToLong(Long::longValue).sum());
        return CompleteMultipartUploadResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {}

    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(left, length);
            left -= n;
            return n;
        }
    }

    /// The tally of a segment of three pairs, one of which has failed.
    static byte[] tally(String columns) {
        return ("{\"segment\":1,\"attempt\":1,\"collect_version\":\"v\",\"columns\":\"" + columns
                        + "\",\"pairs\":3,\"observed\":2,\"failed\":1,\"failed_by_code\":{\"no_tag\":1}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
