package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void aMissingValueIsNaAndTheTextNaIsQuoted() {
        assertThat(line(null, "NA", "", "N")).isEqualTo("NA,\"NA\",,N\n");
    }

    @Test
    void onlyCommaQuoteAndLineEndsAreQuoted() {
        assertThat(line("a,b", "say \"x\"", "l\nf", "c\rr", " blank ", "=SUM(A1)", "é\u2028"))
                .isEqualTo("\"a,b\",\"say \"\"x\"\"\",\"l\nf\",\"c\rr\", blank ,=SUM(A1),é\u2028\n");
    }

    @Test
    void aSingleEmptyFieldIsNotABlankLine() {
        assertThat(line("")).isEqualTo("\"\"\n");
    }

    private static String line(@Nullable String... fields) {
        StringBuilder out = new StringBuilder();
        Csv.line(out, Arrays.asList(fields));
        return out.toString();
    }
}
