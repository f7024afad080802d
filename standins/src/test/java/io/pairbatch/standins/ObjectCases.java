package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/// Puts, heads and copies.
interface ObjectCases extends BucketCases {

    @Test
    default void whatIsPutIsReadBackWithItsTypeAndItsMetadataInSmallLetters() {
        PutObjectResponse put = s3().putObject(
                        r -> r.bucket(bucket())
                                .key(key("a.csv"))
                                .contentType("text/csv")
                                .metadata(Map.of("Rows", "2")),
                        RequestBody.fromString("a\nb\n"));

        ResponseBytes<GetObjectResponse> got =
                s3().getObjectAsBytes(r -> r.bucket(bucket()).key(key("a.csv")));

        assertThat(got.asUtf8String()).isEqualTo("a\nb\n");
        GetObjectResponse answer = got.response();
        assertThat(answer.contentLength()).isEqualTo(4);
        assertThat(answer.contentType()).isEqualTo("text/csv");
        assertThat(answer.metadata()).isEqualTo(Map.of("rows", "2"));
        assertThat(answer.versionId()).isNotEmpty().isEqualTo(put.versionId());
        assertThat(answer.sdkHttpResponse().statusCode()).isEqualTo(200);
        assertThat(answer.contentRange()).isNull();
    }

