package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Uploads in parts.
interface UploadCases extends BucketCases {

    int MIN_PART = 5 * 1024 * 1024;

    /// As every upload of a job begins.
    private String begin(String name) {
        return s3().createMultipartUpload(
                        r -> r.bucket(bucket()).key(key(name)).checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
    }

    private String beginWithoutChecksum(String name) {
        return s3().createMultipartUpload(r -> r.bucket(bucket()).key(key(name)))
                .uploadId();
    }

    private UploadPartResponse upload(String name, String id, int number, byte[] bytes) {
        return s3().uploadPart(
                        r -> r.bucket(bucket()).key(key(name)).uploadId(id).partNumber(number),
                        RequestBody.fromBytes(bytes));
    }

    private CompletedPart part(String name, String id, int number, byte[] bytes) {
        UploadPartResponse answer = upload(name, id, number, bytes);
        return part(number, answer.eTag(), answer.checksumCRC32());
    }

    private CompletedPart part(int number, String etag, @Nullable String crc32) {
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(etag)
                .checksumCRC32(crc32)
                .build();
    }

    private CopyPartResult copy(String from, @Nullable String range, String to, String id, int number) {
        return s3().uploadPartCopy(r -> r.sourceBucket(bucket())
                        .sourceKey(key(from))
                        .copySourceRange(range)
                        .destinationBucket(bucket())
                        .destinationKey(key(to))
                        .uploadId(id)
                        .partNumber(number))
                .copyPartResult();
    }

    private CompleteMultipartUploadResponse complete(String name, String id, CompletedPart... parts) {
        return s3().completeMultipartUpload(
                        r -> r.bucket(bucket()).key(key(name)).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    private byte[] bytes(String name) {
        return s3().getObjectAsBytes(r -> r.bucket(bucket()).key(key(name))).asByteArray();
    }

    private static byte[] filled(int length, int with) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    default void aCompleteUploadIsItsPartsInTheirOrder() {
        String id = begin("a");
        byte[] tail = filled(3, 2);
        byte[] head = filled(MIN_PART, 1);
        CompletedPart second = part("a", id, 7, tail);
        CompletedPart first = part("a", id, 2, head);
        assertThatThrownBy(() -> bytes("a")).isInstanceOf(NoSuchKeyException.class);

        CompleteMultipartUploadResponse done = complete("a", id, first, second);

        assertThat(bytes("a")).isEqualTo(joined(head, tail));
        HeadObjectResponse headed = s3().headObject(r -> r.bucket(bucket()).key(key("a")));
        assertThat(headed.versionId()).isNotEmpty().isEqualTo(done.versionId());
        assertThat(headed.eTag()).isEqualTo(done.eTag());
        assertThat(headed.contentLength()).isEqualTo(MIN_PART + 3);
        // MD5 of the two parts' MD5s.
        assertThat(done.eTag()).isEqualTo("\"c6e0105ebf4dd1e80dd26e681b38fb08-2\"");
        assertThat(s3().listMultipartUploads(r -> r.bucket(bucket()).prefix(prefix()))
                        .uploads())
                .isEmpty();
    }

    @Test
    default void aRangeIsReadAcrossParts() {
        String id = begin("a");
        complete("a", id, part("a", id, 1, filled(MIN_PART, '1')), part("a", id, 2, filled(3, '2')));

        assertThat(s3().getObjectAsBytes(
                                r -> r.bucket(bucket()).key(key("a")).range("bytes=" + (MIN_PART - 2) + "-" + MIN_PART))
                        .asUtf8String())
                .isEqualTo("112");
    }

    @Test
    default void aPartThatIsSentAgainReplacesTheFirst() {
        String id = begin("a");
        CompletedPart old = part("a", id, 1, filled(3, 1));
        CompletedPart replacement = part("a", id, 1, filled(4, 2));

        assertThat(code(() -> complete("a", id, old))).isEqualTo("InvalidPart");
        complete("a", id, replacement);

        assertThat(bytes("a")).isEqualTo(filled(4, 2));
    }

    @Test
    default void partsAreNamedInAscendingOrder() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(MIN_PART, 1));
        CompletedPart second = part("a", id, 2, filled(MIN_PART, 2));

        assertThat(code(() -> complete("a", id, second, first))).isEqualTo("InvalidPartOrder");
        complete("a", id, first, second);
    }

    @Test
    default void aPartThatWasNotSentCannotBeNamed() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(3, 1));

