package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.workbook.Workbooks;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.PairReader;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pairs of samples: what is written, and what is said.
class PairsCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeLive live = new FakeLive(Deployed.STACK);

    @TempDir
    private Path folder;

    private Path samples;
    private Path to;

    @BeforeEach
    void aTableOfSamples() throws IOException {
        samples = Files.writeString(
                folder.resolve("samples.csv"), "ID,text,grade\na,\"one, two\",3\nb,three,NA\nNA1,\"NA\",5\n");
        to = folder.resolve("pairs.csv");
    }

    @Test
    void allPairsAreWrittenWithTheOtherColumnsOfBoth() throws IOException {
        assertThat(pairs("--design", "all")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(to).hasContent("""
                ID1,text1,ID2,text2,ID1.grade,ID2.grade
                a,"one, two",b,three,3,NA
                a,"one, two",NA1,"NA",3,5
                b,three,NA1,"NA",NA,5
                """);
        assertThat(out).hasToString("""
                3 samples, 3 comparisons
                  per sample: 2 each
                  positions: uneven; the most: a, first in 2 of 2; --order random or alternate is more even
                  connected: all samples
                Written to %s (114 B), order as_given, seed 1.
                """.formatted(to));
    }

    @Test
    void theTableIsOneThatIsJudged() throws IOException {
        Files.writeString(
                samples,
                "{\"ID\":\"x\",\"text\":\"two\\nlines\",\"p\":1}\n{\"ID\":\"y\",\"text\":\"\\\"\",\"q\":\"\"}\n");
        Path zipped = folder.resolve("made.csv.gz");
        assertThat(pairs("--design", "all", "--order", "both", "--out", zipped.toString()))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        List<String> rows = new ArrayList<>();
        try (PairReader reader = PairReader.open(OfflineSplit.input(zipped))) {
            assertThat(reader.header())
                    .containsExactly("ID1", "text1", "ID2", "text2", "ID1.p", "ID1.q", "ID2.p", "ID2.q");
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(((InputRow.Accepted) row).pair().columns().values().toString());
            }
        }
        assertThat(rows)
                .containsExactly("[x, two\nlines, y, \", 1, null, null, ]", "[y, \", x, two\nlines, null, , 1, null]");
    }

    @Test
    void withoutADesignItIsSaidWhichThereAre() {
        assertThat(pairs()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString())
                .startsWith("pairbatch: --design is missing: which samples are compared.\n")
                .contains("--design per_sample --k 10", "docs/DESIGNS.md");
    }

    @Test
    void aTableOfPairsIsKnownUnderAnyNames() throws IOException {
        Files.writeString(samples, "left,left_text,right,right_text\na,x,b,y\n");
        assertThat(pairs("--design", "all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said())
                .contains(
                        "SAMPLE_COLUMNS",
                        "what looks like a table of pairs under other names",
                        "./pairbatch run " + samples)
                .contains("\"columns\": {\"ID1\": \"left\", \"text1\": \"left_text\", \"ID2\": \"right\"")
                .doesNotContain("perhaps --id");
        err.getBuffer().setLength(0);
        Files.writeString(samples, "ID1,text1,ID2,text2\na,x,b,y\n");
        assertThat(pairs("--design", "all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(said())
                .contains("a table of pairs: the columns", "./pairbatch run " + samples)
                .doesNotContain("columns\":");

        err.getBuffer().setLength(0);
        Files.writeString(samples, "ID1,text1,ID2,text2\na,x,b,y\nc,z,d,w\n");
        assertThat(pairs("--design", "all", "--id", "ID1", "--text", "text1"))
                .as("%s", err)
                .isEqualTo(ExitStatus.DONE);
    }

    private String said() {
        return err.toString().replaceAll("\\s+", " ");
    }

    @Test
    void aFolderOfTextsIsReadByNameLineByLine() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.writeString(texts.resolve("b.txt"), "\uFEFFsecond\r\nline\n\n");
        Files.writeString(texts.resolve("a.TXT"), "first");
        Files.writeString(texts.resolve(".hidden.txt"), "no");
        Files.writeString(texts.resolve("notes.docx"), "no");
        assertThat(execute("pairs", texts.toString(), "--design", "all"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(to).hasContent("ID1,text1,ID2,text2\na,first,b,\"second\nline\n\"\n");
        assertThat(out.toString())
                .startsWith("note: 1 of " + texts + " is no *.txt file and was left out: notes.docx\n");
    }

    @Test
    void textsOfAnotherCharacterSetAreNamedAndConverted() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.write(texts.resolve("a.txt"), "Café".getBytes(Charset.forName("windows-1252")));
        Files.writeString(texts.resolve("b.txt"), "plain");
        assertThat(execute("pairs", texts.toString(), "--design", "all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("1 file that is not UTF-8: a.txt").contains("--convert-from");
        assertThat(execute("pairs", texts.toString(), "--design", "all", "--convert-from", "windows-1252"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(to).content().contains("Café");

        assertThat(out.toString()).doesNotContain("kept as UTF-8");

        Files.write(samples, "ID;text\na;Café\nb;x\n".getBytes(Charset.forName("windows-1252")));
        Path other = folder.resolve("other.csv");
        assertThat(pairs("--design", "all", "--out", other.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString()).contains("--convert-from windows-1252");
        assertThat(pairs("--design", "all", "--out", other.toString(), "--convert-from", "windows-1252"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(other).content().contains("Café");
    }

    @Test
    void eachTextOfAFolderIsConvertedOrKeptForItself() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Charset windows = Charset.forName("windows-1252");
        Files.write(texts.resolve("a.txt"), "“Café”".getBytes(windows));
        Files.writeString(texts.resolve("b.txt"), "“Zoë”");
        Files.writeString(texts.resolve("c.txt"), "plain");
        assertThat(execute("pairs", texts.toString(), "--design", "all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains("1 file that is not UTF-8: a.txt")
                .contains(
                        "--convert-from windows-1252 reads it as what it probably is, and keeps the one that is UTF-8 already: b.txt");

        assertThat(execute("pairs", texts.toString(), "--design", "all", "--convert-from", "windows-1252"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(to).content().contains("a,“Café”,b,“Zoë”\n").contains("c,plain");
        assertThat(out.toString()).contains("note: kept as UTF-8, not read as windows-1252: b.txt\n");
    }

    @Test
    void aTextThatWouldGetControlCharactersIsRefused() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.write(texts.resolve("a.txt"), "“Café”".getBytes(Charset.forName("windows-1252")));
        Files.writeString(texts.resolve("b.txt"), "plain");
        assertThat(execute("pairs", texts.toString(), "--design", "all", "--convert-from", "iso-8859-1"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("1 file that is not ISO-8859-1: a.txt");
    }

    @Test
    void aTextWithLinesInUtf8AndOthersIsRefused() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.writeString(texts.resolve("b.txt"), "plain");
        Files.write(texts.resolve("d.txt"), "Zoë\n".getBytes(Charset.forName("windows-1252")));
        Files.writeString(texts.resolve("d.txt"), "Noël\n", StandardOpenOption.APPEND);
        assertThat(execute("pairs", texts.toString(), "--design", "all", "--convert-from", "windows-1252"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("1 file with lines in UTF-8 and lines that are not: d.txt");
    }

    @Test
    void theSheetsOfWorkbooksAreTakenIfThatIsWanted() throws IOException {
        Files.delete(samples);
        samples = sheet("new.xlsx", "n", "new");
        Path anchors = sheet("old.xlsx", "o", "old");
        String[] linked = {"--design", "linked", "--k", "1", "--anchors", anchors.toString()};
        assertThat(pairs(linked)).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("add to the command: --convert-from xlsx");
        assertThat(names()).containsExactlyInAnyOrder("new.xlsx", "old.xlsx");

        assertThat(pairs("--design", "all", "--convert-from", "windows-1252")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is an Excel workbook, which has no character set");
        assertThat(pairs(Stream.concat(Stream.of(linked), Stream.of("--convert-from", "xlsx"))
                        .toArray(String[]::new)))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(to).content().contains("n,new", "o,old");
        assertThat(names()).contains("new.csv", "old.csv");

        // The anchors beside a workbook may be a folder or a table.
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.writeString(texts.resolve("t.txt"), "told");
        Path other = folder.resolve("other.csv");
        assertThat(pairs(
                        "--design",
                        "linked",
                        "--k",
                        "1",
                        "--anchors",
                        texts.toString(),
                        "--convert-from",
                        "xlsx",
                        "--out",
                        other.toString()))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(other).content().contains("t,told");
        assertThat(execute("pairs", texts.toString(), "--design", "all", "--convert-from", "xlsx", "--out", "x.csv"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(texts + " is a folder of texts, and no Excel workbook");
    }

    @Test
    void theSheetIsNotWrittenWhereThePairsAreToBe() throws IOException {
        samples = sheet("pairs.xlsx", "a", "x");
        assertThat(pairs("--design", "all", "--convert-from", "xlsx")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(to + " is there already.");
    }

    private Path sheet(String name, String id, String text) throws IOException {
        return Workbooks.of(
                folder.resolve(name),
                Workbooks.row(1, Workbooks.text("A1", "ID"), Workbooks.text("B1", "text"))
                        + Workbooks.row(2, Workbooks.text("A2", id), Workbooks.text("B2", text)),
                "");
    }

    @Test
    void allThatIsWrongIsToldAtOnceAndNothingIsWritten() throws IOException {
        Files.writeString(samples, "ID,text\na,x\nb, \na,y\nc\nd,NA\n");
        assertThat(pairs("--design", "all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().replaceAll("\\s+", " "))
                .startsWith("No pairs were written.")
                .contains("1 missing_text (row 5; the first: `text` is missing)")
                .contains("1 ragged_row (row 4; the first: 1 fields instead of 2)")
                .contains("1 ID that has another text before: `a` in row 1 and row 3")
                .contains("1 text that is empty or holds only blanks: row 2 (`b`)");
        assertThat(names()).containsExactly("samples.csv");
    }

    @Test
    void oneSampleIsNotEnough() throws IOException {
        Files.writeString(samples, "ID,text\na,x\na,x\n");
        assertThat(pairs("--design", "all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("found    1 sample\n").contains("at least 2");
    }

    @Test
    void repeatedSamplesAndTextsAreNoticed() throws IOException {
        Files.writeString(samples, "ID,text\na,x\nb,y\na,x\nc,x\n");
        assertThat(pairs("--design", "all")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith(
                        "note: 1 sample stands there twice, with the same text, and counts once: `a` in row 1 and row 3\n"
                                + "note: 1 sample has the same text as an earlier one, under another ID: `a` (row 1) and `c`"
                                + " (row 4)\n3 samples, 3 comparisons\n");
    }

    @Test
    void whatADrawLeavesApartIsToldWithWhatToDo() throws IOException {
        many(10);
        assertThat(pairs("--design", "random", "--pairs", "4")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("  connected: no, there are ")
                .contains(" parts that no comparison connects: ")
                .contains(" in no comparison: ")
                .contains("--design per_sample connects all samples");
        assertThat(Files.readAllLines(to)).hasSize(5);
    }

    @Test
    void perSampleSaysThatItIsBalancedAndConnected() throws IOException {
        many(11);
        assertThat(pairs("--design", "per_sample", "--k", "3")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("11 samples, 17 comparisons\n  per sample: 3 or 4; the fewest: s")
                .contains(
                        "  positions: each sample is first as often as second, give or take one\n  connected: all samples\n");
    }

    @Test
    void newSamplesAreComparedWithAnchorsOfTheSameTableOrAnother() throws IOException {
        many(8);
        assertThat(pairs("--design", "linked", "--k", "2", "--anchor-ids", "s2,s3"))
                .isEqualTo(ExitStatus.DONE);
        String summary = """
                8 samples, 12 comparisons
                  per new sample: 2 each
                  per anchor: 6 each
                  positions: each sample is first as often as second
                  connected: all samples
                """;
        assertThat(out.toString()).startsWith(summary);
        Files.delete(to);

        // One of them stands in both tables.
        Path anchors = Files.writeString(folder.resolve("old.csv"), "ID,text,old\nA,old one,1\ns3,text 3,2\n");
        many(7);
        assertThat(pairs("--design", "linked", "--k", "2", "--anchors", anchors.toString()))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).endsWith("seed 1.\n").contains(summary);
        assertThat(Files.readAllLines(to)).first().isEqualTo("ID1,text1,ID2,text2,ID1.old,ID2.old");
        assertThat(Files.readAllLines(to).stream().skip(1))
                .hasSize(12)
                .allMatch(line -> line.contains("A,old one") || line.contains("s3,text 3"));
    }

    @Test
    void anUnknownAnchorIsNamedWithTheIdThatWasMeant() throws IOException {
        many(8);
        assertThat(pairs("--design", "linked", "--k", "1", "--anchor-ids", "s2,S3"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("no sample has the ID \"S3\"").contains("Perhaps \"s3\"?");
    }

    @Test
    void manyComparisonsAreWrittenOnlyIfSomebodyAgrees() throws IOException {
        many(30);
        assertThat(pairs("--design", "all", "--max-comparisons", "400")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("435 comparisons are more than 400").contains("--yes");
        assertThat(to).doesNotExist();
        live.terminal = true;
        assertThat(pairs("--design", "all", "--max-comparisons", "400")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("435 comparisons").endsWith("No pairs were written.\n");
        assertThat(live.questions).containsExactly("Write them? [y/N]");
        assertThat(to).doesNotExist();
        live.agrees = true;
        assertThat(pairs("--design", "all", "--max-comparisons", "400")).isEqualTo(ExitStatus.DONE);
        Files.delete(to);
        live.terminal = false;
        assertThat(pairs("--design", "all", "--max-comparisons", "400", "--yes"))
                .isEqualTo(ExitStatus.DONE);
        Files.delete(to);
        // Both orders are twice as many.
        assertThat(pairs("--design", "all", "--max-comparisons", "869", "--order", "both"))
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Files.writeString(to, "mine");
        assertThat(pairs("--design", "all")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is there already");
        assertThat(to).hasContent("mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--design all --k 2 | --k means nothing with --design all.",
                "--design per_sample --pairs 2 | --pairs means nothing with --design per_sample.",
                "--design random | --design random needs --pairs N or --percent P.",
                "--design random --percent 0 | --percent is 0; expected more than 0.",
                "--design random --pairs 0 | --pairs is 0; expected at least 1.",
                "--design random --percent 1 | found no pair to draw of the 3 that there are",
                "--design per_sample | --design per_sample needs --k K.",
                "--design per_sample --k 3 | expected 1 to 2, since each can be compared with 2 others",
                "--design linked --k 1 | --design linked needs --anchors FILE or --anchor-ids ID,ID.",
                "--design linked --k 2 --anchor-ids a | found 2 comparisons of each new sample with 1 anchor; expected 1.",
                "--design some | --design is \"some\"; expected one of all, random, per_sample, linked.",
                "--design all --out pairs.jsonl | expected a name that ends in .csv or .csv.gz",
                "--design all --convert-from klingon | no character set has the name \"klingon\"",
            })
    void aWrongOptionIsSaidAndNothingIsWritten(String options, String said) throws IOException {
        assertThat(pairs(options.split(" ", -1))).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(said);
        assertThat(names()).containsExactly("samples.csv");
    }

    private void many(int count) throws IOException {
        StringBuilder table = new StringBuilder("ID,text\n");
        for (int i = 1; i <= count; i++) {
            table.append("s" + i + ",text " + i + "\n");
        }
        Files.writeString(samples, table);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private int pairs(String... options) {
        List<String> all = new ArrayList<>(List.of("pairs", samples.toString()));
        all.addAll(Arrays.asList(options));
        return execute(all.toArray(new String[0]));
    }

    private int execute(String... args) {
        return new NoStack(folder, out, err, live).execute(args);
    }
}
