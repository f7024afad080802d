package io.pairbatch.cli.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.command.PairbatchCommand;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.RowRejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/// `docs/ERRORS.md` is made from the code. `-Dpairbatch.snapshots=write` writes it anew.
class ErrorCatalogueTest {

    private static final Path FILE = Path.of("../docs/ERRORS.md");
    private static final String LIBRARY = "LIBRARY_";

    private record Entry(String code, String cause, String remedy) {}

    @Test
    void theCatalogueSaysWhatTheCodeSays() throws IOException {
        String catalogue = catalogue();
        if ("write".equals(System.getProperty("pairbatch.snapshots"))) {
            Files.writeString(FILE, catalogue);
        }
        assertThat(Files.readString(FILE)).isEqualTo(catalogue);
    }

    @Test
    void everyCodeHasACauseAndARemedyInOneOrTwoSentencesOfItsOwn() {
        List<Entry> all = new ArrayList<>();
        Stream.of(jobs(), library(), pairs(), rows(), exits()).forEach(all::addAll);

        assertThat(all).extracting(Entry::code).doesNotHaveDuplicates();
        assertThat(all).extracting(Entry::cause).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(entry -> {
            assertThat(entry.cause()).matches("[A-Z`].{4,200}[.…]").doesNotContain("|", "\n");
            assertThat(entry.remedy()).matches("[A-Z].{4,200}\\.").doesNotContain("|", "\n");
        });
    }

    @Test
    void theHelpListsTheExitCodesOfTheCatalogue() {
        String[] listed = PairbatchCommand.class.getAnnotation(Command.class).exitCodeList();
        assertThat(Arrays.stream(listed).map(line -> line.substring(0, line.indexOf(':'))))
                .containsExactlyElementsOf(exits().stream().map(Entry::code).toList());
    }

    private static String catalogue() {
        return """
                # Codes and messages

                Made from the code; do not edit. A message is `CODE: where: found …; expected …`, and beside it stands the
                remedy. `./pairbatch doctor JOB` explains a job with these words.

                ## Jobs

                In `error.json` (every problem found, not only the first), in the registry, as the execution's error, and
                on the console.

                """
                + table(jobs())
                + "\n## Templates and traits\n\nOf `./pairbatch templates` and `traits`, besides `TEMPLATE_INVALID` and"
                + " `TRAIT_INVALID`.\n\n"
                + table(library())
                + "\n## Pairs without a winner\n\n`error_code` in `failed_pairs.csv` and `failed_attempts.csv`.\n\n"
                + table(pairs())
                + "\n## Rows that are not judged\n\n`reason` in `rejected_rows.csv`; `detail` says more. The other rows are"
                + " judged.\n\n"
                + table(rows())
                + "\n## Exit codes\n\nOf every command.\n\n"
                + table(exits());
    }

    private static String table(List<Entry> entries) {
        StringBuilder table = new StringBuilder("| code | cause | remedy |\n|---|---|---|\n");
        entries.forEach(entry -> table.append(
                String.format(Locale.ROOT, "| `%s` | %s | %s |\n", entry.code(), entry.cause(), entry.remedy())));
        return table.toString();
    }

    private static List<Entry> jobs() {
        return errors(false);
    }

    private static List<Entry> library() {
        return errors(true);
    }

    private static List<Entry> errors(boolean library) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.name().startsWith(LIBRARY) == library)
                .map(code -> new Entry(code.name(), code.cause(), code.remedy()))
                .toList();
    }

    private static List<Entry> pairs() {
        return Arrays.stream(FailureCode.values())
                .map(code -> new Entry(code.code(), code.cause(), code.remedy()))
                .toList();
    }

    private static List<Entry> rows() {
        return Arrays.stream(RowRejection.values())
                .map(code -> new Entry(code.code(), code.cause(), code.remedy()))
                .toList();
    }

    private static List<Entry> exits() {
        return ExitStatus.meanings().stream()
                .map(meaning -> new Entry(Integer.toString(meaning.code()), meaning.cause(), meaning.remedy()))
                .toList();
    }
}
