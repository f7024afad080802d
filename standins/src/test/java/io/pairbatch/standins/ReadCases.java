package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Reads of parts and by stream.
interface ReadCases extends BucketCases {

    private ResponseBytes<GetObjectResponse> read(String name, String range) {
        return s3().getObjectAsBytes(r -> r.bucket(bucket()).key(key(name)).range(range));
    }

    private void assertPart(ResponseBytes<GetObjectResponse> got, String text, String contentRange) {
        assertThat(got.asUtf8String()).isEqualTo(text);
        assertThat(got.response().sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(got.response().contentLength()).isEqualTo(text.length());
        assertThat(got.response().contentRange()).isEqualTo(contentRange);
    }

    @Test
    default void aRangeFromAnOffsetIsTheRest() {
        put("a", "0123456789");

        assertPart(read("a", "bytes=7-"), "789", "bytes 7-9/10");
        assertPart(read("a", "bytes=0-"), "0123456789", "bytes 0-9/10");
    }

    @Test
    default void aRangeWithTwoEndsHoldsBothAndIsCutAtTheObjectsEnd() {
        put("a", "0123456789");

        assertPart(read("a", "bytes=2-4"), "234", "bytes 2-4/10");
        assertPart(read("a", "bytes=8-99"), "89", "bytes 8-9/10");
    }

    @Test
    default void aRangeOfTheLastBytesIsCutAtTheObjectsBeginning() {
        put("a", "0123456789");

        assertPart(read("a", "bytes=-3"), "789", "bytes 7-9/10");
        assertPart(read("a", "bytes=-30"), "0123456789", "bytes 0-9/10");
    }

    @Test
    default void aRangeThatBeginsAtTheEndIsRefused() {
        put("a", "0123456789");

        assertThat(refusal(() -> read("a", "bytes=10-"))).satisfies(e -> {
            assertThat(e.statusCode()).isEqualTo(416);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidRange");
        });
    }

    @Test
    default void noRangeOfAnEmptyObjectCanBeRead() {
        put("a", "");

        assertThat(status(() -> read("a", "bytes=0-"))).isEqualTo(416);
        assertThat(text("a")).isEmpty();
    }

    @Test
    default void aRangeOfAnOldVersionIsThatVersions() {
        String first = put("a", "0123456789").versionId();
        put("a", "abcdefghij");

        assertPart(
                s3().getObjectAsBytes(r ->
                        r.bucket(bucket()).key(key("a")).versionId(first).range("bytes=7-")),
                "789",
                "bytes 7-9/10");
    }

    @Test
    default void aBodyIsReadAsAStream() throws IOException {
        put("a", "0123456789");

        try (ResponseInputStream<GetObjectResponse> in =
                s3().getObject(r -> r.bucket(bucket()).key(key("a")))) {
            assertThat(in.response().contentLength()).isEqualTo(10);
            assertThat(in.read()).isEqualTo('0');
            assertThat(in.skip(2)).isEqualTo(2);
            assertThat(in.readNBytes(4)).asString(StandardCharsets.UTF_8).isEqualTo("3456");
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("789");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    default void anOpenBodyStaysThatOfItsVersion() throws IOException {
        put("a", "one");

        try (ResponseInputStream<GetObjectResponse> in =
                s3().getObject(r -> r.bucket(bucket()).key(key("a")))) {
            put("a", "two");
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("one");
        }
    }

    @Test
    default void aBodyThatIsAbortedGivesNoMore() throws IOException {
        put("a", "0".repeat(1_000_000));

        ResponseInputStream<GetObjectResponse> in =
                s3().getObject(r -> r.bucket(bucket()).key(key("a")));
        assertThat(in.read()).isEqualTo('0');
        in.abort();

        assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        assertThat(text("a")).hasSize(1_000_000);
    }

    @Test
    default void aTransformerSeesTheAnswerAndTheBody() {
        s3().putObject(
                        r -> r.bucket(bucket()).key(key("a")).metadata(Map.of("rows", "7")),
                        RequestBody.fromString("hello"));

        ResponseTransformer<GetObjectResponse, String> joined =
                (answer, in) -> answer.metadata().get("rows") + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(s3().getObject(r -> r.bucket(bucket()).key(key("a")), joined))
                .isEqualTo("7hello");
    }
}
