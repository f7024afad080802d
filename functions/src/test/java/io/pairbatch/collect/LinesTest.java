package io.pairbatch.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void blankLinesAreCountedAndSkipped() throws IOException {
        assertThat(read("\n  \na\n\t\r\n\nb\r\n", 100)).containsExactly("3:a", "6:b\r");
        assertThat(read("", 100)).isEmpty();
        assertThat(read("\n\n", 100)).isEmpty();
        assertThat(read("a", 100)).containsExactly("1:a");
    }

    @Test
    void linesAreTheSameForAnyChunksOfTheStream() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                String line = "x".repeat(random.nextInt(round < 5 ? 200_000 : 40));
                if (!line.isEmpty()) {
                    expected.add(i + ":" + line);
                }
                text.append(line).append('\n');
            }
            InputStream stuttering = stuttering(text.toString(), random);
            assertThat(read(stuttering, 1 << 20)).isEqualTo(expected);
        }
    }

    @Test
    void aLineThatIsNotReadIsSkipped() throws IOException {
        try (Lines lines = new Lines(bytes("abc\ndef\n"), 100)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.line().read()).isEqualTo('a');
            assertThat(lines.next()).isTrue();
            assertThat(lines.number()).isEqualTo(2);
            assertThat(lines.start(2)).isEqualTo("de");
            assertThat(lines.next()).isFalse();
        }
    }

    @Test
    void aLineOverTheLimitEndsEarlyAndIsReported() throws IOException {
        try (Lines lines = new Lines(bytes("x".repeat(300_000) + "\n1234\n"), 1000)) {
            assertThat(lines.next()).isTrue();
            assertThat(lines.line().readAllBytes().length).isLessThan(100_000);
            assertThat(lines.isTooLong()).isTrue();
            assertThat(lines.next()).isTrue();
            assertThat(lines.isTooLong()).isFalse();
            assertThat(lines.number()).isEqualTo(2);
        }
    }

    private static List<String> read(String text, long limit) throws IOException {
        return read(bytes(text), limit);
    }

    private static List<String> read(InputStream in, long limit) throws IOException {
        List<String> found = new ArrayList<>();
        try (Lines lines = new Lines(in, limit)) {
            while (lines.next()) {
                found.add(lines.number() + ":" + new String(lines.line().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream stuttering(String text, Random random) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(50_000)));
            }

            @Override
            public int read(byte[] target) {
                return read(target, 0, target.length);
            }
        };
    }
}
