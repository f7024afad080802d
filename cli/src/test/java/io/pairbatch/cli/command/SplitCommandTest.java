package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.workbook.Workbooks;
import io.pairbatch.job.JobFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `split` leaves behind and says when it refuses, and the files that cannot be read.
class SplitCommandTest {

    private static final String HEADER = "ID1,text1,ID2,text2\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path pairs;
    private Path job;
    private Path to;

    @BeforeEach
    void aTableAndItsJob() throws IOException {
        pairs = Files.writeString(folder.resolve("pairs.csv"), HEADER + "a,x,b,y\n");
        job = Files.writeString(
                folder.resolve("job.json"), "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}");
        to = folder.resolve("check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ID1;text1;ID2;text2\na;x;b;y\n", HEADER, HEADER + "a,x,a,y\na,z,c,w\n", ""})
    void aRefusedSplitLeavesNothingInTheWayOfTheNext(String table) throws IOException {
        Files.writeString(pairs, table);
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(to).doesNotExist();

        Files.writeString(pairs, HEADER + "a,x,b,y\n");
        assertThat(split()).as(err.toString()).isEqualTo(ExitStatus.DONE);
    }

    @Test
    void theSheetOfAWorkbookIsTakenAsCsvIfThatIsWanted() throws IOException {
        Path csv = folder.resolve("pairs.csv");
        Files.delete(csv);
        pairs = Workbooks.of(
                folder.resolve("pairs.xlsx"),
                Workbooks.row(
                                1,
                                Workbooks.text("A1", "ID1"),
                                Workbooks.text("B1", "text1"),
                                Workbooks.text("C1", "ID2"),
                                Workbooks.text("D1", "text2"))
                        + Workbooks.row(
                                2,
                                Workbooks.text("A2", "a"),
                                Workbooks.text("B2", "x"),
                                Workbooks.text("C2", "b"),
                                Workbooks.text("D2", "y")),
                "");

        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains("is an Excel workbook: sheet \"Essays\", 1 row, columns ID1, text1, ID2, text2.\n")
                .contains("note: of 3 sheets only \"Essays\" is read");
        assertThat(err.toString())
                .doesNotContain("INPUT_FORMAT", "Save the table as CSV")
                .contains("To take it as CSV, written to " + csv + ", add to the command: --convert-from xlsx\n");
        assertThat(files(folder)).containsExactly("job.json", "pairs.xlsx");

        assertThat(split("--convert-from", "windows-1252")).isEqualTo(ExitStatus.USAGE);
        assertThat(split("--convert-from", "xlsx")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(csv).hasContent("ID1,text1,ID2,text2\na,x,b,y\n");

        to = folder.resolve("again");
        assertThat(split("--convert-from", "xlsx")).as(err.toString()).isEqualTo(ExitStatus.DONE);

        Files.writeString(csv, HEADER + "a,mine,b,y\n");
        to = folder.resolve("other");
        assertThat(split("--convert-from", "xlsx")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(csv + " is there already, and is not what the sheet holds.");
        assertThat(csv).content().contains("mine");
    }

    @Test
    void ofAFolderOfTextsTheJobFileIsInItElseBesideIt() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.writeString(texts.resolve("a.txt"), "x");
        Files.writeString(texts.resolve("b.txt"), "y");
        assertThat(execute("split", texts.toString(), "--out", to.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("a table of samples: the columns ID, text");
        Files.writeString(
                texts.resolve("job.json"),
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", \"pairing\": {\"design\": \"all\"}}");
        assertThat(execute("split", texts.toString(), "--out", to.toString()))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("2 samples, all: 1 comparison, connected, 1 each\n1 row = 1 accepted + 0 rejected\n");
        assertThat(to.resolve(JobFiles.SAMPLES)).hasContent("""
                {"ID":"a","text":"x"}
                {"ID":"b","text":"y"}
                """);
        // The job is that of the folder also where it is given as `texts/.`, beside which is only what is in it.
        Files.move(texts.resolve("job.json"), job, StandardCopyOption.REPLACE_EXISTING);
        to = folder.resolve("dot");
        assertThat(execute("split", texts + "/.", "--out", to.toString()))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        Files.delete(job);
        to = folder.resolve("other");
        assertThat(execute("split", texts.toString(), "--out", to.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There is no job.json in or beside " + texts + ".");
        assertThat(execute("split", pairs.toString(), "--out", to.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There is no job.json beside " + pairs + ".");
    }

    @Test
    void whatIsWrongWithTheTextsOfAFolderAndWithItsJobFileIsToldTogether() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.write(texts.resolve("a.txt"), "it’s".getBytes(Charset.forName("windows-1252")));
        Files.writeString(texts.resolve("b.txt"), "y");
        Files.writeString(
                texts.resolve("job.json"),
                "{\"modle\": \"gpt-4.1\", \"trait_name\": \"organization\", \"pairing\": {\"dessin\": \"all\"}}");
        for (String command : List.of("split", "run")) {
            List<String> line = new ArrayList<>(List.of(command, texts.toString()));
            line.addAll(command.equals("split") ? List.of("--out", to.toString()) : List.of("--live", "--yes"));
            assertThat(execute(line.toArray(String[]::new))).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(err.toString())
                    .contains("SAMPLE_ROWS", "SPEC_UNKNOWN_FIELD", "`modle`", "SPEC_MISSING_FIELD", "dessin")
                    .contains(texts.resolve("job.json") + ", field `modle`");
            assertThat(err.toString().replaceAll("\\s+", " "))
                    .contains("1 file that is not UTF-8: a.txt (line 1 has the byte 0x92, which is ’")
                    .contains("--convert-from windows-1252 reads it as what it probably is");

            Files.writeString(folder.resolve("no.json"), "{\"model\": }");
            line.addAll(List.of("--job", folder.resolve("no.json").toString()));
            err.getBuffer().setLength(0);
            assertThat(execute(line.toArray(String[]::new))).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(err.toString()).contains("SAMPLE_ROWS", "SPEC_NOT_JSON");
            err.getBuffer().setLength(0);
        }
        // What the defaults of a stack may have is not missed before the stack is asked.
        assertThat(execute("run", texts.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("SAMPLE_ROWS", "`modle`").doesNotContain("SPEC_MISSING_FIELD");
    }

    @Test
    void textsOfWideCharactersAreNotOfferedWhereOthersWouldBeSpoiled() throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.write(texts.resolve("a.txt"), "\uFEFFwide".getBytes(StandardCharsets.UTF_16LE));
        Files.writeString(texts.resolve("b.txt"), "plain");
        assertThat(execute("split", texts.toString(), "--job", job.toString(), "--out", to.toString()))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains("it is UTF-16, as Excel's")
                .contains("CHARSET")
                .doesNotContain("from utf-16");
        Files.write(texts.resolve("b.txt"), "\uFEFFtoo".getBytes(StandardCharsets.UTF_16LE));
        assertThat(execute("split", texts.toString(), "--job", job.toString(), "--out", to.toString()))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("--convert-from utf-16");
    }

    @Test
    void aTableIsReadByTheNamesThatTheJobGivesItsColumns() throws IOException {
        Files.write(pairs, "left,text1,right,text2\na,it’s,b,y\n".getBytes(Charset.forName("windows-1252")));
        assertThat(split("--set", "columns.ID1=left")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .contains("INPUT_COLUMNS", "missing: ID2, which `columns`")
                .doesNotContain("INPUT_TOO_MANY");
        assertThat(out.toString()).doesNotContain("--convert-from");
        err.getBuffer().setLength(0);
        assertThat(split("--set", "columns.ID1=left", "--set", "columns.ID2=right", "--set", "modle=x"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString()).contains("--convert-from windows-1252");
        assertThat(err.toString())
                .contains("SPEC_UNKNOWN_FIELD", "INPUT_TOO_MANY")
                .doesNotContain("INPUT_COLUMNS");
        assertThat(split("--set", "columns.ID1=left", "--set", "columns.ID2=right", "--convert-from", "windows-1252"))
                .as("%s", err)
                .isEqualTo(ExitStatus.DONE);
        assertThat(to.resolve("batch_01_pairs.jsonl")).content().contains("\"ID1\":\"a\"", "it’s");
        assertThat(to.resolve("job.json")).content().contains("columns");

        // Pairs that failed have our names already.
        Path failed = Files.writeString(to.resolve("failed_pairs.csv"), HEADER + "a,x,b,y\n");
        assertThat(execute("run", failed.toString(), "--live", "--yes")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("its key is missing");
    }

    @Test
    void samplesAreReadByTheNamesThatTheJobGivesTheirColumns() throws IOException {
        Files.writeString(pairs, "{\"name\": \"a\", \"body\": \"x\"}\n{\"name\": \"b\", \"body\": \"y\"}\n");
        assertThat(split("--set", "pairing.design=all", "--set", "columns={\"ID\": \"name\", \"text\": \"body\"}"))
                .as("%s", err)
                .isEqualTo(ExitStatus.DONE);
        assertThat(to.resolve(JobFiles.SAMPLES)).content().startsWith("{\"ID\":\"a\",\"text\":\"x\"}");
    }

    @Test
    void whatWasWrittenAndWhatComesNextIsSaid() throws IOException {
        assertThat(split("--set", "batch_size=1", "--set", "trait_description=it's \"so\""))
                .as("%s", err)
                .isEqualTo(ExitStatus.DONE);
        String next = "./pairbatch run " + pairs + " --job " + job
                + " --set batch_size=1 --set 'trait_description=it'\\''s \"so\"' --live\n";
        assertThat(out.toString())
                .contains("  batch_01_input.jsonl: what would be sent, one request a line; job.json: the job with all")
                .contains("Nothing was sent. To have it judged by the provider:\n  " + next)
                .endsWith("then ./pairbatch collect " + to + " writes the results.\n");

        assertThat(split()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(to + " holds an earlier split.\n", "remove it: rm -r " + to);
        err.getBuffer().setLength(0);
        Files.writeString(to.resolve("batch_01_output.jsonl"), "");
        assertThat(split()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString())
                .contains("and answers to it.", "./pairbatch collect " + to)
                .doesNotContain("rm -r");
    }

    @Test
    void notesOfASampleSayThatTheyAreOfTheWholeTable() throws IOException {
        Files.writeString(pairs, HEADER + "a,x,b,y\nc,,d,z\n");
        assertThat(split("--set", "limit=1")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("note: what is noted of rows here is about the whole table, not only about the 1 row of the"
                        + " sample\nnote: 1 row ");
        to = folder.resolve("all");
        out.getBuffer().setLength(0);
        assertThat(split("--set", "limit=2")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("note: 1 row ").doesNotContain("whole table");
    }

    @Test
    void whatIsNoWorkbookIsNotTakenForOne() {
        assertThat(split("--convert-from", "xlsx")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(pairs + " is no Excel workbook (xlsx), but a text or another file.");
    }

    @Test
    void theListOfRejectedRowsIsKeptUntilTheNextSplit() throws IOException {
        Files.writeString(pairs, HEADER + ",x,b,y\n");
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(files()).containsExactly("rejected_rows.csv");
        assertThat(err.toString())
                .endsWith("Each rejected row, with its reason: " + to.resolve("rejected_rows.csv") + "\n");

        Files.writeString(pairs, HEADER + "a,x,b,y\n");
        assertThat(split()).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(files()).contains("batch_01_input.jsonl").doesNotContain("rejected_rows.csv");
    }

    @Test
    void aTableWithoutRowsIsRefusedAsByRun() throws IOException {
        Files.writeString(pairs, HEADER);
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err).hasToString("""
                pairbatch: The table has no rows. Nothing was split.
                  Give a table with at least one pair that can be judged.
                """);
    }

    @Test
    void filesThatAreInTheFolderStay() throws IOException {
        Files.createDirectories(to);
        Files.writeString(to.resolve("mine.txt"), "mine");
        Files.writeString(pairs, HEADER);
        assertThat(split()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is not empty");
        assertThat(files()).containsExactly("mine.txt");
    }

    @Test
    void aTableInExcelsEncodingIsNamedAndACopyCanBeSplit() throws IOException {
        Files.write(pairs, (HEADER + "a,Das Café,b,über\n").getBytes(Charset.forName("windows-1252")));
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains("To take a converted copy, add to the command: --convert-from windows-1252");

        assertThat(split("--convert-from", "windows-1252")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .containsPattern(
                        "Until this command ends, \\S+/pairs\\.csv is a copy in UTF-8, converted from windows-1252; "
                                + pairs + " stays")
                .contains("\n  iconv -f WINDOWS-1252 -t UTF-8 " + pairs + " > " + folder.resolve("pairs-utf8.csv")
                        + "\n");
        assertThat(Files.readString(to.resolve("batch_01_pairs.jsonl"), StandardCharsets.UTF_8))
                .contains("Das Café");
    }

    @Test
    void ofAMixtureTheLinesAreNamedAndNoConversionIsProposedOrMade() throws IOException {
        byte[] good = (HEADER + "a,Das Café,b,über\n".repeat(3)).getBytes(StandardCharsets.UTF_8);
        byte[] other = "c,Das Café,d,und so\n".getBytes(Charset.forName("windows-1252"));
        Files.write(pairs, good);
        Files.write(pairs, other, StandardOpenOption.APPEND);
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        String said = "line 5 is not UTF-8, and the others are: save it again in UTF-8";
        assertThat(out.toString()).contains(said).doesNotContain("--convert-from");
        assertThat(err.toString().replaceAll("\\s+", " ")).contains(said).doesNotContain("iconv");

        assertThat(split("--convert-from", "windows-1252")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().replaceAll("\\s+", " ")).contains(pairs + " is a mixture: " + said);

        // Where few lines are UTF-8, the user may know better.
        Files.write(
                pairs,
                new String(other, Charset.forName("windows-1252")).repeat(5).getBytes(Charset.forName("windows-1252")),
                StandardOpenOption.APPEND);
        assertThat(split("--convert-from", "windows-1252")).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains("warning: " + pairs + " is a mixture: 3 of its lines are");
    }

    /// Of samples too: their columns are others than those of pairs.
    @ParameterizedTest
    @ValueSource(strings = {",", ";"})
    void ofSamplesInExcelsEncodingACopyIsProposedToo(String separator) throws IOException {
        Files.write(
                pairs,
                "ID,text\na,Das Café\nb,über\n".replace(",", separator).getBytes(Charset.forName("windows-1252")));
        assertThat(split("--set", "pairing.design=all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(out.toString())
                .contains("To take a converted copy, add to the command: --convert-from windows-1252");
        assertThat(err.toString()).contains("SAMPLE_ROWS", "iconv -f WINDOWS-1252 -t UTF-8 " + pairs);
        assertThat(split("--set", "pairing.design=all", "--convert-from", "windows-1252"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(Files.readString(to.resolve(JobFiles.SAMPLES))).contains("Das Café");
    }

    @Test
    void samplesWithOtherNamesAreToldWhatMakesACopyAndNoOptionOfAnotherCommand() throws IOException {
        Files.writeString(pairs, "id;essay\na;x\nb;y\n");
        assertThat(split("--set", "pairing.design=all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().lines().map(String::strip))
                .anyMatch(line -> line.startsWith("import pandas as pd; pd.read_csv(\"" + pairs + "\", sep=\";\"")
                        && line.contains("{\"id\": \"ID\", \"essay\": \"text\"}"))
                .noneMatch(line -> line.contains("perhaps --id"));
    }

    @Test
    void whatIsWrongWithATableOfSamplesIsToldOnce() throws IOException {
        Files.write(pairs, "id,essay\na,Das Café\nb,über\n".getBytes(Charset.forName("windows-1252")));
        assertThat(split("--set", "pairing.design=all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).containsOnlyOnce("SAMPLE_COLUMNS").contains("cp1252");
        Files.writeString(pairs, "ID,text\na,x\nb,y\n");
        assertThat(split("--set", "pairing.design=per_sample", "--set", "pairing.k=9"))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).containsOnlyOnce("PAIRING_REFUSED");
    }

    @Test
    void pairsUnderOtherNamesAreNotAskedToBecomeSamples() throws IOException {
        Files.writeString(pairs, "left_id;left;right_id;right\na;x;b;y\n");
        assertThat(split("--set", "pairing.design=all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("INPUT_COLUMNS").doesNotContain("SAMPLE_COLUMNS");
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains("what looks like a table of pairs under other names")
                .contains("--set pairing=null")
                .contains("{\"left_id\": \"ID1\", \"left\": \"text1\", \"right_id\": \"ID2\", \"right\": \"text2\"}");
    }

    @Test
    void soArePairsInJsonLines() throws IOException {
        pairs = Files.writeString(
                folder.resolve("mine.jsonl"),
                "{\"id_a\": \"a\", \"essay_a\": \"x\", \"id_b\": \"b\", \"essay_b\": \"y\"}\n");
        assertThat(split("--set", "pairing.design=all")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().replaceAll("\\s+", " "))
                .contains("INPUT_COLUMNS", "`id_a` for `ID1`", "--set pairing=null", "text2: rename the fields");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void whereTheNamesAreWrongTooOneCommandMendsBothWithAndWithoutACopy(String separator) throws IOException {
        String table = "id_a,essay_a,id_b,essay_b\na,Das Café,b,über\n".replace(",", separator);
        Files.write(pairs, table.getBytes(Charset.forName("windows-1252")));
        for (List<String> options : List.of(List.<String>of(), List.of("--convert-from", "windows-1252"))) {
            assertThat(split(options.toArray(String[]::new))).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(out.toString()).doesNotContain("--convert-from");
            // A line of its own for each command, whole, however long it is.
            String sep = separator.replace("\t", "\\t");
            assertThat(err.toString().lines().map(String::strip))
                    .anyMatch(line ->
                            line.startsWith("write.csv(setNames(read.delim(\"" + pairs + "\", sep = \"" + sep + "\"")
                                    && line.contains("fileEncoding = \"WINDOWS-1252\")")
                                    && line.endsWith("fileEncoding = \"UTF-8\")"))
                    .anyMatch(line -> line.startsWith("import pandas as pd; pd.read_csv(\"" + pairs + "\"")
                            && line.contains("encoding=\"cp1252\")")
                            && line.endsWith(", index=False)"));
            err.getBuffer().setLength(0);
        }
    }

    @Test
    void anyFileIsToldByItsPathSoThatCommandsFindIt() throws IOException {
        Path blank = Files.createDirectories(folder.resolve("my study"));
        pairs = Files.write(
                blank.resolve("p.csv"), (HEADER + "a,Das Café,b,über\n").getBytes(Charset.forName("windows-1252")));
        job = Files.writeString(blank.resolve("mine.json"), "{\"model\": \"gpt-4.1\", \"trait\": \"organization\"}");
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().lines().map(String::strip))
                .contains("where    " + job + ", field `trait`", "where    " + pairs)
                .contains("iconv -f WINDOWS-1252 -t UTF-8 '" + pairs + "' > '" + blank.resolve("p-utf8.csv") + "'");
    }

    @Test
    void aModelThatNobodyKnowsIsToldWithWhatIsWrongWithTheTable() throws IOException {
        Files.writeString(job, "{\"model\": \"gpt-4.1-mni\", \"trait_name\": \"organization\"}");
        Files.writeString(pairs, "a;b\n");
        assertThat(split()).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .startsWith("warning: \"gpt-4.1-mni\" is none of the models")
                .contains("INPUT_COLUMNS");
    }

    @Test
    void theModelsAreListedWithTheirPrices() {
        assertThat(execute("models", "openai")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .contains("openai prompts answers", "gpt-4.1 1.00 4.00")
                .noneMatch(line -> line.startsWith("gemini"));
        assertThat(out.toString().replace('\n', ' ')).containsPattern("No price: [^:]*gpt-4\\.1-mini,");
        assertThat(execute("models")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("gemini-2.5-pro", "claude-opus-4-8");
        assertThat(execute("models", "opanai")).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void ofAConvertedTableOnlyTheJobFileIsRefused() throws IOException {
        Files.write(pairs, (HEADER + "a,Das Café,b,über\n").getBytes(Charset.forName("windows-1252")));
        Files.writeString(job, "{\"modle\": \"gpt-4.1\"}");
        assertThat(split("--convert-from", "windows-1252")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("perhaps `model`").doesNotContain("UTF-8");
    }

    @Test
    void fieldsAreSetOverTheJobFileOrWithoutOne() throws IOException {
        Files.writeString(pairs, HEADER + "a,x,b,y\nc,x1,d,y1\n");
        assertThat(split("--set", "limit=1", "--set", "model=gpt-4.1-mini"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("1 of the accepted are not in the sample");
        assertThat(to.resolve("batch_01_input.jsonl")).content().contains("gpt-4.1-mini");

        Files.delete(job);
        pairs = Files.writeString(folder.resolve("samples.csv"), "ID,text\na,x\nb,y\nc,z\n");
        to = folder.resolve("other");
        assertThat(execute(("split " + pairs + " --out " + to + " --set model=gpt-4.1 --set trait_name=organization"
                                + " --set pairing.design=all")
                        .split(" ")))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("3 rows = 3 accepted");
    }

    /// Whatever is wrong with a field is told by what the user has typed.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--set pairing={\"design\":\"per_sample\",\"k\":9} | --set pairing",
                "--set pairing.design=per_sample --set pairing.k=9 | --set pairing.design and --set pairing.k",
                "--set pairing={\"design\":\"per_sample\",\"k\":0} | --set pairing",
                "--set pairing.design=per_sample --set pairing.k=0 | --set pairing.k",
                "--set pairing.design=all --set max_comparisons=2 | --set pairing.design",
                "--set pairing.design=all --set model=null | --set model",
                "--set pairing.design=all --set limit=x | --set limit",
            })
    void theOptionThatGaveAFieldIsNamedWhereItIsWrong(String options, String where) throws IOException {
        pairs = Files.writeString(folder.resolve("samples.csv"), "ID,text\na,x\nb,y\nc,z\n");
        Path mine = Files.move(job, folder.resolve("mine.json"));
        assertThat(execute(("split " + pairs + " --out " + to + " --job " + mine + " " + options).split(" ")))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().lines())
                .contains("  where    " + where)
                .noneMatch(line -> line.contains("job.json,"));
        // What stands in the file is told as that.
        err.getBuffer().setLength(0);
        Files.writeString(
                mine,
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", \"pairing\": {\"design\":"
                        + " \"per_sample\", \"k\": 9}}");
        assertThat(execute("split", pairs.toString(), "--out", to.toString(), "--job", mine.toString()))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().lines()).contains("  where    " + mine + ", field `pairing`");
    }

    @Test
    void everyCommandSaysTheSameOfAFileThatIsNone() throws IOException {
        Path none = folder.resolve("none");
        for (List<String> command : commands(none)) {
            boolean folderToo = List.of("split", "run").contains(command.getFirst())
                    && command.get(1).equals(none.toString());
            assertRefused(
                    command,
                    "pairbatch: There is no " + (folderToo ? "file or folder " : "file ") + none + ".\n"
                            + (folderToo
                                    ? "  Give the path of a table of pairs or samples, or of a folder of *.txt files.\n"
                                    : ""));
        }
        Path directory = Files.createDirectories(folder.resolve("directory"));
        for (List<String> command : commands(directory)) {
            // A folder of texts is a table for `split` and `run`; of one `cost` and `rerun` read its summary.json.
            if (!List.of("split", "run").contains(command.getFirst())
                    || !command.get(1).equals(directory.toString())) {
                assertRefused(command, "pairbatch: " + directory + " is a folder, not a file.\n");
            }
        }
    }

    @Test
    void aFolderWithATableIsNotTakenForOneOfTexts() throws IOException {
        for (String command : List.of("run", "split")) {
            List<String> line = new ArrayList<>(List.of(command, folder.toString()));
            line.addAll(command.equals("split") ? List.of("--out", to.toString()) : List.of());
            assertThat(execute(line.toArray(String[]::new))).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(err.toString())
                    .contains("no *.txt file (but pairs.csv)")
                    .contains("a table is given by its own path");
        }
    }

    @Test
    void everyCommandSaysTheSameOfAFileThatMayNotBeRead() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(secret)).as("root may read everything").isFalse();
        for (List<String> command : commands(secret)) {
            assertRefused(command, "pairbatch: You have no right to read " + secret + ".\n");
        }
        // One that no command has looked at before.
        Files.writeString(
                job, "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\", \"prompt_template\": \"secret\"}");
        assertThat(split()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString())
                .startsWith("pairbatch: You have no right to read ")
                .contains("secret.\n");
    }

    private List<List<String>> commands(Path file) {
        String one = file.toString();
        return List.of(
                List.of("split", one, "--job", job.toString(), "--out", to.toString()),
                List.of("split", pairs.toString(), "--job", one, "--out", to.toString()),
                List.of("run", one),
                List.of("run", pairs.toString(), "--job", one),
                List.of("rescue", one, "--pairs", pairs.toString()),
                List.of("templates", "register", "mine", one));
    }

    private void assertRefused(List<String> command, String said) {
        assertThat(execute(command.toArray(new String[0]))).as("%s", command).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).as("%s", command).startsWith(said);
    }

    private List<String> files() throws IOException {
        return files(to);
    }

    private static List<String> files(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private int split(String... more) {
        List<String> line =
                new ArrayList<>(List.of("split", pairs.toString(), "--job", job.toString(), "--out", to.toString()));
        line.addAll(List.of(more));
        return execute(line.toArray(String[]::new));
    }

    private int execute(String... args) {
        return new NoStack(folder, out, err, new FakeLive(Deployed.STACK)).execute(args);
    }
}
