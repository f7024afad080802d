package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Locale;
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

    private static Encoding.Guess guess(String text, String charset) {
        byte[] bytes = text.getBytes(Charset.forName(charset));
        return Encoding.guess(bytes, 0, bytes.length, Encoding.firstBad(bytes, 0, bytes.length));
    }
}
