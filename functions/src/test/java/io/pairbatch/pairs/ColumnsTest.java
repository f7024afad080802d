package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.problem.JobRejectedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of a header that is not ours. Nothing is ever taken for a column that has another name.
class ColumnsTest {

    private static final Charset WINDOWS = Charset.forName("windows-1252");

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
                "left,text_a,right,text_b,winner | `left` for `ID1`, `text_a` for `text1`, `right` for `ID2`, `text_b` for `text2`",
                "A,text_a,B,text_b | `A` for `ID1`, `text_a` for `text1`, `B` for `ID2`, `text_b` for `text2`",
                "text1,text2,first,second | `first` for `ID1`, `second` for `ID2`",
                "ID1,text_a,right,text_b | `text_a` for `text1`, `right` for `ID2`, `text_b` for `text2`",
                "student_a,essay_a,student_b,essay_b | `student_a` for `ID1`, `essay_a` for `text1`, `student_b` for `ID2`, `essay_b` for `text2`",
                "text_a,text_b,b,winner | `text_a` for `text1`, `text_b` for `text2`",
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
                .endsWith("index=False)`. Then rename the columns in the copy");
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8, '', '', UTF-8-BOM, ''",
        "windows-1252, ' in a file in Windows-1252, not UTF-8', ', in UTF-8', WINDOWS-1252, ', encoding=\"cp1252\"'",
    })
    void namesThatAreKnownInOtherWordsAreGivenByACommand(
            String charset, String found, String expected, String inR, String inPandas) {
        assertThat(refusal("left,text_a,right,text_b\n1,Das schöne Café,2,über\n", Charset.forName(charset)))
                .contains(" for `text2`)" + found + "; expected ID1, text1, ID2 and text2" + expected + "; missing: ")
                .contains(". To make such a copy, in R: `write.csv(setNames(read.delim(\"my pairs.csv\", sep = \",\"")
                .contains("fileEncoding = \"" + inR + "\"), c(\"ID1\", \"text1\", \"ID2\", \"text2\")), \"my"
                        + " pairs-renamed.csv\"")
                .endsWith("keep_default_na=False" + inPandas + ").rename(columns={\"left\": \"ID1\", \"text_a\":"
                        + " \"text1\", \"right\": \"ID2\", \"text_b\": \"text2\"}).to_csv(\"my pairs-renamed.csv\","
                        + " index=False)`");
    }

    /// Nothing makes a copy of a mixture, so that is told with the names.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "left,text_a,right,text_b\n1,Das schöne Café,2,über\n1,Das schone %,2,uber\n",
                "left;text_a;right;text_b\n1;Das schöne Café;2;über\n1;Das schone %;2;uber\n",
                "ID1,text1,ID2,text2,gro%e\n1,Das schöne Café,2,über,3\n1,Das schone x,2,uber,3\n"
            })
    void ofAMixtureNoConversionIsProposed(String table) {
        byte[] bytes = table.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '%' ? (byte) 0xE9 : bytes[i];
        }
        assertThat(refusal(bytes))
                .contains("not UTF-8, and the others are: save it again in UTF-8")
                .contains(table.startsWith("ID1") ? "line 1 is" : "line 3 is")
                .doesNotContainIgnoringCase("1252 -t", "cp1252", "fileEncoding = \"WINDOWS");
    }

    @Test
    void aHeaderThatIsInAnotherCharsetTellsItsNamesToo() {
        assertThat(refusal("id_a,text_a,id_b,text_b,größe\n1,Das schöne Café,2,über,3\n", WINDOWS))
                .contains("`text_a` for `text1`", "not UTF-8", "encoding=\"cp1252\"");
    }

    @Test
    void aCopyInUtf8IsToldAsTheFileThatItWasMadeOf() {
        byte[] bytes = "id_a;text_a;id_b;text_b\n1;Das schöne Café;2;über\n".getBytes(StandardCharsets.UTF_8);
        InputFile copy = new InputFile(
                "../a b/pairs.csv", bytes.length, offset -> new ByteArrayInputStream(bytes), "WINDOWS-1252");
        assertThat(catchThrowableOfType(JobRejectedException.class, () -> PairReader.open(copy)))
                .hasMessageContaining("read.delim(\"../a b/pairs.csv\"")
                .hasMessageContaining("fileEncoding = \"WINDOWS-1252\"")
                .hasMessageContaining("pd.read_csv(\"../a b/pairs.csv\", sep=\";\"")
                .hasMessageContaining("encoding=\"cp1252\"")
                .hasMessageContaining(".to_csv(\"../a b/pairs-commas.csv\"");
    }

    @Test
    void aFirstObjectInAnotherCharsetTellsItsNamesToo() throws IOException {
        byte[] bytes = "{\"id_a\": \"1\", \"text_a\": \"Das schöne Café\", \"id_b\": \"2\", \"text_b\": \"x\"}\n"
                .getBytes(WINDOWS);
        try (PairReader reader = PairReader.open(
                new InputFile("p/my pairs.jsonl", bytes.length, offset -> new ByteArrayInputStream(bytes)))) {
            assertThat(catchThrowableOfType(JobRejectedException.class, reader::read))
                    .hasMessageContaining("`text_a` for `text1`")
                    .hasMessageContaining(
                            "`iconv -f WINDOWS-1252 -t UTF-8 'p/my pairs.jsonl' > 'p/my pairs-utf8.jsonl'`");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "../work/l1, ../work/l1-utf8",
        "../work.d/l1, ../work.d/l1-utf8",
        "./l1.csv, ./l1-utf8.csv",
        "../work/.hidden, ../work/.hidden-utf8",
        "l1.csv.gz, l1-utf8.csv",
    })
    void aCopyLiesBesideItsFile(String file, String copy) {
        assertThat(Encoding.copy(file, "-utf8")).isEqualTo(copy);
    }

    @Test
    void samplesWithoutAPairingAreKnownUnderOtherNamesAndWithOtherSigns() {
        assertThat(refusal("student_id,essay\n1,x\n", StandardCharsets.UTF_8))
                .contains("or, for a table of samples, ID and text (perhaps `student_id` and `essay`), and `pairing`");
        assertThat(refusal("ID;text\n1;x\n", StandardCharsets.UTF_8))
                .contains("a table of samples: the columns ID, text, and no `pairing` in the job");
    }

    @Test
    void aFirstLineThatIsAText() {
        assertThat(refusal("Once upon a time; there was\n", StandardCharsets.UTF_8))
                .contains("separated by semicolons, none of which has the name of a column that we need")
                .doesNotContain("Once");
    }

    private static String refusal(String table, Charset charset) {
        return refusal(table.getBytes(charset));
    }

    private static String refusal(byte[] bytes) {
        InputFile file = new InputFile("my pairs.csv", bytes.length, offset -> {
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            in.skip(offset);
            return in;
        });
        return String.valueOf(catchThrowableOfType(JobRejectedException.class, () -> PairReader.open(file))
                .getMessage());
    }
}
