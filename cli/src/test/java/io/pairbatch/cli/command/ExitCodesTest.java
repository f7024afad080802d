package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.cli.workbook.Workbooks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which exit code a wrong input gives, the same of each command: 1 where a file was read and says what cannot be
/// taken, 2
/// where the command line is wrong, whatever the files say. docs/ERRORS.md lists them.
class ExitCodesTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // The table.
                "ID1,text1,ID2,text2/ | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                "~~ | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                "ID1,text1,ID2,text2/a,x | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                "ID1,text1,ID2,text2/a,x | {'model': 'gpt-4.1', 'trait_name': 'organization', 'max_bad_rows': '100%'} | '' | 1",
                "id_a,text_a,id_b,text_b/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                "ID1;text1;ID2;text2/a;x;b;y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                "ID1,text1,ID2,text2/a,x,a,y/a,z,b,w | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                // The job file.
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1' | '' | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'modle': 'gpt-4.1', 'trait_name': 'organization'} | '' | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organisation'} | '' | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization', 'max_cost_usd': -1} | '' | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization', 'max_cost_usd': 0.000001} | run | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4', 'trait_name': 'organization', 'max_cost_usd': 1} | '' | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | run --set max_cost_usd=0.000001 | 1",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | run --set limit=x | 1",
                // The command line.
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | --convert-from klingon | 2",
                "ID1,text1,ID2,text2/a,ü,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | --convert-from latin1 | 2",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | --sett a=b | 2",
                "ID1,text1,ID2,text2/a,x,b,y | {'model': 'gpt-4.1', 'trait_name': 'organization'} | run --again --only-new | 2",
                "- | {'model': 'gpt-4.1', 'trait_name': 'organization'} | '' | 2",
                "ID1,text1,ID2,text2/a,x,b,y | - | '' | 2",
                "- | {'modle': 'gpt-4.1'} | '' | 2",
            })
    void aFileThatIsRefusedIs1AndAWrongCommandLineIs2(String table, String job, String options, int code)
            throws IOException {
        Path pairs = write("pairs.csv", table.isEmpty() || table.equals("-") ? table : table.replace('/', '\n') + "\n");
        Path spec = write("mine.json", job.replace('\'', '"'));
        String more = options.replace("''", "").replaceFirst("^run ?", "");
        String files = " --job " + spec + (more.isEmpty() ? "" : " " + more);
        assertThat(execute("run " + pairs + " --no-wait" + files))
                .as("run: %s", err)
                .isEqualTo(code);
        if (!options.startsWith("run")) {
            assertThat(execute("split " + pairs + " --out " + folder.resolve("check") + files))
                    .as("split: %s", err)
                    .isEqualTo(code);
        }
    }

    /// The same of a workbook, by what it holds.
    @ParameterizedTest
    @CsvSource({
        "cell, 1",
        "part, 1",
        "cut, 1",
        "archive, 1",
        "old, 1",
        "text, 2",
        "none, 2",
    })
    void aBrokenWorkbookIs1AndNoneIs2(String kind, int code) throws IOException {
        Path workbook = folder.resolve("pairs.xlsx");
        Path whole =
                Workbooks.of(folder.resolve("whole.xlsx"), Workbooks.row(1, "<c r='A1' t='e'><v>#N/A</v></c>"), "");
        switch (kind) {
            case "cell" -> Files.copy(whole, workbook);
            case "part" -> Workbooks.damaged(whole, workbook, "xl/styles.xml", null);
            case "cut" -> Files.write(workbook, Arrays.copyOf(Files.readAllBytes(whole), 300));
            case "archive" -> Workbooks.zip(workbook, "word/document.xml", "<w/>");
            case "old" -> Files.write(workbook, new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 0});
            case "text" -> Files.writeString(workbook, "ID1,text1,ID2,text2\na,x,b,y\n");
            default -> assertThat(workbook).doesNotExist();
        }
        Path spec = write("mine.json", "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}");
        String more = " " + workbook + " --convert-from xlsx";
        for (String command : List.of(
                "run --no-wait --job " + spec,
                "split --out " + folder.resolve("check") + " --job " + spec,
                "pairs --design all --out " + folder.resolve("made.csv"))) {
            assertThat(execute(command + more)).as("%s: %s", command, err).isEqualTo(code);
            assertThat(err.toString()).doesNotContain("null");
            if (code == 2) {
                assertThat(err.toString())
                        .contains(
                                kind.equals("none")
                                        ? "There is no file or folder " + workbook
                                        : "is no Excel workbook");
            }
            String asked = err.toString();
            err.getBuffer().setLength(0);
            // Whoever has not asked for the sheet is told the same of what may have been meant as a workbook.
            if (List.of("part", "cut", "archive", "old").contains(kind)) {
                assertThat(execute(command + " " + workbook)).isEqualTo(code);
                assertThat(err.toString()).isEqualTo(asked);
                err.getBuffer().setLength(0);
            }
        }
    }

    /// A summary was read, and its table is another one.
    @ParameterizedTest
    @CsvSource({
        "'', pairs.csv, 2",
        "another, pairs.csv, 1",
        "without, pairs.csv, 1",
    })
    void aRerunOfAnotherTableIs1AndOfNoneIs2(String kind, String name, int code) throws IOException {
        Path table = folder.resolve(name);
        if (!kind.isEmpty()) {
            Files.writeString(table, "ID1,text1,ID2,text2\na,x,b,y\n");
        }
        Path summary = write("summary.json", """
                {"job_id": "essays-00000000", "backend": "openai", "conservation": {"comparisons": 1},
                 "job": {"source": {"bucket": "b", "key": "inbox/x/pairs.csv"%s}},
                 "resolved": {"model": "gpt-4.1", "trait_name": "organization"}}
                """.formatted(
                        kind.equals("without") ? "" : ", \"sha256\": \"" + "0".repeat(64) + "\""));
        assertThat(execute("rerun " + summary + " " + table + (kind.equals("without") ? "" : " --anyway")))
                .as(err.toString())
                .isEqualTo(code);
    }

    /// The file, or the path of one that is not there.
    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        return text.equals("-") ? file : Files.writeString(file, text);
    }

    private int execute(String line) {
        Deployment stack = Deployed.with(new Deployment.Providers(true, "openai", Map.of(), "{}"));
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        FakeTime time = new FakeTime();
        App app = new App(
                console,
                name -> stack,
                name -> new Session(name, new MemoryJobSource(), new MemoryBucket(), Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                folder,
                folder,
                time,
                time,
                new FakeLive(stack));
        int status = PairbatchCommand.commandLine(app).execute(line.split(" "));
        console.out().flush();
        console.err().flush();
        return status;
    }
}
