package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.problem.JobRejectedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables whose columns have other names, which the job names.
class ColumnNamesTest {

    private static final Map<String, String> ALL = Map.of("ID1", "left", "text1", "x", "ID2", "right", "text2", "y");

    @Test
    void aTableIsReadAsIfItHadOurNamesInTheirPlaces() throws IOException {
        InputFile table =
                table("note,left,x,right,y\nn,a,one,b,two\nm,c,three,,four\n").withColumns(ALL);
        try (PairReader reader = PairReader.open(table)) {
            assertThat(reader.header()).containsExactly("note", "ID1", "text1", "ID2", "text2");
            InputRow.Accepted row = (InputRow.Accepted) Objects.requireNonNull(reader.read());
            assertThat(row.pair().columns().keySet()).containsExactly("note", "ID1", "text1", "ID2", "text2");
            assertThat(row.pair().text1()).isEqualTo("one");
            Position second = reader.position();
            assertThat(reader.read()).isInstanceOf(InputRow.Rejected.class);
            try (PairReader later = PairReader.open(table, second)) {
                assertThat(later.header()).isEqualTo(reader.header());
                assertThat(later.read()).isInstanceOf(InputRow.Rejected.class);
            }
        }
    }

    @Test
    void namesMayChangePlaces() throws IOException {
        InputFile table = table("ID2,text2,ID1,text1\na,one,b,two\n")
                .withColumns(Map.of("ID1", "ID2", "ID2", "ID1", "text1", "text2", "text2", "text1"));
        try (PairReader reader = PairReader.open(table)) {
            Pair pair = ((InputRow.Accepted) Objects.requireNonNull(reader.read())).pair();
            assertThat(List.of(pair.id1(), pair.text1(), pair.id2(), pair.text2()))
                    .containsExactly("a", "one", "b", "two");
        }
    }

    @Test
    void objectsAreReadSoTooAndOneWithBothNamesIsRejected() throws IOException {
        List<InputRow> rows = new ArrayList<>();
        try (PairReader reader = PairReader.open(table("""
                {"left": "a", "x": "one", "right": "b", "y": true, "n": 1}
                {"left": "a", "ID1": "z", "x": "one", "right": "b", "y": "two"}
                {"x": "one", "right": "b", "y": "two"}
                """).withColumns(ALL))) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        assertThat(((InputRow.Accepted) rows.getFirst()).pair().columns().keySet())
                .containsExactly("ID1", "text1", "ID2", "text2", "n");
        assertThat(rows.subList(1, 3))
                .extracting(row -> ((InputRow.Rejected) row).reason().code())
                .containsExactly("unparseable_row", "missing_id");
    }

    @Test
    void samplesAreReadSoTooWithAnySeparatorAndInAnotherCharset() throws IOException {
        try (SampleReader reader =
                SampleReader.ofJob(table("body;name;g\none;a;1\n").withColumns(Map.of("ID", "name", "text", "body")))) {
            assertThat(reader.others()).containsExactly("g");
            assertThat(((SampleRow.Sample) Objects.requireNonNull(reader.read())).id())
                    .isEqualTo("a");
        }
        byte[] bytes = "na\u00efve,name\nx,a\n".getBytes(Charset.forName("windows-1252"));
        InputFile other = new InputFile(
                "t.csv", bytes.length, offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length));
        assertThatThrownBy(() -> SampleReader.ofJob(other.withColumns(Map.of("ID", "name", "text", "na\u00efve"))))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("not UTF-8")
                .hasMessageNotContaining("missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            left,x,y,other     | the columns left, x, y, other; expected those that `columns` in job.json names: `left` for `ID1`, `right` for `ID2`, `x` for `text1`, `y` for `text2`; missing: `right`
            left,x,Right,y     | missing: `right` (perhaps `Right` for `right`)
            left,x,right,y,ID1 | a column `ID1` beside `left`, which `columns` in job.json has for `ID1`; expected one of the two
            left,x,right,y,    | no name over column 5
            left,x,right,y,left| two columns `ID1`
            """)
    void whatTheTableHasAndWhatTheJobNamesIsSaid(String header, String said) {
        assertThatThrownBy(() -> PairReader.open(table(header.strip() + "\n").withColumns(ALL)))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("INPUT_COLUMNS: t.csv: found ")
                .hasMessageContaining(said);
    }

    @Test
    void whatIsNotNamedIsSaid() {
        assertThatThrownBy(() -> PairReader.open(
                        table("left,one,right,two\n").withColumns(Map.of("ID1", "left", "ID2", "right"))))
                .hasMessageContaining("found the columns left, one, right, two; `columns` in job.json has `left` for"
                        + " `ID1`, `right` for `ID2`; expected ID1, text1, ID2, text2; missing: text1, text2, which"
                        + " `columns` has to name as well");
        assertThatThrownBy(() -> PairReader.open(table("{\"ID1\": 1}\n").withColumns(ALL))
                        .read())
                .hasMessageContaining("missing: `left`, `right`, `x`, `y`");
    }

    private static InputFile table(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new InputFile(
                "t.csv",
                bytes.length,
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset));
    }
}