    @Test
    default void aHeadTellsWhatAGetWouldTell() {
        PutObjectResponse put = put("a", "hello");

        HeadObjectResponse head = s3().headObject(r -> r.bucket(bucket()).key(key("a")));

        GetObjectResponse got =
                s3().getObjectAsBytes(r -> r.bucket(bucket()).key(key("a"))).response();
        assertThat(head.contentLength()).isEqualTo(5);
        assertThat(head.eTag()).isEqualTo(put.eTag()).isEqualTo(got.eTag());
        assertThat(head.versionId()).isEqualTo(put.versionId());
        assertThat(head.lastModified()).isEqualTo(got.lastModified());
        assertThat(head.lastModified())
                .as("whole seconds")
                .isEqualTo(head.lastModified().truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    default void theEtagOfAPutIsTheMd5OfItsBytesInQuotes() {
        assertThat(put("a", "hello").eTag()).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(put("empty", "").eTag()).isEqualTo("\"d41d8cd98f00b204e9800998ecf8427e\"");
    }

    @Test
    default void aConditionalPutWritesOnlyWhatIsNewOrAsItWasSeen() {
        assertThat(refusal("a", "\"0123\"", "none")).as("nothing is there").isEqualTo(404);
        String first = put("a", "one").eTag();
        assertThat(refusal("a", null, "two")).as("it is there").isEqualTo(412);
        assertThat(refusal("a", "\"0123\"", "two")).as("another ETag").isEqualTo(412);
        assertThat(refusal("a", first, "two")).isZero();
        assertThat(refusal("a", first, "three")).as("an ETag of before").isEqualTo(412);
        assertThat(text("a")).isEqualTo("two");
    }

    /// The status with which a conditional put is refused; 0 if it is done.
    ///
    /// @param etag of the object that it replaces; null if there must be none
    private int refusal(String name, @Nullable String etag, String text) {
        try {
            s3().putObject(
                            r -> {
                                r.bucket(bucket()).key(key(name));
                                if (etag == null) {
                                    r.ifNoneMatch("*");
                                } else {
                                    r.ifMatch(etag);
                                }
                            },
                            RequestBody.fromString(text));
            return 0;
        } catch (S3Exception e) {
            return e.statusCode();
        }
    }

    @Test
    default void everyPutIsAnotherVersionAndTheOldOnesStayReadable() {
        String first = put("a", "one").versionId();
        String second = put("a", "two").versionId();

        assertThat(second).isNotEqualTo(first);
        assertThat(text("a")).isEqualTo("two");
        assertThat(text("a", first)).isEqualTo("one");
        assertThat(s3().headObject(r -> r.bucket(bucket()).key(key("a")).versionId(first))
                        .versionId())
                .isEqualTo(first);
    }

    @Test
    default void aPutThatMayReplaceNothingIsRefusedWhereSomethingIs() {
        putNew("a", "one");

        assertThat(refusal(() -> putNew("a", "two"))).satisfies(e -> {
            assertThat(e.statusCode()).isEqualTo(412);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("PreconditionFailed");
        });
        assertThat(text("a")).isEqualTo("one");
    }

    @Test
    default void aPutThatMayReplaceNothingIsTakenWhereTheObjectWasDeleted() {
        put("a", "one");
        delete("a");

        putNew("a", "two");

        assertThat(text("a")).isEqualTo("two");
    }

    private void putNew(String name, String text) {
        s3().putObject(r -> r.bucket(bucket()).key(key(name)).ifNoneMatch("*"), RequestBody.fromString(text));
    }

    @Test
    default void aKeyThatIsNotThereIsNoSuchKeyForAGetAndForAHead() {
        put("a", "one");

        assertThatThrownBy(() -> text("b"))
                .isInstanceOfSatisfying(
                        NoSuchKeyException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(404));
        assertThatThrownBy(() -> s3().headObject(r -> r.bucket(bucket()).key(key("b"))))
                .isInstanceOfSatisfying(
                        NoSuchKeyException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(404));
    }

    @Test
    default void aBucketThatIsNotThereIsNoSuchBucket() {
        String nowhere = "no-such-" + bucket();

        assertThatThrownBy(() -> s3().getObjectAsBytes(r -> r.bucket(nowhere).key("a")))
                .isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> s3().putObject(r -> r.bucket(nowhere).key("a"), RequestBody.empty()))
                .isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(() -> s3().listObjectsV2(r -> r.bucket(nowhere))).isInstanceOf(NoSuchBucketException.class);
    }

    @Test
    default void aVersionThatIsGoneOrAnotherKeysIsNoSuchVersion() {
        String gone = put("a", "one").versionId();
        put("a", "two");
        String others = put("b", "three").versionId();
        s3().deleteObject(r -> r.bucket(bucket()).key(key("a")).versionId(gone));

        assertThat(code(() -> text("a", gone))).isEqualTo("NoSuchVersion");
        assertThat(code(() -> text("a", others))).isEqualTo("NoSuchVersion");
    }

    @Test
    default void aVersionIdThatCannotBeIsAnInvalidArgument() {
        put("a", "one");

        assertThat(code(() -> text("a", "../x"))).isEqualTo("InvalidArgument");
    }

    @Test
    default void aKeyMayHave1024Bytes() {
        put(longest(), "one");

        assertThat(text(longest())).isEqualTo("one");
    }

    @Test
    default void aKeyOfMoreThan1024BytesIsRefused() {
        assertThat(code(() -> put(longest() + "a", "two"))).isEqualTo("KeyTooLongError");
    }

    private String longest() {
        int left = 1024 - prefix().length();
        return "é".repeat(left / 2) + "a".repeat(left % 2);
    }

    @Test
    default void anEmptyKeyIsRefusedByTheClient() {
        assertThatThrownBy(() -> s3().putObject(r -> r.bucket(bucket()).key(""), RequestBody.empty()))
                .isInstanceOf(SdkClientException.class)
                .hasMessageContaining("Key cannot be empty");
    }

    @Test
    default void aBodyThatDoesNotMatchItsChecksumIsRefused() {
        assertThat(code(() -> s3().putObject(
                                r -> r.bucket(bucket()).key(key("a")).checksumCRC32("AAAAAA=="),
                                RequestBody.fromString("hello"))))
                .isEqualTo("BadDigest");
        assertThat(code(() -> s3().putObject(
                                r -> r.bucket(bucket()).key(key("a")).contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                                RequestBody.fromString("hello"))))
                .isEqualTo("BadDigest");
        assertThatThrownBy(() -> text("a")).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    default void aCopyHasTheBytesTheTypeAndTheMetadataAndIsAVersionOfItsOwn() {
        s3().putObject(
                        r -> r.bucket(bucket())
                                .key(key("a"))
                                .contentType("text/csv")
                                .metadata(Map.of("rows", "1")),
                        RequestBody.fromString("one"));
        String before = put("b", "old").versionId();

        CopyObjectResponse copy = s3().copyObject(r -> r.sourceBucket(bucket())
                .sourceKey(key("a"))
                .destinationBucket(bucket())
                .destinationKey(key("b"))
                .taggingDirective(TaggingDirective.REPLACE));

        HeadObjectResponse head = s3().headObject(r -> r.bucket(bucket()).key(key("b")));
        assertThat(text("b")).isEqualTo("one");
        assertThat(text("b", before)).isEqualTo("old");
        assertThat(head.contentType()).isEqualTo("text/csv");
        assertThat(head.metadata()).isEqualTo(Map.of("rows", "1"));
        assertThat(head.versionId()).isEqualTo(copy.versionId()).isNotEqualTo(before);
        assertThat(head.eTag()).isEqualTo(copy.copyObjectResult().eTag());
    }

    @Test
    default void aCopyCanReplaceTheMetadata() {
        s3().putObject(
                        r -> r.bucket(bucket()).key(key("a")).metadata(Map.of("rows", "1")),
                        RequestBody.fromString("one"));

        s3().copyObject(r -> r.sourceBucket(bucket())
                .sourceKey(key("a"))
                .destinationBucket(bucket())
                .destinationKey(key("a"))
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("by", "me")));

        assertThat(s3().headObject(r -> r.bucket(bucket()).key(key("a"))).metadata())
                .isEqualTo(Map.of("by", "me"));
    }

    @Test
    default void aCopyOfAnOldVersionBringsItBack() {
        String first = put("a", "one").versionId();
        put("a", "two");

        CopyObjectResponse copy = s3().copyObject(r -> r.sourceBucket(bucket())
                .sourceKey(key("a"))
                .sourceVersionId(first)
                .destinationBucket(bucket())
                .destinationKey(key("a")));

        assertThat(text("a")).isEqualTo("one");
        assertThat(copy.copySourceVersionId()).isEqualTo(first);
    }

    @Test
    default void aCopyOfNothingIsNoSuchKey() {
        put("a", "one");
        delete("a");

        assertThatThrownBy(() -> copy("a", "c")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> copy("b", "c")).isInstanceOf(NoSuchKeyException.class);
    }

    @Test
    default void aCopyOntoItselfThatChangesNothingIsRefused() {
        put("a", "one");

        assertThat(code(() -> copy("a", "a"))).isEqualTo("InvalidRequest");
    }

    private void copy(String from, String to) {
        s3().copyObject(r -> r.sourceBucket(bucket())
                .sourceKey(key(from))
                .destinationBucket(bucket())
                .destinationKey(key(to)));
    }
}
