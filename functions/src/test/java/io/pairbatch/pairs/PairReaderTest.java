package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.RowRejection;
import io.pairbatch.store.Csv;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PairReaderTest {

    private static final String HEADER = "ID1,text1,ID2,text2\n";

    @Test
    void readsBackWhatOurOwnCsvWrites() throws IOException {
        Random random = new Random(7);
        String[] texts = {"plain", "NA", "", "a,b", "\"q\"", "l\nf", "c\r\nr", " x ", "é😀", "\"", "\n", "'", ",,", "\r"
        };
        StringBuilder csv = new StringBuilder("ID1,text1,ID2,text2,note\n");
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            @Nullable String note = random.nextInt(4) == 0 ? null : texts[random.nextInt(texts.length)];
            List<@Nullable String> row = new ArrayList<>();
            row.add("A" + texts[random.nextInt(texts.length)]);
            row.add(texts[random.nextInt(texts.length)] + texts[random.nextInt(texts.length)]);
            row.add("B" + i);
            row.add(texts[random.nextInt(texts.length)]);
            row.add(note);
            rows.add(row);
            Csv.line(csv, row);
        }
        List<List<@Nullable String>> read = new ArrayList<>();
        for (InputRow row : rows(csv.toString().getBytes(StandardCharsets.UTF_8), 1 << 20)) {
            assertThat(row).isInstanceOf(InputRow.Accepted.class);
            read.add(new ArrayList<>(((InputRow.Accepted) row).pair().columns().values()));
        }
        assertThat(read).isEqualTo(rows);
    }

    @Test
    void readingCanContinueAfterAnyRowForAnyBytes() throws IOException {
        byte[] alphabet = "A,a,B,b\n\"\"\n,\r\n".getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(HEADER.getBytes(StandardCharsets.UTF_8));
            for (int i = random.nextInt(200); i >= 0; i--) {
                bytes.write(random.nextInt(50) == 0 ? 0xE9 : alphabet[random.nextInt(alphabet.length)]);
            }
            resumeEverywhere(bytes.toByteArray(), 25 + random.nextInt(60), seed);
        }
    }

    private static void resumeEverywhere(byte[] bytes, int maxRecord, int seed) throws IOException {
        InputFile file = file(bytes);
        List<Position> positions = new ArrayList<>();
        List<InputRow> rows = new ArrayList<>();
        try (PairReader reader = PairReader.open(file, Position.START, maxRecord)) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
                positions.add(reader.position());
                assertThat(row.row()).isEqualTo(rows.size());
            }
        }
        for (int i = 0; i < positions.size(); i++) {
            List<InputRow> rest = new ArrayList<>();
            try (PairReader reader = PairReader.open(file, positions.get(i), maxRecord)) {
                for (InputRow row = reader.read(); row != null; row = reader.read()) {
                    rest.add(row);
                }
            }
            assertThat(rest).as("seed %s, after row %s", seed, i + 1).isEqualTo(rows.subList(i + 1, rows.size()));
        }
    }

    @Test
    void aPositionIsWhereTheNextRowStarts() throws IOException {
        Random random = new Random(11);
        StringBuilder csv = new StringBuilder(HEADER);
        for (int i = 1; i <= 300; i++) {
            String text = "x".repeat(random.nextInt(10) == 0 ? random.nextInt(300_000) : random.nextInt(3000));
            csv.append("R").append(i).append(",\"a\n").append(text).append("\",B,b\n");
        }
        byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
        try (PairReader reader = PairReader.open(file(bytes))) {
            for (int i = 1; i < 300; i++) {
                assertThat(reader.read()).isInstanceOf(InputRow.Accepted.class);
                int offset = (int) reader.position().offset();
                String next = "R" + (i + 1) + ",";
                assertThat(new String(bytes, offset, next.length(), StandardCharsets.UTF_8))
                        .isEqualTo(next);
            }
        }
    }

    @Test
    void aRowThatIsTooLongIsOneRejectedRow() throws IOException {
        String table = HEADER + "A,a,B,b\nA," + "x".repeat(500) + ",B,b\nA,c,B,b\n";
        List<InputRow> rows = rows(table.getBytes(StandardCharsets.UTF_8), 100);
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1)).isEqualTo(new InputRow.Rejected(2, RowRejection.ROW_TOO_LONG, "more than 16 MiB"));
        assertThat(rows.get(2)).isInstanceOf(InputRow.Accepted.class);
    }

    @Test
    void aRowThatIsTooLongAtTheEndOfTheFileIsOneRejectedRow() throws IOException {
        String table = HEADER + "A,\"" + "x".repeat(500);
        assertThat(rows(table.getBytes(StandardCharsets.UTF_8), 100))
                .containsExactly(new InputRow.Rejected(1, RowRejection.ROW_TOO_LONG, "more than 16 MiB"));
    }

    @Test
    void aQuoteThatStaysOpenBeyondTheLimitCostsOneLine() throws IOException {
        String table = HEADER + "A,\"open,B,b\n" + "A,a,B,b\n".repeat(50);
        List<InputRow> rows = rows(table.getBytes(StandardCharsets.UTF_8), 100);
        assertThat(rows).hasSize(51);
        assertThat(rows.getFirst())
                .isInstanceOfSatisfying(
                        InputRow.Rejected.class,
                        row -> assertThat(row.reason()).isEqualTo(RowRejection.UNPARSEABLE_ROW));
        assertThat(rows.subList(1, 51)).allMatch(row -> row instanceof InputRow.Accepted);
    }

    @Test
    void anEssayOfFifteenMegabytesIsRead() throws IOException {
        String essay = "word ".repeat(3 << 20);
        List<InputRow> rows =
                rows((HEADER + "A,\"" + essay + "\",B,b\nA,a,B,b\n").getBytes(StandardCharsets.UTF_8), 16 << 20);
        assertThat(rows).hasSize(2);
        assertThat(((InputRow.Accepted) rows.getFirst()).pair().text1()).isEqualTo(essay);
    }

    @Test
    void aJsonStringOfFifteenMegabytesIsRead() throws IOException {
        String essay = "word ".repeat(3 << 20);
        String line = "{\"ID1\":\"A\",\"text1\":\"" + essay + "\",\"ID2\":\"B\",\"text2\":\"b\"}\n";
        List<InputRow> rows = rows(line.getBytes(StandardCharsets.UTF_8), 16 << 20);
        assertThat(((InputRow.Accepted) rows.getFirst()).pair().text1()).isEqualTo(essay);
    }

    @Test
    void damageInAGzipFileIsReportedWithTheLastReadableRow() throws IOException {
        StringBuilder csv = new StringBuilder(HEADER);
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            csv.append("A,").append(random.nextLong()).append(",B,b\n");
        }
        byte[] whole = gzip(csv.toString());
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 0x55;
        flipped[whole.length / 2 + 1] ^= 0x55;
        for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), flipped)) {
            assertThatThrownBy(() -> rows(damaged, 1 << 20)).isInstanceOfSatisfying(JobRejectedException.class, e -> {
                assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.INPUT_UNREADABLE);
                assertThat(e.getMessage()).containsPattern("after row [1-9]\\d{3}");
            });
        }
    }

    @Test
    void aConnectionThatBreaksBetweenTwoGzipMembersIsAnOutage() throws IOException {
        byte[] first = gzip(HEADER + "A,a,B,b\n");
        InputFile file = new InputFile("pairs.csv.gz", first.length + 30, offset -> new ByteArrayInputStream(first));
        assertThatThrownBy(() -> {
                    try (PairReader reader = PairReader.open(file)) {
                        while (reader.read() != null) {
                            assertThat(reader.position().rows()).isEqualTo(1);
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the stream ended at byte");
    }

    @Test
    void nothingMayFollowTheCompressedData() throws IOException {
        byte[] second = gzip("A,b,B,b\n");
        second[0] = 0;
        for (byte[] rest :
                List.of(new byte[] {1}, "some garbage after the end".getBytes(StandardCharsets.UTF_8), second)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(gzip(HEADER + "A,a,B,b\n"));
            bytes.writeBytes(rest);
            assertThatThrownBy(() -> rows(bytes.toByteArray(), 1 << 20))
                    .isInstanceOf(JobRejectedException.class)
                    .hasMessageStartingWith("INPUT_UNREADABLE: pairs.csv, after row 0: found a damaged gzip file");
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return zipped.toByteArray();
    }

    private static List<InputRow> rows(byte[] bytes, int maxRecord) throws IOException {
        List<InputRow> rows = new ArrayList<>();
        try (PairReader reader = PairReader.open(file(bytes), Position.START, maxRecord)) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static InputFile file(byte[] bytes) {
        return new InputFile(
                "pairs.csv",
                bytes.length,
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset));
    }
}
