package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class S3JobStoreTest {

    @Test
    void aBodyThatEndsTooEarlyIsAnErrorNotTheEndOfTheFile() throws IOException {
        try (InputStream in = store("one\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), 8)
                .open("f")
                .orElseThrow()) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("4 of 8");
        }
    }

    @Test
    void aWholeBodyIsReadToItsEnd() throws IOException {
        try (InputStream in = store(new byte[] {1, 2, 3}, 3).open("f").orElseThrow()) {
            assertThat(in.read()).isEqualTo(1);
            assertThat(in.readAllBytes()).containsExactly(2, 3);
        }
    }

    private static S3JobStore store(byte[] body, long contentLength) {
        S3Client s3 = new S3Client() {
            @Override
            public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
                return new ResponseInputStream<>(
                        GetObjectResponse.builder().contentLength(contentLength).build(),
                        AbortableInputStream.create(new ByteArrayInputStream(body)));
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
