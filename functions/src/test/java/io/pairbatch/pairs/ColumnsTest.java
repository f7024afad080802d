package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.problem.JobRejectedException;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of a header that is not ours. Nothing is ever taken for a column that has another name.
class ColumnsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id,left,right | `left` for `text1`, `right` for `text2`",
                "a,b | `a` for `text1`, `b` for `text2`",
                "id_left,left,id_right,right | `id_left` for `ID1`, `left` for `text1`, `id_right` for `ID2`, `right` for `text2`",
                "prompt,Response A,Response B,winner | `Response A` for `text1`, `Response B` for `text2`",
                "text_a,text_b,score1,score2 | `text_a` for `text1`, `text_b` for `text2`",
                "first,second | `first` for `text1`, `second` for `text2`",
                "option_1,option_2,rating | `option_1` for `text1`, `option_2` for `text2`",
                "poem_left,poem_right | `poem_left` for `text1`, `poem_right` for `text2`",
                "ID1,left,ID2,right | `left` for `text1`, `right` for `text2`",
                "essay1,essay2 | `essay1` for `text1`, `essay2` for `text2`",
                "document1,document2 | `document1` for `text1`, `document2` for `text2`",
            })
    void namesForTheSidesOfAPairAreSuggested(String header, String near) {
        assertThat(refusal(header + "\nw,x,y,z\n", StandardCharsets.UTF_8))
                .contains("found the columns " + header.replace(",", ", ") + " (" + near + "); expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"left,text | x", "score1,score2,rating1,rating2 | x", "I was there,a | x"})
    void nothingIsSuggestedWhereNobodyCanTell(String header, String unused) {
        assertThat(refusal(header + "\nw,x,y,z\n", StandardCharsets.UTF_8)).doesNotContain(" for `");
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8, ''",
        "windows-1252, ' in a file in Windows-1252, not UTF-8'",
        "x-MacRoman, ' in a file in Mac OS Roman, not UTF-8'"
    })
    void otherSeparatorsCharsetAndNamesAreToldAtOnce(String charset, String words) {
        assertThat(refusal("id;left;right\n1;plain;text\n2;Das schöne Café;über\n", Charset.forName(charset)))
                .startsWith("INPUT_COLUMNS: my pairs.csv: found columns that are separated by semicolons" + words
                        + ", with the names id, left, right (`left` for `text1`, `right` for `text2`); expected commas")
                .contains("with the names ID1, text1, ID2 and text2 (missing: ID1, text1, ID2, text2)")
                .endsWith("index=False). Then rename the columns in the copy");
    }

    @Test
    void aFirstLineThatIsAText() {
        assertThat(refusal("Once upon a time; there was\n", StandardCharsets.UTF_8))
                .contains("separated by semicolons, none of which has the name of a column that we need")
                .doesNotContain("Once");
    }

    private static String refusal(String table, Charset charset) {
        byte[] bytes = table.getBytes(charset);
        InputFile file = new InputFile("my pairs.csv", bytes.length, offset -> {
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            in.skip(offset);
            return in;
        });
        return String.valueOf(catchThrowableOfType(JobRejectedException.class, () -> PairReader.open(file))
                .getMessage());
    }
}
