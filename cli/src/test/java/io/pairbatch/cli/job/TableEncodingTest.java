package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cli.fault.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableEncodingTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @TempDir
    private Path folder;

    @Test
    void utf8AndAsciiAreLeftAlone() throws IOException {
        assertThat(look("a\nb\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(new TableEncoding("", "", true));
        assertThat(look("\uFEFFé\n😀".getBytes(StandardCharsets.UTF_8))).isEqualTo(new TableEncoding("", "", false));
        assertThat(look(("é".repeat(200_000) + "\n").getBytes(StandardCharsets.UTF_8))
                        .isUtf8())
                .isTrue();
    }

    @Test
    void windows1252IsGuessedFromItsCharacters() throws IOException {
        assertThat(look("ID1\nit’s\ncafé\n".getBytes(WINDOWS)))
                .isEqualTo(new TableEncoding(
                        "windows-1252",
                        "line 2 has the byte 0x92, which is ’ in Windows-1252, Excel's \"CSV\"",
                        false));
        assertThat(look(gzip("ID1\nit’s\n".getBytes(WINDOWS))).charset()).isEqualTo("windows-1252");
        assertThat(look("ID1\nthe café’s “Süß” … l’été – fin\n".getBytes(WINDOWS))
                        .charset())
                .isEqualTo("windows-1252");
    }

    @Test
    void utf16IsNamed() throws IOException {
        assertThat(look("\uFEFFID1\n".getBytes(StandardCharsets.UTF_16LE)).charset())
                .isEqualTo("utf-16");
    }

    @Test
    void utf32IsNotTakenForUtf16() throws IOException {
        assertThat(look("\uFEFFID1\n".getBytes(Charset.forName("UTF-32LE"))).charset())
                .isEqualTo("utf-32");
        assertThat(look("\uFEFFID1\n".getBytes(Charset.forName("UTF-32BE"))).charset())
                .isEqualTo("utf-32");
    }

    @Test
    void textOfAnOldMacIsKnownAndConverted() throws IOException {
        byte[] old = "ID1\na word—word\ncafé\n".getBytes(Charset.forName("x-MacRoman"));
        assertThat(look(old).charset()).isEqualTo("x-MacRoman");
        Path copy = folder.resolve("copy.csv");
        TableEncoding.convert(write("old.csv", old), "x-MacRoman", copy);
        assertThat(copy).hasContent("ID1\na word—word\ncafé\n");
        assertThat(look("ID1\na word—word\n".getBytes(WINDOWS)).charset()).isEmpty();
    }

    @Test
    void aWorkbookIsNotTalkedAbout() throws IOException {
        assertThat(look(new byte[] {'P', 'K', 3, 4, 20, 0, (byte) 0x92, '\n'}).isUtf8())
                .isTrue();
    }

    @Test
    void aMixtureAndAnotherScriptAreNotGuessed() throws IOException {
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        mixed.writeBytes("it’s\n".getBytes(WINDOWS));
        mixed.writeBytes("it’s\n".getBytes(StandardCharsets.UTF_8));
        TableEncoding mixture = look(mixed.toByteArray());
        assertThat(mixture.charset()).isEmpty();
        assertThat(mixture.words()).isEqualTo("line 1 has the byte 0x92, which is ’ in Windows-1252, Excel's \"CSV\"");
        assertThat(mixture.mixture().orElseThrow().mending())
                .isEqualTo("line 1 is not UTF-8, and the others are: save it again in UTF-8; a conversion of the whole"
                        + " file would spoil the others");
        assertThat(look("привет\n".getBytes(Charset.forName("windows-1251"))))
                .isEqualTo(new TableEncoding("", "line 1 has the byte 0xEF", false));
    }

    @Test
    void aCopyIsTheSameTextAndTheSameBytesEachTime() throws IOException {
        Path plain = write("pairs.csv", "ID1\r\nit’s\r\n".getBytes(WINDOWS));
        Path copy = folder.resolve("copy.csv");
        TableEncoding.convert(plain, "windows-1252", copy);
        assertThat(copy).hasContent("ID1\r\nit’s\r\n");
        Path zipped = write("pairs.csv.gz", gzip("it’s\n".getBytes(WINDOWS)));
        Path one = folder.resolve("one.csv.gz");
        Path two = folder.resolve("two.csv.gz");
        TableEncoding.convert(zipped, "windows-1252", one);
        TableEncoding.convert(zipped, "windows-1252", two);
        assertThat(one).hasSameBinaryContentAs(two);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(one))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("it’s\n");
        }
        Path utf16 = write("utf16.csv", "\uFEFFé\n".getBytes(StandardCharsets.UTF_16LE));
        TableEncoding.convert(utf16, "utf-16", copy);
        assertThat(copy).hasContent("é\n");
    }

    @Test
    void aByteThatMeansNothingIsNotReplaced() throws IOException {
        Path table = write("pairs.csv", new byte[] {'a', (byte) 0x81, '\n'});
        assertThatThrownBy(() -> TableEncoding.convert(table, "windows-1252", folder.resolve("copy.csv")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is not in windows-1252");
        assertThatThrownBy(() -> TableEncoding.convert(table, "no such", folder.resolve("copy.csv")))
                .hasMessageContaining("no character set has the name \"no such\"");
    }

    @Test
    void itIsSaidWhereAFileIsNotWhatItIsSaidToBeAndWhatItProbablyIs() throws IOException {
        Path table = write("pairs.csv", ("a\nx" + "y".repeat(100_000) + "\nit’s\n").getBytes(WINDOWS));
        assertThatThrownBy(() -> TableEncoding.convert(table, "utf-8", folder.resolve("copy.csv")))
                .isInstanceOfSatisfying(CliException.class, e -> {
                    assertThat(e)
                            .hasMessageContaining(
                                    "is not in UTF-8: line 3 has the byte 0x92 (byte 100007 of the file), which means"
                                            + " nothing there.");
                    assertThat(e.remedy()).isEqualTo("It is probably in windows-1252: --convert-from windows-1252");
                });
        Path cut = write("cut.csv", "a\né".getBytes(StandardCharsets.UTF_16BE));
        byte[] odd = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(odd, odd.length - 1));
        assertThatThrownBy(() -> TableEncoding.convert(cut, "utf-16be", folder.resolve("copy.csv")))
                .hasMessageContaining("line 2 has the byte 0x00 (byte 5 of the file)");
    }

    @Test
    void quotesThatWouldBecomeControlCharactersAreRefused() throws IOException {
        Path table = write("pairs.csv", "a\ncafé’s\n".getBytes(WINDOWS));
        assertThatThrownBy(() -> TableEncoding.convert(table, "latin1", folder.resolve("copy.csv")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("line 2 would have a control character, 0x92");
        Path plain = write("plain.csv", "caf\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        TableEncoding.convert(plain, "latin1", folder.resolve("copy.csv"));
        assertThat(folder.resolve("copy.csv")).hasContent("café\n");
    }

    private TableEncoding look(byte[] bytes) throws IOException {
        return TableEncoding.of(write("table", bytes));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }
}
