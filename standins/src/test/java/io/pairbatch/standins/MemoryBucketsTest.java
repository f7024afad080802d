package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// What tests and simulated worlds use in addition to the client's own calls.
class MemoryBucketsTest {

    private static final String BUCKET = "data";
    private static final Instant START = Instant.parse("2026-01-01T10:00:00.700Z");

    private final MovingClock clock = new MovingClock();
    private final MemoryBuckets s3 = new MemoryBuckets(clock, BUCKET);

    private static final class MovingClock extends Clock {

        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private String put(String key, String text) {
        return s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(text))
                .versionId();
    }

    private String begin(String key) {
        return s3.createMultipartUpload(r -> r.bucket(BUCKET).key(key)).uploadId();
    }

    private void complete(String key, String id) {
        UploadPartResponse part = s3.uploadPart(
                r -> r.bucket(BUCKET).key(key).uploadId(id).partNumber(1), RequestBody.fromString("part"));
        s3.completeMultipartUpload(r -> r.bucket(BUCKET)
                .key(key)
                .uploadId(id)
                .multipartUpload(m -> m.parts(List.of(CompletedPart.builder()
                        .partNumber(1)
                        .eTag(part.eTag())
                        .checksumCRC32(part.checksumCRC32())
                        .build()))));
    }

    private String text(String key) {
        return new String(s3.bytes(BUCKET, key).orElseThrow(), StandardCharsets.UTF_8);
    }

    private List<String> versions(String prefix) {
        return s3.versions(BUCKET, prefix)
                .map(v -> v.key() + (v.isDeleteMarker() ? " deleted" : " " + v.size()))
                .toList();
    }

    @Test
    void everyCreatedObjectIsReportedAfterItExists() {
        List<Created> told = new ArrayList<>();
        s3.onCreated(created -> {
            assertThat(s3.bytes(created.bucket(), created.key())).isPresent();
            told.add(created);
        });

        String first = put("a", "hello");
        String second = s3.copyObject(r -> r.sourceBucket(BUCKET)
                        .sourceKey("a")
                        .destinationBucket(BUCKET)
                        .destinationKey("b"))
                .versionId();
        s3.deleteObject(r -> r.bucket(BUCKET).key("a"));
        complete("c", begin("c"));

        String hello = "5d41402abc4b2a76b9719d911017c592";
        assertThat(told).hasSize(3);
        assertThat(told.get(0)).isEqualTo(new Created(BUCKET, "a", first, 5, hello));
        assertThat(told.get(1)).isEqualTo(new Created(BUCKET, "b", second, 5, hello));
        assertThat(told.get(2).key()).isEqualTo("c");
        assertThat(told.get(2).size()).isEqualTo(4);
        assertThat(told.get(2).etag()).endsWith("-1").doesNotContain("\"");
    }

    @Test
    void aListenerThatWritesSeesItsOwnObjectsToo() {
        s3.onCreated(created -> {
            if (created.key().length() < 3) {
                put(created.key() + "a", "x");
            }
        });

        put("a", "x");

        assertThat(versions("")).containsExactly("a 1", "aa 1", "aaa 1");
    }

    @Test
    void theContentIsSeenInOrderWithoutACall() {
        put("b", "1");
        put("a", "22");
        put("a", "333");
        put("c", "4");
        s3.deleteObject(r -> r.bucket(BUCKET).key("c"));

        assertThat(versions("")).containsExactly("a 3", "a 2", "b 1", "c deleted", "c 1");
        assertThat(s3.objects(BUCKET, "")).extracting(StoredVersion::key).containsExactly("a", "b");
        assertThat(s3.countVersions(BUCKET, "a")).isEqualTo(2);
        assertThat(s3.countVersions(BUCKET, "c")).isEqualTo(2);
        assertThat(s3.bytes(BUCKET, "c")).isEmpty();
        assertThat(text("a")).isEqualTo("333");
    }

    @Test
    void whatCallersDoToTheirBytesDoesNotChangeAnObject() {
        byte[] bytes = {1, 2};
        s3.putObject(r -> r.bucket(BUCKET).key("a"), RequestBody.fromBytes(bytes));
        bytes[0] = 9;
        byte[] read = s3.bytes(BUCKET, "a").orElseThrow();
        read[1] = 9;
        s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("a")).asByteArrayUnsafe()[0] = 9;

