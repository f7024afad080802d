package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {

    @ParameterizedTest
    @CsvSource({
        "café au lait, é",
        "une leçon, ç",
        "größer als, ö",
        "Ärger im Büro, Ä",
        "canción de mayo en el árbol más alto, ó",
        "it’s late, ’",
        "naïve, ï"
    })
    void textOfAnOldMacIsKnown(String text, String meant) {
        assertThat(guess(text, "x-MacRoman")).isEqualTo(new Encoding.Guess(Encoding.MAC_ROMAN, meant, false));
    }

    @ParameterizedTest
    @CsvSource({
        "café au lait, é",
        "une leçon, ç",
        "größer als, ö",
        "Ärger im Büro, Ä",
        "École, É",
        "it’s late, ’",
        "l’homme, ’",
        "the students’ work, ’",
        "“quoted”, “",
        "10 € each, €"
    })
    void textOfExcelIsKnown(String text, String meant) {
        assertThat(guess(text, "windows-1252")).isEqualTo(new Encoding.Guess(Encoding.WINDOWS_1252, meant, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a word—word", "cost–benefit", "così"})
    void whereBothMakeSenseNothingIsGuessed(String text) {
        Encoding.Guess guess = guess(text, text.equals("così") ? "x-MacRoman" : "windows-1252");
        assertThat(guess.meant()).as(text.toLowerCase(Locale.ROOT)).isEmpty();
        assertThat(guess.charset()).isEmpty();
    }

    @Test
    void ofAMixtureTheLinesAreNamedAndNoConversionIsProposed() throws IOException {
        FileEncoding mixed = look("ID\nca\u00fe\nund so\ncaf\u00e9 au lait\n", "one café\ntwo cafés\n");
        assertThat(mixed.isMixture()).isTrue();
        assertThat(mixed.remedy("a.csv"))
                .isEqualTo(
                        "; lines 2, 4 are not UTF-8, and the others are: save them again in UTF-8; a conversion of the"
                                + " whole file would spoil the others");
        FileEncoding few = look("caf\u00e9 au lait\n", "one café\n");
        assertThat(few.remedy("a.csv")).startsWith("; line 1 is not UTF-8, and the others are: save it again");
    }

    /// What looks like UTF-8 by chance is none: `Ã©` in Windows-1252.
    @Test
    void oneLineOfVeryManyIsNoMixture() throws IOException {
        FileEncoding nearly = look("caf\u00e9 au lait\n".repeat(100), "one café\n");
        assertThat(nearly.isMixture()).isFalse();
        assertThat(nearly.remedy("a.csv"))
                .isEqualTo("; to make a copy in UTF-8: `iconv -f WINDOWS-1252 -t UTF-8 a.csv > a-utf8.csv`");
        assertThat(look("caf\u00e9 au lait\n".repeat(98), "one café\n").isMixture())
                .isTrue();
    }

    /// A conversion would make the mark a part of the header.
    @Test
    void theMarkOfUtf8MakesAMixtureOfAnyFile() throws IOException {
        ByteArrayOutputStream marked = new ByteArrayOutputStream();
        marked.writeBytes("\uFEFFID\n".getBytes(StandardCharsets.UTF_8));
        marked.writeBytes("caf\u00e9 au lait\n".repeat(300).getBytes(Charset.forName("windows-1252")));
        assertThat(look(marked.toByteArray()).isMixture()).isTrue();
    }

    private static FileEncoding look(String windows, String utf8) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(windows.getBytes(Charset.forName("windows-1252")));
        bytes.writeBytes(utf8.getBytes(StandardCharsets.UTF_8));
        return look(bytes.toByteArray());
    }

    private static FileEncoding look(byte[] bytes) throws IOException {
        return FileEncoding.of(new ByteArrayInputStream(bytes));
    }

    private static Encoding.Guess guess(String text, String charset) {
        byte[] bytes = text.getBytes(Charset.forName(charset));
        return Encoding.guess(bytes, 0, bytes.length, Encoding.firstBad(bytes, 0, bytes.length));
    }
}
