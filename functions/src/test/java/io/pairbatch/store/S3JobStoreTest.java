package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.RetryableException;
import io.pairbatch.standins.MemoryBuckets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

class S3JobStoreTest {

    @Test
    void aBodyThatEndsTooEarlyIsAnErrorNotTheEndOfTheFile() throws IOException {
        try (InputStream in =
                store("one\n".getBytes(StandardCharsets.UTF_8), 8).open("f").orElseThrow()) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("4 of 8");
        }
    }

    @Test
    void aWholeBodyIsReadToTheEnd() throws IOException {
        try (InputStream in = store(new byte[] {1, 2, 3}, 3).open("f").orElseThrow()) {
            assertThat(in.read()).isEqualTo(1);
            assertThat(in.readAllBytes()).containsExactly(2, 3);
        }
    }

    @Test
    void aServerThatIgnoresTheRangeIsReadFromTheRequestedByte() throws IOException {
        MemoryBuckets buckets = new MemoryBuckets(Clock.systemUTC(), "bucket");
        buckets.putObject(r -> r.bucket("bucket").key("jobs/job/f"), RequestBody.fromString("0123456789"));
        S3JobStore store = new S3JobStore(buckets, "bucket", "job");
        for (boolean whole : new boolean[] {false, true}) {
            buckets.ignoreRange(request -> whole);
            assertThat(text(store, 0)).isEqualTo("0123456789");
            assertThat(text(store, 6)).isEqualTo("6789");
            assertThat(text(store, 10)).isEmpty();
            assertThat(text(store, 11)).isEmpty();
            try (Draft draft = store.create("g")) {
                draft.append("f", 4, 3);
                draft.commit();
            }
            assertThat(buckets.bytes("bucket", "jobs/job/g")).hasValue("456".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void requestsAndAnswersAreDeletedWithEveryVersionOthersAreNot() {
        MemoryBuckets buckets = new MemoryBuckets(Clock.systemUTC(), "bucket");
        S3JobStore store = new S3JobStore(buckets, "bucket", "job");
        for (String name : List.of("batch_01_output.jsonl", "batch_01_output.jsonl.part", "summary.json")) {
            for (String text : List.of("old", "new")) {
                buckets.putObject(r -> r.bucket("bucket").key("jobs/job/" + name), RequestBody.fromString(text));
            }
        }
        store.delete("batch_01_output.jsonl");
        store.delete("batch_01_output.jsonl");
        store.delete("summary.json");

        ListObjectVersionsResponse left =
                buckets.listObjectVersions(r -> r.bucket("bucket").prefix("jobs/"));
        assertThat(left.versions())
                .extracting(ObjectVersion::key)
                .containsExactlyInAnyOrder(
                        "jobs/job/batch_01_output.jsonl.part",
                        "jobs/job/batch_01_output.jsonl.part",
                        "jobs/job/summary.json",
                        "jobs/job/summary.json");
        assertThat(left.deleteMarkers()).extracting(DeleteMarkerEntry::key).containsExactly("jobs/job/summary.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"206;bytes 0-9/10;10", "206;bytes 6-8/10;3", "206;bytes 5-9/10;5", "206;;4", "206;bytes 6-9/10;5"})
    void otherBytesThanTheRequestedOnesAreAnOutage(int status, @Nullable String range, long length) {
        S3JobStore store = store(
                new byte[10],
                answer -> answer.contentLength(length)
                        .contentRange(range)
                        .sdkHttpResponse(
                                SdkHttpResponse.builder().statusCode(status).build()));
        assertThatThrownBy(() -> store.open("f", 6))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("was asked for jobs/job/f from byte 6");
    }

    private static String text(S3JobStore store, long offset) throws IOException {
        try (InputStream in = store.open("f", offset).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static S3JobStore store(byte[] body, long contentLength) {
        return store(body, answer -> answer.contentLength(contentLength));
    }

    private static S3JobStore store(byte[] body, Consumer<GetObjectResponse.Builder> headers) {
        S3Client s3 = new S3Client() {
            @Override
            public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
                GetObjectResponse.Builder answer = GetObjectResponse.builder();
                headers.accept(answer);
                return new ResponseInputStream<>(
                        answer.build(), AbortableInputStream.create(new ByteArrayInputStream(body)));
            }

            @Override
            public String serviceName() {
                return "s3";
            }

            @Override
            public void close() {}
        };
        return new S3JobStore(s3, "bucket", "job");
    }
}
