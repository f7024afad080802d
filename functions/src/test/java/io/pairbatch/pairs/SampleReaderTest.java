package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.problem.JobRejectedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleReaderTest {

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void anySeparatorIsReadWithQuotesAndLineBreaks(String sign) throws IOException {
        String table = String.join(sign, "\"grade\"", "ID", "text") + "\n"
                + String.join(sign, "3", "a", "\"one" + sign + " \"\"two\"\"\nthree\"") + "\n"
                + String.join(sign, "NA", "\"NA\"", "four, five; six".replace(sign, "")) + "\n";
        List<SampleRow> rows = rows(table.getBytes(StandardCharsets.UTF_8));
        assertThat(rows)
                .satisfiesExactly(
                        row -> assertThat(row).isInstanceOfSatisfying(SampleRow.Sample.class, sample -> {
                            assertThat(sample.id()).isEqualTo("a");
                            assertThat(sample.text()).isEqualTo("one" + sign + " \"two\"\nthree");
                            assertThat(sample.others()).containsExactly(java.util.Map.entry("grade", "3"));
                        }),
                        row -> assertThat(row).isInstanceOfSatisfying(SampleRow.Sample.class, sample -> {
                            assertThat(sample.id()).isEqualTo("NA");
                            assertThat(sample.others().get("grade")).isNull();
                        }));
    }

    @Test
    void jsonLinesAndGzipAreRead() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write("{\"ID\":7,\"text\":\"x\"}\n\n{\"text\":\"y\",\"ID\":\"b\",\"g\":null}\n"
                    .getBytes(StandardCharsets.UTF_8));
        }
        assertThat(rows(zipped.toByteArray()))
                .extracting(row -> ((SampleRow.Sample) row).id())
                .containsExactly("7", "b");
    }

    @Test
    void aRowThatIsNoSampleIsNamedAndReadingGoesOn() throws IOException {
        List<SampleRow> rows = rows("ID,text\n,x\na\nb,NA\nc,y\n".getBytes(StandardCharsets.UTF_8));
        assertThat(rows).hasSize(4);
        assertThat(rows.subList(0, 3))
                .extracting(row -> ((SampleRow.Unreadable) row).why().reason().code())
                .containsExactly("missing_id", "ragged_row", "missing_text");
        assertThat(rows.getLast().row()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "id,Essay,x ! found the columns id, Essay, x; expected the columns `ID` and `text`; missing: ID, text;"
                        + " perhaps --id id --text Essay",
                "ID,body of it ! found the columns ID, body of it; expected the columns `ID` and `text`; missing: text;"
                        + " --id NAME and --text NAME say how they are called",
                "x;y ! found a first line of 2 fields, none of which is the name of a column that we need; expected the"
                        + " columns `ID` and `text`; missing: ID, text; --id NAME and --text NAME say how they are called",
                "ID,text,ID ! found two columns `ID`; expected each name once",
                "ID,text, ! found no name over column 3; expected a name for each column",
                "sep=; ! found Excel's line `sep=,` before the header; expected the header in the first line: take that"
                        + " line out",
            })
    void whatIsWrongWithTheColumnsIsSaid(String header, String said) {
        assertThatThrownBy(() -> rows((header + "\na,b,c\n").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JobRejectedException.class)
                .hasMessage("SAMPLE_COLUMNS: samples.csv: " + said);
    }

    /// A job has no options that name the columns, so what makes a table with our names is said.
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "UTF-8 ! id,Essay,x/1,é,y ! found the columns id, Essay, x; expected the columns `ID` and `text`; missing: ID,"
                        + " text. To make such a copy, in R: `write.csv(setNames(read.delim(\"samples.csv\", sep = \",\""
                        + " ! c(\"ID\", \"text\", \"x\")) ! .rename(columns={\"id\": \"ID\", \"Essay\": \"text\"})"
                        + ".to_csv(\"samples-renamed.csv\", index=False)`",
                "windows-1252 ! ID;Essay/1;Das Café au lait ! found the columns ID, Essay in a file in Windows-1252, not UTF-8;"
                        + " expected the columns `ID` and `text`, in UTF-8; missing: text. To make such a copy, in R:"
                        + " `write.csv(setNames(read.delim(\"samples.csv\", sep = \";\""
                        + " ! fileEncoding = \"WINDOWS-1252\"), c(\"ID\", \"text\")) ! encoding=\"cp1252\").rename(columns={\"Essay\":"
                        + " \"text\"})",
                "UTF-8 ! ID,what it is/1,é ! missing: text ! expected the columns `ID` and `text` ! found the columns ID, what it is",
                "UTF-8 ! {\"id\": \"1\", \"Essay\": \"é\"} ! missing: ID, text; perhaps `id` is meant for `ID` and `Essay` is"
                        + " meant for `text`: rename the fields, ! ./pairbatch pairs ! --id id --text Essay",
            })
    void ofAJobsSamplesTheCommandThatMendsThemIsSaid(
            String charset, String table, String said, String more, String end) {
        byte[] bytes = (table.replace('/', '\n') + "\n").getBytes(Charset.forName(charset));
        InputFile file = new InputFile(
                "samples.csv",
                bytes.length,
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset));
        assertThatThrownBy(() -> {
                    try (SampleReader reader = SampleReader.ofJob(file)) {
                        reader.read();
                    }
                })
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("SAMPLE_COLUMNS")
                .hasMessageContaining(said)
                .hasMessageContaining(more)
                .hasMessageContaining(end);
    }

    /// A table of pairs in UTF-16 is told the columns of pairs; this one needs others.
    @Test
    void ofUtf16OnlyTheEncodingIsSaid() {
        assertThatThrownBy(() -> rows("ID\ttext\na\tb\n".getBytes(Charset.forName("UTF-16"))))
                .hasMessageContaining("INPUT_FORMAT")
                .hasMessageContaining("UTF-16")
                .message()
                .doesNotContain("ID1");
    }

    private static List<SampleRow> rows(byte[] bytes) throws IOException {
        InputFile file = new InputFile(
                "samples.csv",
                bytes.length,
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset));
        List<SampleRow> rows = new ArrayList<>();
        try (SampleReader reader = SampleReader.open(file, SampleReader.ID, SampleReader.TEXT)) {
            for (SampleRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