        assertThat(s3.bytes(BUCKET, "a")).hasValueSatisfying(b -> assertThat(b).containsExactly(1, 2));
    }

    @Test
    void aCopyCanBeRestoredAnyNumberOfTimes() {
        put("a", "one");
        String id = begin("u");
        MemoryBuckets.Copy copy = s3.copy();
        List<String> next = new ArrayList<>();

        for (int i = 0; i < 2; i++) {
            next.add(put("a", "two"));
            s3.deleteObject(r -> r.bucket(BUCKET).key("a"));
            complete("u", id);
            s3.createBucket(r -> r.bucket("other"));
            assertThat(versions("")).containsExactly("a deleted", "a 3", "a 3", "u 4");

            s3.reset(copy);

            assertThat(versions("")).containsExactly("a 3");
            assertThat(text("a")).isEqualTo("one");
            assertThat(s3.listParts(r -> r.bucket(BUCKET).key("u").uploadId(id)).parts())
                    .isEmpty();
            assertThatThrownBy(() -> s3.headBucket(r -> r.bucket("other"))).isInstanceOf(NoSuchBucketException.class);
        }
        assertThat(next.getFirst()).as("the ids too").isEqualTo(next.getLast());
    }

    @Test
    void theSameCallsGiveTheSameIdsAndNoOrderToSortBy() {
        MemoryBuckets other = new MemoryBuckets(clock, BUCKET);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(put("a", "x"));
        }

        assertThat(other.putObject(r -> r.bucket(BUCKET).key("a"), RequestBody.fromString("x"))
                        .versionId())
                .isEqualTo(ids.getFirst());
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids).isNotEqualTo(ids.stream().sorted().toList());
        assertThat(ids.reversed()).isNotEqualTo(ids.stream().sorted().toList());
    }

    @Test
    void timesAreTheClocksWholeSecondsAndAnUploadHasTheTimeOfItsStart() {
        String id = begin("u");
        clock.now = START.plus(Duration.ofMinutes(1));
        put("a", "x");
        complete("u", id);

        assertThat(s3.headObject(r -> r.bucket(BUCKET).key("a")).lastModified()).isEqualTo("2026-01-01T10:01:00Z");
        assertThat(s3.headObject(r -> r.bucket(BUCKET).key("u")).lastModified()).isEqualTo("2026-01-01T10:00:00Z");
    }

    @Test
    void aPageCanBeMadeSmallerThanRequested() {
        for (String key : List.of("a", "b", "c", "d", "e")) {
            put(key, key);
            begin(key);
        }
        s3.pageSize(2);

        assertThat(s3.listObjectsV2(r -> r.bucket(BUCKET).maxKeys(1000)).contents())
                .hasSize(2);
        assertThat(s3.listObjectsV2Paginator(r -> r.bucket(BUCKET)).contents())
                .extracting(S3Object::key)
                .containsExactly("a", "b", "c", "d", "e");
        assertThat(s3.listObjectVersionsPaginator(r -> r.bucket(BUCKET)).versions())
                .hasSize(5);
        assertThat(s3.listMultipartUploads(r -> r.bucket(BUCKET)).isTruncated()).isTrue();
        assertThat(s3.listMultipartUploadsPaginator(r -> r.bucket(BUCKET)).uploads())
                .hasSize(5);
    }

    @Test
    void aRangeCanBeIgnoredIfAVersionIsNamed() {
        s3.ignoreRange(request -> request.versionId() != null);
        String version = put("a", "0123456789");

        ResponseBytes<GetObjectResponse> whole = s3.getObjectAsBytes(
                r -> r.bucket(BUCKET).key("a").versionId(version).range("bytes=7-"));
        assertThat(whole.asUtf8String()).isEqualTo("0123456789");
        assertThat(whole.response().sdkHttpResponse().statusCode()).isEqualTo(200);
        assertThat(whole.response().contentRange()).isNull();
        assertThat(whole.response().contentLength()).isEqualTo(10);

        ResponseBytes<GetObjectResponse> part =
                s3.getObjectAsBytes(r -> r.bucket(BUCKET).key("a").range("bytes=7-"));
        assertThat(part.asUtf8String()).isEqualTo("789");
        assertThat(part.response().sdkHttpResponse().statusCode()).isEqualTo(206);
    }

    @Test
    void aFieldThatCouldChangeTheResponseIsRefusedByName() {
        put("a", "x");

        assertThatThrownBy(() -> s3.putObject(
                        r -> r.bucket(BUCKET).key("a").storageClass(StorageClass.GLACIER), RequestBody.empty()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("putObject")
                .hasMessageContaining("StorageClass");
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket(BUCKET).key("a").ifMatch("x")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("headObject")
                .hasMessageContaining("IfMatch");
        assertThatThrownBy(() -> s3.getObject(r -> r.bucket(BUCKET).key("a").range("bytes=0-1,3-4")))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> s3.createMultipartUpload(
                        r -> r.bucket(BUCKET).key("a").checksumAlgorithm(ChecksumAlgorithm.SHA256)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void encryptionSettingsAreAccepted() {
        s3.putObject(
                r -> r.bucket(BUCKET).key("a").serverSideEncryption(ServerSideEncryption.AES256),
                RequestBody.fromString("x"));

        assertThat(text("a")).isEqualTo("x");
    }

    @Test
    void aMissingOperationIsNamed() {
        assertThatThrownBy(() -> s3.getBucketPolicy(r -> r.bucket(BUCKET)))
                .isInstanceOfSatisfying(
                        UnsupportedOperationException.class,
                        e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("getBucketPolicy"));
    }

    @Test
    void aBodyThatNobodyReadsKeepsNoTimer() {
        put("a", "x");

        ResponseInputStream<GetObjectResponse> in =
                s3.getObject(GetObjectRequest.builder().bucket(BUCKET).key("a").build());

        assertThat(in.hasTimeoutTask()).isFalse();
        in.abort();
    }

    @Test
    void anObjectIsDeletedOnlyAsItWasSeen() {
        put("a", "one");
        String etag = s3.headObject(r -> r.bucket(BUCKET).key("a")).eTag();
        put("a", "two");
        assertThatThrownBy(() -> s3.deleteObject(r -> r.bucket(BUCKET).key("a").ifMatch(etag)))
                .hasMessageContaining("412");
        String now = s3.headObject(r -> r.bucket(BUCKET).key("a")).eTag();
        s3.deleteObject(r -> r.bucket(BUCKET).key("a").ifMatch(now));
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket(BUCKET).key("a"))).hasMessageContaining("404");
    }

    @Test
    void aBodyThatIsShorterThanAnnouncedIsNotPut() {
        assertThatThrownBy(() ->
                        s3.putObject(r -> r.bucket(BUCKET).key("a").contentLength(5L), RequestBody.fromString("four")))
                .isInstanceOf(IllegalStateException.class);

        assertThat(s3.bytes(BUCKET, "a")).isEmpty();
    }
}
