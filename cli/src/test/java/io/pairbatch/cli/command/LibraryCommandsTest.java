package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import io.pairbatch.prompt.BuiltIns;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryCommandsTest {

    private static final String TEMPLATE = "Judge {TRAIT_NAME}: {TRAIT_DESCRIPTION}\n{SAMPLE_1}\n{SAMPLE_2}";

    private final MemoryBucket bucket = new MemoryBucket();
    private final List<String> stacks = new ArrayList<>();
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void aTemplateIsRegisteredAsItsLines() throws IOException {
        Path file = template("\uFEFF" + TEMPLATE.replace("\n", "\r\n") + "\r\n");

        assertThat(execute("templates", "register", "mine", file.toString())).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("Registered. Jobs use it with \"prompt_template\": \"mine\".\n");
        assertThat(bucket.written()).containsExactly("library/templates/mine.txt");
        assertThat(bucket.text("library/templates/mine.txt")).isEqualTo(TEMPLATE);
        assertThat(bucket.fingerprint("library/templates/mine.txt"))
                .hasValueSatisfying(sha -> assertThat(sha).hasSize(64));

        assertThat(execute("templates", "show", "mine")).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString(TEMPLATE + "\n");
    }

    @Test
    void whatIsMissingInATemplateIsSaidInTheContractsOrder() throws IOException {
        Path file = template("{SAMPLE_2}");

        assertThat(execute("templates", "register", "mine", file.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).startsWith("""
                pairbatch: TEMPLATE_INVALID: template `mine`: found a template without {TRAIT_NAME}, \
                {TRAIT_DESCRIPTION}, {SAMPLE_1}; expected""");
        Files.write(file, TEMPLATE.concat("ü").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(execute("templates", "register", "mine", file.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("TEMPLATE_INVALID", "not UTF-8");
        Files.writeString(file, TEMPLATE + "x".repeat(1 << 20));
        assertThat(execute("templates", "register", "mine", file.toString())).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("TEMPLATE_INVALID", "more than 1 MiB");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void aNameIsReplacedOnlyWhenThatIsSaid() throws IOException {
        Path file = template(TEMPLATE);
        bucket.put("library/templates/mine.txt", "old");

        assertThat(execute("templates", "register", "mine", file.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("LIBRARY_NAME_TAKEN", "--overwrite");
        assertThat(bucket.text("library/templates/mine.txt")).isEqualTo("old");
        assertThat(execute("templates", "register", "mine", file.toString(), "--overwrite"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(bucket.text("library/templates/mine.txt")).isEqualTo(TEMPLATE);
    }

    @Test
    void whatIsRegisteredHidesABuiltInUntilItIsRemoved() throws IOException {
        Path file = template(TEMPLATE);

        execute("templates", "register", "test1", file.toString());
        assertThat(out.toString()).contains("hides the built-in");
        execute("templates", "show", "test1");
        assertThat(out.toString()).startsWith("Judge ");
        assertThat(execute("templates", "remove", "test1")).isEqualTo(ExitStatus.DONE);
        execute("templates", "show", "test1");
        assertThat(out).hasToString(BuiltIns.template("test1").orElseThrow() + "\n");
        assertThat(execute("templates", "remove", "test1")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("LIBRARY_NAME_BUILT_IN");
        assertThat(execute("templates", "remove", "test1", "--quiet"))
                .as("a built-in one cannot be removed quietly either")
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aMisspeltNameIsAnsweredWithTheOneThatWasPerhapsMeant() throws IOException {
        assertThat(execute("templates", "show", "defualt")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("perhaps `default`; else");
        assertThat(execute("traits", "show", "organisation")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("perhaps `organization`; else");
        execute("templates", "register", "strict-judge", template(TEMPLATE).toString());
        assertThat(execute("templates", "remove", "strict_judge")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("perhaps `strict-judge`; else");
    }

    @ParameterizedTest
    @ValueSource(strings = {"templates", "traits"})
    void removingWhatIsNotThereIsAnErrorUnlessQuiet(String command) {
        assertThat(execute(command, "remove", "mine")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("LIBRARY_NAME_UNKNOWN", "`mine`");
        assertThat(execute(command, "show", "mine")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("LIBRARY_NAME_UNKNOWN");
        assertThat(execute(command, "remove", "mine", "--quiet")).isEqualTo(ExitStatus.DONE);
        assertThat(out).hasToString("Nothing was registered under that name.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../mine", "a/b", ".hidden", "two words", "é"})
    void namesThatAreNoPlainNamesAreRefused(String name) throws IOException {
        Path file = template(TEMPLATE);

        assertThat(execute("templates", "register", name, file.toString(), "--overwrite"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("LIBRARY_NAME_INVALID");
        assertThat(execute("traits", "register", name, "--description", "d")).isEqualTo(ExitStatus.USAGE);
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void theListHoldsEveryNameOnceAndFitsTheTerminal() {
        bucket.put("library/templates/essays.txt", "Judge essays with a long first line \u001b[31m" + "x".repeat(99));
        bucket.put("library/templates/test3.txt", "Mine.");
        bucket.put("library/templates/README.md", "no template");

        assertThat(execute("templates", "list", "--stack", "Pairbatch-lab")).isEqualTo(ExitStatus.DONE);
        assertThat(stacks).containsExactly("Pairbatch-lab");
        assertThat(out).hasToString("""
                NAME     ORIGIN                            SIZE  BEGINS
                default  built in                         945 B  You are an impartial judge. Two texts are put befo…
                essays   registered                       140 B  Judge essays with a long first line  [31mxxxxxxxxx…
                test1    built in                         979 B  You are an impartial reader who judges two texts o…
                test2    built in                        1.1 kB  Act as a neutral examiner. Two pieces of writing c…
                test3    registered, hides the built-in     5 B  Mine.
                test4    built in                        1.0 kB  You compare writing without taking sides. Of the t…
                test5    built in                        1.1 kB  <task>
                """);
        assertThat(out.toString().lines())
                .allSatisfy(line -> assertThat(Cells.width(line)).isLessThanOrEqualTo(100));
    }

    @Test
    void aTraitIsRegisteredByItsTextsOrItsFile() throws IOException {
        assertThat(execute("traits", "register", "wit", "--description", "How \"funny\" it is."))
                .isEqualTo(ExitStatus.DONE);
        execute("traits", "show", "wit");
        assertThat(out).hasToString("wit\nHow \"funny\" it is.\n");
        execute("traits", "register", "wit", "--label", "Wit", "--description", "d", "--overwrite");
        execute("traits", "show", "wit");
        assertThat(out).hasToString("Wit\nd\n");

        Path file = Files.writeString(folder.resolve("t.json"), "{\"description\": \"D\", \"name\": \"Clarity\"}");
        assertThat(execute("traits", "register", "clear", "--file", file.toString()))
                .isEqualTo(ExitStatus.DONE);
        execute("traits", "list");
        assertThat(out.toString().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly("NAME", "clear", "organization", "overall_quality", "wit");
        assertThat(out.toString()).contains("clear            registered  Clarity");
    }

    @Test
    void aTraitNeedsOneDefinition() throws IOException {
        Path file = Files.writeString(folder.resolve("t.json"), "{\"name\": \"Clarity\"}");

        assertThat(execute("traits", "register", "wit")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("traits", "register", "wit", "--description", "d", "--file", file.toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(execute("traits", "register", "wit", "--file", file.toString()))
                .isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("TRAIT_INVALID");
        assertThat(execute("traits", "register", "wit", "--description", " ")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("TRAIT_INVALID");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void oneBrokenTraitDoesNotHideTheOthers() {
        bucket.put("library/traits/broken.json", "{");

        assertThat(execute("traits", "list")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("broken           registered  -", "not a trait", "organization");
        assertThat(execute("traits", "show", "broken")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("TRAIT_INVALID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"templates", "traits"})
    void aCommandAloneShowsItsHelp(String command) {
        assertThat(execute(command)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("list", "show", "register", "remove");
        assertThat(execute(command, "register", "--help")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("--overwrite", "--stack");
    }

    private Path template(String text) throws IOException {
        return Files.writeString(folder.resolve("template.txt"), text);
    }

    private int execute(String... args) {
        out = new StringWriter();
        err = new StringWriter();
        FakeTime time = new FakeTime();
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> {
                    stacks.add(String.valueOf(stack));
                    return Deployed.STACK;
                },
                deployment -> new Session(deployment, new MemoryJobSource(), bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new AssertionError("no stack is started");
                },
                folder,
                folder,
                time,
                time,
                new FakeLive(Deployed.STACK));
        int status = PairbatchCommand.commandLine(app).execute(args);
        console.out().flush();
        console.err().flush();
        return status;
    }
}
