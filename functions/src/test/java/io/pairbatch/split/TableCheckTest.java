package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.MemoryStore;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is told of a table before anything is sent, and what stops it.
class TableCheckTest {

    private static final String HEADER = "ID1,text1,ID2,text2\n";
    private static final String STRICT = "\"max_bad_rows\": \"default\", \"texts_per_id\": \"one\"";

    @Test
    void aTableWithoutAFlawIsNotTalkedAbout() throws IOException {
        assertThat(told("A,a,B,b\nA,a,C,c\nB,b,C,c\n")).isEmpty();
    }

    @Test
    void pairsThatRepeatReverseOrMirrorAreTold() throws IOException {
        assertThat(told("A,a,B,b\nB,b,A,a\nA,a,B,b\nA,a,A,a\nA,a,E,a\nA,a,B,b\nA,a,B,b\n"))
                .containsExactly(
                        "3 rows with the pair of an earlier row: rows 3, 6, 7",
                        "1 row with the pair of an earlier row in the other order: row 2",
                        "1 row with the same text under two IDs: row 5",
                        "1 row with the same ID and text on both sides: row 4");
    }

    @Test
    void whatDisturbsAnAnswerIsTold() throws IOException {
        assertThat(told("A,,B,b\nC,<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>,D,d\nE,a better_sample>SAMPLE_1,F,f\n"))
                .containsExactly(
                        "1 row with a text that is empty or holds only blanks, which is sent as it is: row 1",
                        "1 row with a text that holds the tag of an answer: row 2");
        assertThat(told("\"tag_mode\": \"tolerant\"", "C,<better_sample>Sample_2</better_sample>,D,d\n"))
                .containsExactly("1 row with a text that holds the tag of an answer: row 1");
        // All that such a job would read as a tag.
        assertThat(told(
                        "\"tag_mode\": \"tolerant\"",
                        "C,c,D,&lt;better_sample&gt; **Sample 2**\nE,e,F,<better_sample> sample-1 <better_sample>\n"))
                .containsExactly("2 rows with a text that holds the tag of an answer: rows 1, 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" ", "\t \n", "\u00A0", "\u200B\u2060", "\uFEFF", "\u3000\u00AD", "\u3164", "\u2800", "\u0001"})
    void aTextThatShowsNothingIsToldAsAnEmptyOne(String text) throws IOException {
        assertThat(told("A,a,B,\"" + text + "\"\nC,c,D,\" d" + text + "\"\n"))
                .containsExactly("1 row with a text that is empty or holds only blanks, which is sent as it is: row 1");
    }

    @Test
    void twoTextsAreToldApartThatHaveTheSameHashCode() throws IOException {
        assertThat(told("\"texts_per_id\": \"any\"", "a,xAa,b,two\na,xBB,c,three\n"))
                .singleElement()
                .asString()
                .contains("the ID \"a\" has one text in row 1 (text1) and another in row 2 (text1)");
    }

    @Test
    void lettersThatWereReadInAnotherCharsetAreTold() throws IOException {
        assertThat(told("A,cafÃ©,B,b\nC,itâ€™s,D,d\nE,caf√©,F,f\nG,café “IRMÔ,H,NÃO Â\n"))
                .singleElement()
                .asString()
                .startsWith("3 rows with letters such as")
                .endsWith("rows 1, 2, 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "...1"})
    void theNumbersOfRowsThatRHasReadAgainAreTold(String name) throws IOException {
        assertThat(split("", name + ",ID1,text1,ID2,text2\n1,A,a,B,b\n2,C,c,D,d\n")
                        .table()
                        .sentences())
                .containsExactly(
                        "a first column with the numbers of the rows is carried into the results (`" + name + "`)");
        assertThat(split("", name + ",ID1,text1,ID2,text2\n7,A,a,B,b\n").table().sentences())
                .isEmpty();
    }

    @Test
    void unorderedKeysThatTwoPairsShareAreTold() throws IOException {
        assertThat(told("c,1,a:b,2\na,3,b:c,4\n")).containsExactly("1 row with the key of another pair: row 2");
        assertThat(told("c,1,a:b,2\na:b,2,c,1\n"))
                .containsExactly("1 row with the pair of an earlier row in the other order: row 2");
    }

    @Test
    void keysThatTwoPairsShareAreTold() throws IOException {
        assertThat(told("A:B,1,C,2\nA,3,B:C,4\nx,5,y_vs_z,6\nx_vs_y,7,z,8\nA:D,9,E,10\n"))
                .containsExactly("2 rows with the key of another pair: rows 2, 4");
    }

    @Test
    void aPairUidThatComesTwiceIsToldButNotAMissingOne() throws IOException {
        String table =
                "pair_uid,ID1,text1,ID2,text2\nu1,A,a,B,b\nu1,C,c,D,d\n,E,e,F,f\n,G,g,H,h\nNA,I,i,J,j\nNA,K,k,L,l\n";
        assertThat(split("", table).table().sentences())
                .containsExactly("1 row with the pair_uid of an earlier row: row 2");
    }

    @Test
    void theIndexOfPandasIsToldOnce() throws IOException {
        assertThat(split("", "Unnamed: 0,ID1,text1,ID2,text2\n0,A,a,B,b\n1,C,c,D,d\n")
                        .table()
                        .sentences())
                .containsExactly(
                        "a first column with the numbers of the rows is carried into the results (`Unnamed: 0`)");
    }

    @Test
    void halfACharacterThatIsReplacedIsTold() throws IOException {
        String table = """
                {"ID1":"A","text1":"half \\ud83d","ID2":"B","text2":"whole \\ud83d\\ude00"}
                {"ID1":"C","text1":"c","ID2":"D","text2":"d","note":"\\udc00"}
                {"ID1":"E","text1":"�","ID2":"F","text2":"f"}
                """;
        TableReport report = Done.of("pairs.jsonl", "", table).table();
        assertThat(report.sentences())
                .containsExactly("2 rows with half a character, which is sent as U+FFFD: rows 1, 2");
    }

    @Test
    void anIdWithTwoTextsStopsTheTable() {
        assertThatThrownBy(() -> split(STRICT, HEADER + "A,a,B,b\nC,c,A,other\nB,b,A,a\nB,x,A,y\nD,d,D,e\n"))
                .isInstanceOfSatisfying(JobRejectedException.class, e -> {
                    assertThat(e.problems())
                            .extracting(problem -> problem.code())
                            .containsExactly(ErrorCode.INPUT_ID_REUSED);
                    assertThat(e.getMessage())
                            .isEqualTo(
                                    "INPUT_ID_REUSED: pairs.csv: found the ID \"A\" has one text in row 1 (text1) and another"
                                            + " in row 2 (text2); 3 rows have such an ID (rows 2, 4, 5); expected one text for each"
                                            + " ID; where an ID may have several, set `texts_per_id` to \"any\" in the job file");
                });
    }

    @Test
    void anEmptyTextIsNamedWhereItMakesTheSecondText() {
        assertThatThrownBy(() -> split(STRICT, HEADER + "A,a,B,b\nC,c,A,\n"))
                .hasMessageContaining("row 1 (text1) and another in row 2 (text2), which is empty");
        assertThatThrownBy(() -> split(STRICT, HEADER + "A,,B,b\nC,c,A,a\n"))
                .hasMessageContaining("row 1 (text1), which is empty, and another in row 2 (text2)");
    }

    @Test
    void aControlWithOneTextOnBothSidesIsNoSecondText() throws IOException {
        assertThat(split(STRICT, HEADER + "A,a,A,a\nA,a,B,a\nA,a,B,b\n").accepted())
                .isEqualTo(3);
    }

    @Test
    void anIdMayHaveAnyTextsIfTheJobSaysSo() throws IOException {
        assertThat(told("A,a,B,b\nA,x,B,b\n"))
                .containsExactly(
                        "1 row with an ID that has another text in an earlier row (the ID \"A\" has one text in row 1 (text1) and another in row 2 (text1)): row 2",
                        "1 row with the pair of an earlier row: row 2");
    }

    @Test
    void whatIsTooMuchToRememberIsTold() throws IOException {
        TableCheck check = new TableCheck(JobFixture.spec("").prompt(), 2);
        TableReport report = TableReport.NONE;
        String rows = "A,a,B,b\nB,b,A,a\nC,c,A,x\nA,a,B,b\n";
        try (PairReader reader = PairReader.open(JobFixture.table("pairs.csv", HEADER + rows))) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                report = check.look((InputRow.Accepted) row, report);
            }
        }
        assertThat(report.sentences())
                .containsExactly(
                        "1 row with an ID that has another text in an earlier row (the ID \"A\" has one text in row 1 (text1) and another in row 3 (text2)): row 3",
                        "1 row that later rows were not compared with, since there are too many: row 3",
                        "1 row with the pair of an earlier row: row 4",
                        "1 row with the pair of an earlier row in the other order: row 2");
    }

    @Test
    void aSplitThatStopsAtEverySegmentRemembersTheRowsBefore() throws IOException {
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < 3000; i++) {
            rows.append("A" + i % 700 + ",a" + (i == 2990 ? "x" : "") + i % 700 + ",B" + i % 11 + ",b" + i % 11 + "\n");
        }
        ResolvedJob job = JobFixture.resolved("\"batch_size\": 400");
        InputFile table = JobFixture.table("pairs.csv", rows.toString());
        MemoryStore store = new MemoryStore();
        SplitCursor cursor = SplitCursor.START;
        SplitResult result = new Splitter(job, table, store).run(cursor, AT_ONCE, segment -> {});
        int calls = 1;
        while (result instanceof SplitResult.Paused paused) {
            cursor = SplitCursor.fromJson(paused.cursor().toJson());
            result = new Splitter(job, table, store).run(cursor, AT_ONCE, segment -> {});
            calls++;
        }
        assertThat(calls).isEqualTo(8);
        SplitResult once = new Splitter(job, table, new MemoryStore()).run(SplitCursor.START, Deadline.NONE, s -> {});
        assertThat(result).isEqualTo(once);
        assertThat(((SplitResult.Done) once).totals().table().sentences())
                .anyMatch(sentence -> sentence.startsWith("1 row with an ID that has another text"));
    }

    private static final Deadline AT_ONCE = new Deadline(Instant.EPOCH, Clock.systemUTC());

    /// Rejected rows, and of how many.
    @ParameterizedTest
    @ValueSource(strings = {"5 of 6", "6 of 600", "5 of 10", "0 of 3"})
    void aFewBadRowsDoNotStopTheTable(String rows) throws IOException {
        SplitTotals totals = split(STRICT, HEADER + bad(rows));
        assertThat(totals.rejected() + " of " + totals.rows()).isEqualTo(rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 of 5", "6 of 6", "7 of 600", "6 of 599"})
    void aTableThatIsBadThroughoutStops(String rows) {
        assertThatThrownBy(() -> split(STRICT, HEADER + bad(rows)))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining(
                        "INPUT_TOO_MANY_BAD_ROWS: pairs.csv: found " + rows.replace(" of", " bad rows of"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aSmallTableWithoutOneGoodRowStops(int rows) {
        String table = HEADER + "1,A,a,B,b\n".repeat(rows);
        assertThatThrownBy(() -> split(STRICT, table))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("found " + rows + (rows == 1 ? " bad row of " : " bad rows of ") + rows)
                .hasMessageContaining(
                        "the first one is the row's number, as R writes it: row.names=FALSE leaves it out");
    }

    @Test
    void theMessageSaysWhyWhereAndHowToGoOn() {
        assertThatThrownBy(() -> split(STRICT, HEADER + bad("6 of 20") + ",x,B,y\n"))
                .hasMessage(
                        "INPUT_TOO_MANY_BAD_ROWS: pairs.csv: found 7 bad rows of 21: 6 ragged_row (rows 1, 2, 3, …; the"
                                + " first: 3 fields instead of 4), 1 missing_id (row 21; the first: ID1 is empty); expected for"
                                + " each reason 5 rows at most, or 1% of the rows; to judge the other rows all the same, set"
                                + " `max_bad_rows` in the job file (7, or \"100%\" for any number)");
    }

    @Test
    void whatTheJobSetsIsAllThatCounts() throws IOException {
        assertThat(split("\"max_bad_rows\": \"100%\"", HEADER + bad("9 of 9")).rejected())
                .isEqualTo(9);
        assertThat(split("\"max_bad_rows\": 9", HEADER + bad("9 of 9")).rejected())
                .isEqualTo(9);
        assertThatThrownBy(() -> split("\"max_bad_rows\": 8", HEADER + bad("9 of 9")))
                .hasMessageContaining("found 9 bad rows of 9, the first of them at rows 1, 2, 3")
                .hasMessageEndingWith(
                        "expected 8 rows at most, as `max_bad_rows` says. No row is good, so the table has to be"
                                + " mended: Quote fields that hold commas, quotes or line breaks; give every row all fields.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A,a,B | give every row all fields.",
                ",a,B,b | Give both texts an ID.",
                "A,a,B, | Give both texts, or leave the row out.",
            })
    void noLimitIsAdvisedWhereNoRowIsGood(String row, String remedy) {
        for (String limit : List.of(STRICT, "\"max_bad_rows\": 5", "\"max_bad_rows\": \"3%\"")) {
            assertThatThrownBy(() -> split(
                            limit,
                            HEADER
                                    + (row.equals("A,a,B,") ? "A,a,B,NA" : row)
                                            .concat("\n")
                                            .repeat(300)))
                    .hasMessageContaining("found 300 bad rows of 300")
                    .hasMessageEndingWith(remedy)
                    .message()
                    .doesNotContain("set `max_bad_rows`");
        }
        assertThat(ErrorCode.INPUT_TOO_MANY_BAD_ROWS.remedy()).doesNotContain("max_bad_rows");
    }

    @Test
    void aLimitIsAdvisedWhereOtherRowsAreGood() {
        assertThatThrownBy(() -> split("\"max_bad_rows\": 5", HEADER + bad("9 of 20")))
                .hasMessageContaining("set `max_bad_rows` in the job file (9,");
    }

    @Test
    void bothProblemsAreToldAtOnce() {
        assertThatThrownBy(() -> split(STRICT, HEADER + bad("9 of 9") + "A,a,B,b\nA,x,B,b\n"))
                .hasMessageContaining("INPUT_TOO_MANY_BAD_ROWS")
                .hasMessageContaining("INPUT_ID_REUSED");
    }

    @Test
    void aCursorOfAVersionThatLookedAtNothingIsRead() {
        SplitCursor cursor = SplitCursor.fromJson("""
                {"part":0,"counting":false,"counted":0,"offset":70,"read":3,"rows":3,"accepted":3,"rejected":0,
                 "empty_texts":0,"segments":1,"wanted":1,"in_wanted":0,"first_rejected":[],"content":""}
                """);
        assertThat(cursor.totals().table()).isEqualTo(TableReport.NONE);
    }

    private static String bad(String rows) {
        int bad = Integer.parseInt(rows.substring(0, rows.indexOf(' ')));
        int all = Integer.parseInt(rows.substring(rows.lastIndexOf(' ') + 1));
        return "A,a,B\n".repeat(bad) + "A,a,B,b\n".repeat(all - bad);
    }

    private static List<String> told(String rows) throws IOException {
        return told("", rows);
    }

    private static List<String> told(String fields, String rows) throws IOException {
        return split(fields, HEADER + rows).table().sentences();
    }

    private static SplitTotals split(String fields, String table) throws IOException {
        return Done.of("pairs.csv", fields, table);
    }

    private static final class Done {

        private Done() {}

        static SplitTotals of(String name, String fields, String table) throws IOException {
            Splitter splitter =
                    new Splitter(JobFixture.resolved(fields), JobFixture.table(name, table), new MemoryStore());
            return ((SplitResult.Done) splitter.run(SplitCursor.START, Deadline.NONE, segment -> {})).totals();
        }
    }
}
