package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.standins.UploadWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
        assertThat(wire.calls())
                .containsExactly("create CRC32", "part CRC32", "copy bytes=0-7340031", "part CRC32", "complete 3");
    }

    @Test
    void aCopiedPartHasAtMost256MebibytesSoThatNoCallTakesLong() throws IOException {
        UploadWire wire = new UploadWire();
        try (Draft draft = new S3JobStore(wire.client(), "bucket", "job").create("target")) {
            draft.append("source", 7, 600L * MIB);
            draft.commit();
        }
        assertThat(wire.calls())
                .containsExactly(
                        "create CRC32",
                        "copy bytes=7-268435462",
                        "copy bytes=268435463-536870918",
                        "copy bytes=536870919-629145606",
                        "complete 3");
    }

    @Test
    void theLargestObjectHasNoMoreThanTenThousandParts() throws IOException {
        UploadWire wire = new UploadWire();
        long largest = 5L << 40;
        try (Draft draft = new S3JobStore(wire.client(), "bucket", "job").create("target")) {
            draft.append(List.of(new Draft.Piece("source", 0, largest)), new Lanes(4));
            draft.commit();
        }
        assertThat(Integer.parseInt(wire.calls().getLast().substring("complete ".length())))
                .isBetween(5_000, 10_000);
        assertThat(wire.calls())
                .contains("copy bytes=0-268435455")
                .anyMatch(call -> call.endsWith("-" + (largest - 1)));
    }

    @Test
    void partsThatWereCopiedSideBySideStandInTheirOrder() throws IOException {
        byte[] source = new byte[40 * MIB];
        new Random(1).nextBytes(source);
        s3.put("jobs/job/source", source);
        List<Draft.Piece> pieces = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int size : new int[] {6 * MIB, 1000, 7 * MIB, 5 * MIB, 1, 6 * MIB}) {
            pieces.add(new Draft.Piece("source", 2L * size, size));
            expected.write(source, 2 * size, size);
        }
        try (Draft draft = store.create("target")) {
            draft.write(new byte[] {1});
            draft.append(pieces, new Lanes(4));
            draft.write(new byte[] {2});
            draft.commit();
        }
        byte[] target = Objects.requireNonNull(s3.get("jobs/job/target"));
        assertThat(Arrays.copyOfRange(target, 1, target.length - 1)).isEqualTo(expected.toByteArray());
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
