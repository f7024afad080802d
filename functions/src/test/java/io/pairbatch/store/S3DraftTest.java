package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.standins.UploadWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// With an S3 in memory that refuses what S3 refuses in a multipart upload: a part of less than 5 MiB that is not the
/// last. The emulator accepts any part.
class S3DraftTest {

    private static final int MIB = 1024 * 1024;
    private static final int[] SIZES = {0, 1, 1000, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 8 * MIB, 8 * MIB + 1, 13 * MIB};

    private final PartsOnlyS3 s3 = new PartsOnlyS3();
    private final S3JobStore store = new S3JobStore(s3, "bucket", "job");

    @TestFactory
    Stream<DynamicTest> anyMixOfWritesAndAppendsGivesTheirBytesInOrder() {
        return IntStream.rangeClosed(1, 40)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> mix(new Random(seed))));
    }

    private void mix(Random random) throws IOException {
        byte[] source = new byte[20 * MIB];
        random.nextBytes(source);
        s3.put("jobs/job/source", source);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (Draft draft = store.create("target")) {
            for (int i = random.nextInt(7); i >= 0; i--) {
                int size = SIZES[random.nextInt(SIZES.length)];
                int offset = random.nextInt(7 * MIB);
                if (random.nextBoolean()) {
                    draft.append("source", offset, size);
                } else {
                    draft.write(source, offset, size);
                }
                expected.write(source, offset, size);
            }
            draft.commit();
        }
        assertThat(s3.get("jobs/job/target")).isEqualTo(expected.toByteArray());
    }

    @Test
    void writtenAndCopiedPartsHaveTheChecksumsThatTheUploadNames() throws IOException {
        UploadWire wire = new UploadWire();
        try (Draft draft = new S3JobStore(wire.client(), "bucket", "job").create("target")) {
            draft.write(new byte[6 * MIB]);
            draft.append("source", 0, 7L * MIB);
            draft.write(new byte[10]);
            draft.commit();
        }
        assertThat(wire.calls()).containsExactly("create CRC32", "part CRC32", "copy", "part CRC32", "complete 3");
    }

    @Test
    void aDraftThatIsNotCommittedLeavesNothing() throws IOException {
        try (Draft draft = store.create("small")) {
            draft.write(new byte[10]);
        }
        try (Draft draft = store.create("large")) {
            draft.write(new byte[20 * MIB]);
        }
        assertThat(store.size("small")).isNegative();
        assertThat(store.size("large")).isNegative();
        assertThat(s3.openUploads()).isZero();
    }

    @Test
    void appendingMoreThanTheFileHasIsAnError() throws IOException {
        s3.put("jobs/job/source", new byte[100]);
        try (Draft draft = store.create("target")) {
            assertThatThrownBy(() -> draft.append("source", 50, 51)).hasMessageContaining("shorter");
            assertThatThrownBy(() -> draft.append("nothing", 0, 1)).hasMessageContaining("no such file");
        }
    }
}
