package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RecordCounterTest {

    private static final Path TABLES = Path.of("src/test/resources/tables");

    /// The number before the extension is the number of rows.
    @TestFactory
    Stream<DynamicTest> countsTheRowsOf() throws IOException {
        try (Stream<Path> files = Files.list(TABLES)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)));
        }
    }

    private static void check(Path file) throws IOException {
        String name = file.getFileName().toString();
        long expected = Long.parseLong(name.split("\\.", -1)[1]);
        try (InputStream in = Files.newInputStream(file)) {
            assertThat(RecordCounter.rows(name, in)).isEqualTo(expected);
        }
    }

    @Test
    void readsThroughGzipWhateverTheName() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("ID1,text1\na,b\nc,d\n".getBytes(StandardCharsets.UTF_8));
        }
        for (String name : new String[] {"pairs.csv.gz", "pairs.csv"}) {
            assertThat(RecordCounter.rows(name, new ByteArrayInputStream(bytes.toByteArray())))
                    .isEqualTo(2);
        }
    }

    @Test
    void agreesWithFastCsvOnRandomTables() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            String text = randomTable(random);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            List<List<String>> expected;
            try (CsvReader<CsvRecord> reader = CsvReader.builder()
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .ofCsvRecord(text)) {
                expected = reader.stream()
                        .skip(1)
                        .map(row -> List.of(row.getField(1), row.getField(0)))
                        .toList();
            }
            assertThat(RecordCounter.csvRows(new ByteArrayInputStream(bytes)))
                    .as("%s", text)
                    .isEqualTo(expected.size());
            List<List<String>> picked = new ArrayList<>();
            assertThat(RecordCounter.csvRows(
                            new ByteArrayInputStream(bytes),
                            List.of("i", "h"),
                            row -> picked.add(
                                    Arrays.stream(row).map(String::valueOf).toList())))
                    .as("%s", text)
                    .isEqualTo(expected.size());
            assertThat(picked).as("%s", text).isEqualTo(expected);
        }
    }

    @Test
    void keepsTheBeginningOfALongFieldAndNothingOfAColumnThatIsNotThere() throws IOException {
        byte[] table = ("\uFEFFa,b\n" + "x".repeat(100_000) + ",y\nz\n").getBytes(StandardCharsets.UTF_8);
        List<String> picked = new ArrayList<>();

        assertThat(RecordCounter.csvRows(
                        new ByteArrayInputStream(table),
                        List.of("a", "b", "c"),
                        row -> picked.add(String.join(" ", Arrays.asList(row)))))
                .isEqualTo(2);
        assertThat(picked).containsExactly("x".repeat(2000) + " y null", "z null null");
    }

    /// Records of two fields and more, plain or quoted, with every kind of line end and blank lines between.
    private static String randomTable(Random random) {
        String[] ends = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};
        StringBuilder text = new StringBuilder("h,i\n");
        for (int rows = random.nextInt(5); rows > 0; rows--) {
            for (int fields = 2 + random.nextInt(3); fields > 0; fields--) {
                boolean quoted = random.nextBoolean();
                String field = letters(random, quoted ? "ab,\"\n\r é" : "abé \"");
                text.append(quoted ? '"' + field.replace("\"", "\"\"") + '"' : field.replaceFirst("^\"+", ""));
                text.append(fields == 1 ? ends[random.nextInt(ends.length)] : ",");
            }
        }
        return text.toString();
    }

    private static String letters(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