        assertThat(code(() -> complete("a", id, part(2, first.eTag(), first.checksumCRC32()))))
                .isEqualTo("InvalidPart");
        complete("a", id, first);
    }

    @Test
    default void anUploadOfNoPartsIsRefused() {
        String id = begin("a");

        assertThat(status(() -> complete("a", id))).isEqualTo(400);
    }

    @Test
    default void everyPartButTheLastHasFiveMebibytes() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(MIN_PART - 1, 1));
        CompletedPart second = part("a", id, 2, filled(1, 2));

        assertThat(code(() -> complete("a", id, first, second))).isEqualTo("EntityTooSmall");
        complete("a", id, first);
    }

    @Test
    default void anUploadThatIsOverIsNoSuchUpload() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(3, 1));
        s3().abortMultipartUpload(r -> r.bucket(bucket()).key(key("a")).uploadId(id));

        assertThatThrownBy(() -> upload("a", id, 1, new byte[1])).isInstanceOf(NoSuchUploadException.class);
        assertThatThrownBy(() -> complete("a", id, first)).isInstanceOf(NoSuchUploadException.class);
        assertThatThrownBy(() -> s3().abortMultipartUpload(
                                r -> r.bucket(bucket()).key(key("a")).uploadId(id)))
                .isInstanceOf(NoSuchUploadException.class);
        assertThat(s3().listMultipartUploads(r -> r.bucket(bucket()).prefix(prefix()))
                        .uploads())
                .isEmpty();
        assertThatThrownBy(() -> bytes("a")).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    default void anUploadBelongsToItsKey() {
        String id = begin("a");

        assertThatThrownBy(() -> upload("b", id, 1, new byte[1])).isInstanceOf(NoSuchUploadException.class);
    }

    @Test
    default void aPartHasANumberFromOneToTenThousand() {
        String id = begin("a");

        assertThat(status(() -> upload("a", id, 0, new byte[1]))).isEqualTo(400);
        assertThat(status(() -> upload("a", id, 10_001, new byte[1]))).isEqualTo(400);
        upload("a", id, 10_000, new byte[1]);
    }

    @Test
    default void aPartCanBeCopiedFromARangeOfAnObject() {
        byte[] source = joined(filled(10, 1), filled(MIN_PART, 2));
        s3().putObject(r -> r.bucket(bucket()).key(key("source")), RequestBody.fromBytes(source));
        String id = begin("a");

        CopyPartResult copied = copy("source", "bytes=5-" + (MIN_PART + 4), "a", id, 1);
        CompletedPart tail = part("a", id, 2, filled(1, 3));
        complete("a", id, part(1, copied.eTag(), copied.checksumCRC32()), tail);

        byte[] expected = joined(Arrays.copyOfRange(source, 5, MIN_PART + 5), filled(1, 3));
        assertThat(bytes("a")).isEqualTo(expected);
    }

    @Test
    default void aCopiedPartIsOfTheVersionThatIsNamed() {
        String first = put("source", "one").versionId();
        put("source", "two");
        String id = begin("a");

        UploadPartCopyResponse copied = s3().uploadPartCopy(r -> r.sourceBucket(bucket())
                .sourceKey(key("source"))
                .sourceVersionId(first)
                .destinationBucket(bucket())
                .destinationKey(key("a"))
                .uploadId(id)
                .partNumber(1));
        complete(
                "a",
                id,
                part(1, copied.copyPartResult().eTag(), copied.copyPartResult().checksumCRC32()));

        assertThat(copied.copySourceVersionId()).isEqualTo(first);
        assertThat(text("a")).isEqualTo("one");
    }

    @Test
    default void aRangeThatIsNotWithinItsSourceCannotBeCopied() {
        s3().putObject(r -> r.bucket(bucket()).key(key("source")), RequestBody.fromBytes(filled(MIN_PART, 1)));
        String id = begin("a");

        assertThat(status(() -> copy("source", "bytes=0-" + MIN_PART, "a", id, 1)))
                .isIn(400, 416);
        assertThat(status(() -> copy("source", "bytes=5-", "a", id, 1))).isEqualTo(400);
        assertThatThrownBy(() -> copy("nowhere", "bytes=0-1", "a", id, 1)).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    default void aRangeOfASmallSourceCannotBeCopied() {
        put("source", "small");
        String id = begin("a");

        assertThat(code(() -> copy("source", "bytes=0-1", "a", id, 1))).isEqualTo("InvalidRequest");
    }

    @Test
    default void anUploadedPartIsAnsweredWithItsChecksumAndACopiedOneWithout() {
        put("source", "hello");
        String id = beginWithoutChecksum("a");

        assertThat(upload("a", id, 1, "hello".getBytes(StandardCharsets.UTF_8)).checksumCRC32())
                .isEqualTo("NhCmhg==");
        assertThat(copy("source", null, "a", id, 2).checksumCRC32()).isNull();
    }

    @Test
    default void anUploadThatBeganWithAChecksumWantsThatOfEachPart() {
        put("source", "hello");
        String id = begin("a");
        CopyPartResult copied = copy("source", null, "a", id, 1);
        assertThat(copied.checksumCRC32()).isEqualTo("NhCmhg==");

        assertThat(code(() -> complete("a", id, part(1, copied.eTag(), null)))).isEqualTo("InvalidRequest");
        CompleteMultipartUploadResponse done = complete("a", id, part(1, copied.eTag(), copied.checksumCRC32()));

        assertThat(done.checksumCRC32()).isEqualTo("FKTmaw==-1");
    }

    @Test
    default void aPartThatWasSentIsNamedWithItsChecksumAndACopiedOneWithout() {
        s3().putObject(r -> r.bucket(bucket()).key(key("source")), RequestBody.fromBytes(filled(MIN_PART, 1)));
        String id = beginWithoutChecksum("a");
        CopyPartResult copied = copy("source", null, "a", id, 1);
        UploadPartResponse sent = upload("a", id, 2, filled(3, 1));

        assertThat(code(() -> complete("a", id, part(1, copied.eTag(), null), part(2, sent.eTag(), null))))
                .isEqualTo("InvalidPart");
        complete("a", id, part(1, copied.eTag(), null), part(2, sent.eTag(), sent.checksumCRC32()));
    }

    @Test
    default void aPartWhoseNamedChecksumIsAnotherIsRefused() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(3, 1));

        assertThat(code(() -> complete("a", id, part(1, first.eTag(), "AAAAAA=="))))
                .isEqualTo("InvalidPart");
        complete("a", id, first);
    }

    @Test
    default void aPartThatDoesNotMatchItsChecksumIsRefused() {
        String id = begin("a");

        assertThat(code(() -> s3().uploadPart(
                                r -> r.bucket(bucket())
                                        .key(key("a"))
                                        .uploadId(id)
                                        .partNumber(1)
                                        .checksumCRC32("AAAAAA=="),
                                RequestBody.fromString("hello"))))
                .isEqualTo("BadDigest");
    }

    @Test
    default void thePartsOfAnUploadAreListedByNumberAndByPage() {
        String id = begin("a");
        for (int number : List.of(5, 1, 3)) {
            upload("a", id, number, filled(number, number));
        }

        assertThat(s3().listPartsPaginator(r ->
                                r.bucket(bucket()).key(key("a")).uploadId(id).maxParts(1))
                        .parts())
                .extracting(Part::partNumber)
                .containsExactly(1, 3, 5);
        assertThat(s3().listParts(r -> r.bucket(bucket()).key(key("a")).uploadId(id))
                        .parts())
                .extracting(Part::size)
                .containsExactly(1L, 3L, 5L);
    }

    @Test
    default void anUploadThatBeganEarlierLiesBelowWhatCameMeanwhile() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(3, '1'));
        String current = put("a", "meanwhile").versionId();

        String below = complete("a", id, first).versionId();

        assertThat(text("a")).isEqualTo("meanwhile");
        assertThat(text("a", below)).isEqualTo("111");
        assertThat(s3().listObjectVersions(r -> r.bucket(bucket()).prefix(prefix()))
                        .versions())
                .extracting(v -> v.versionId() + v.isLatest())
                .containsExactly(current + true, below + false);
    }

    @Test
    default void anUploadCompletesOnlyWhereNothingIsWhenItSaysSo() {
        String id = begin("a");
        CompletedPart first = part("a", id, 1, filled(3, 1));
        put("a", "there");

        assertThat(status(() -> s3().completeMultipartUpload(r -> r.bucket(bucket())
                        .key(key("a"))
                        .uploadId(id)
                        .ifNoneMatch("*")
                        .multipartUpload(m -> m.parts(first)))))
                .isEqualTo(412);
        delete("a");
        complete("a", id, first);
    }
}
