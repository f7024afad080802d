package io.pairbatch.analysis.counts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementReaderTest {

    @TempDir
    private Path folder;

    private final Judgements judgements = new Judgements();

    private void read(String csv) throws IOException {
        read(csv.getBytes(StandardCharsets.UTF_8), JudgementReader.JUDGE);
    }

    private void read(byte[] content, String judge) throws IOException {
        new JudgementReader(judgements, judge).read(Files.write(folder.resolve("results.csv"), content));
    }

    private Cells only() {
        assertThat(judgements.judges()).hasSize(1);
        return judgements.of(0);
    }

    @Test
    void judgementsAreAddedUpByOrderedPair() throws IOException {
        read("""
                row,ID1,ID2,better_id,winner_pos,judge,attempt,cost
                1,a,b,a,1,1,1,NA
                2,a,b,b,2,1,1,NA
                3,b,a,b,1,1,1,NA
                4,a,"NA","NA",2,1,1,NA
                5,a,a,a,1,1,1,NA
                6,b,c,NA,NA,1,1,NA
                """);
        assertThat(judgements.items()).containsExactly("a", "b", "NA", "c");
        assertThat(only().size()).isEqualTo(3);
        int ab = only().find(0, 1);
        assertThat(only().firstWins(ab)).isEqualTo(1);
        assertThat(only().secondWins(ab)).isEqualTo(1);
        assertThat(only().share(ab)).isEqualTo(1);
        assertThat(only().firstWins(only().find(1, 0))).isEqualTo(1);
        assertThat(only().find(1, 3)).isNegative();
        assertThat(judgements.rows()).isEqualTo(6);
        assertThat(judgements.used()).isEqualTo(4);
        assertThat(judgements.withItself()).isEqualTo(1);
        assertThat(judgements.withoutWinner()).isEqualTo(1);
    }

    @Test
    void manyPairsAreFoundAgain() {
        for (int i = 0; i < 300; i++) {
            for (int j = 0; j < 300; j++) {
                judgements.add("1", "i" + i, "i" + j, 1, 1);
            }
        }
        assertThat(only().size()).isEqualTo(300 * 299);
        for (int i = 0; i < 300; i++) {
            for (int j = 0; j < 300; j++) {
                int cell = only().find(i, j);
                assertThat(cell < 0).isEqualTo(i == j);
                assertThat(cell < 0 || (only().first(cell) == i && only().second(cell) == j))
                        .isTrue();
            }
        }
    }

    @Test
    void columnsOfTheRPackageWillDoAndTextsMayHoldLines() throws IOException {
        read("text1,text2,A_id,B_id,better_id\n\"one, \"\"1\"\"\nline\",two,x,y,y\n");
        assertThat(judgements.items()).containsExactly("x", "y");
        assertThat(only().secondWins(0)).isEqualTo(1);
        assertThat(judgements.judges()).containsExactly(JudgementReader.ONLY);
    }

    @Test
    void aPreferenceIsTheJudgement() throws IOException {
        read("ID1,ID2,preference\na,b,0.75\na,b,0.5\na,b,NA\nb,a,0\n");
        int ab = only().find(0, 1);
        assertThat(only().share(ab)).isCloseTo(1.25, within(1e-15));
        assertThat(only().firstWins(ab)).isEqualTo(1);
        assertThat(only().ties(ab)).isEqualTo(1);
        assertThat(judgements.fractional()).isTrue();
        assertThat(judgements.withoutWinner()).isEqualTo(1);
    }

    @Test
    void anotherColumnCanNameTheJudge() throws IOException {
        read("ID1,ID2,winner_pos,model\na,b,1,m\na,b,0,n\n".getBytes(StandardCharsets.UTF_8), "model");
        assertThat(judgements.judges()).containsExactly("m", "n");
        assertThat(judgements.of(1).ties(0)).isEqualTo(1);
        assertThat(judgements.fractional()).isFalse();
    }

    @Test
    void everyMemberOfAGzipFileIsReadAndAnythingElseIsAnError() throws IOException {
        byte[] header = gzip("ID1,ID2,better_id\n");
        byte[] rows = gzip("a,b,a\n");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(header);
        file.write(rows);
        file.write(rows);
        read(file.toByteArray(), JudgementReader.JUDGE);
        assertThat(judgements.used()).isEqualTo(2);

        file.write("garbage behind it".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(file.toByteArray(), JudgementReader.JUDGE))
                .isInstanceOf(JudgementFileException.class)
                .hasMessageContaining("damaged gzip");
        byte[] cut = java.util.Arrays.copyOf(header, header.length - 9);
        assertThatThrownBy(() -> read(cut, JudgementReader.JUDGE))
                .isInstanceOf(JudgementFileException.class)
                .hasMessageContaining("ends within");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                      | results.csv is empty
            ID,text~a,b                             | has no columns ID1 and ID2. It has ID, text.
            ID1,ID2,model~a,b,m                     | does not say who won: no column better_id
            ID1,ID2,ID2,better_id~a,b,b,a           | has the column ID2 twice
            ID1,ID2,better_id~a,b,a~a,b,c           | row 2 (line 3), column better_id: found "c"; expected "a" or "b"
            ID1,ID2,better_id~a,NA,a                | row 1 (line 2), column ID2: no ID
            ID1,ID2,better_id~a,b,a~a,b             | row 2 (line 3), has 2 fields; expected 3
            ID1,ID2,better_id~a,b,a,a               | row 1 (line 2), has 4 fields; expected 3
            ID1,ID2,winner_pos~a,b,3                | column winner_pos: found "3"; expected 1, 2, or 0
            ID1,ID2,preference~a,b,1.5              | column preference: found "1.5"; expected a number from 0 to 1
            ID1,ID2,preference~a,b,x                | column preference: found "x"
            """)
    void whatIsWrongIsNamed(String content, String said) {
        assertThatThrownBy(() -> read(content.replace('~', '\n')))
                .isInstanceOf(JudgementFileException.class)
                .hasMessageContaining("results.csv")
                .hasMessageContaining(said);
    }

    @Test
    void anotherEncodingIsNamed() {
        byte[] latin = "ID1,ID2,better_id\né,b,b\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(latin, JudgementReader.JUDGE))
                .isInstanceOf(JudgementFileException.class)
                .hasMessageContaining("is not UTF-8");
    }
}
