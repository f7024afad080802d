package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.standins.UploadWire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On the wire of the real client.
class S3BucketTest {

    private final UploadWire wire = new UploadWire();
    private final S3Bucket bucket = new S3Bucket(wire.client(), "bucket");

    @TempDir
    private Path folder;

    @Test
    void aLargeTableGoesInPartsWithTheChecksumsThatTheUploadNames() throws IOException {
        Path table = folder.resolve("pairs.csv");
        try (RandomAccessFile sparse = new RandomAccessFile(table.toFile(), "rw")) {
            sparse.setLength((128L << 20) + 1);
        }

        bucket.put("inbox/essays/pairs.csv", table, "f");

        assertThat(wire.calls()).containsExactly("create CRC32", "part CRC32", "part CRC32", "complete 2");
    }

    @Test
    void aSmallOneGoesAtOnce() throws IOException {
        bucket.put("inbox/essays/job.json", new byte[10], "f");
        assertThat(wire.calls()).containsExactly("PUT CRC32");
    }
}
