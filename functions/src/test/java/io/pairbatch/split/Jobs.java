package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.InputFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// Jobs and tables for tests.
final class Jobs {

    private Jobs() {}

    /// A small job; `fields` is JSON such as `"batch_size": 2`, or empty.
    static ResolvedJob job(String fields) throws IOException {
        return new ResolvedJob(
                "test-0123abcd",
                Instant.parse("2026-11-22T10:00:00Z"),
                "0.1.0",
                new ResolvedJob.Source("bucket", "inbox/test/pairs.csv", "v1", "\"e\"", 10),
                JobFixture.spec(fields));
    }

    static InputFile file(String name, byte[] bytes) {
        return new InputFile(
                name,
                bytes.length,
                offset -> new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, bytes.length)));
    }

    static InputFile file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
