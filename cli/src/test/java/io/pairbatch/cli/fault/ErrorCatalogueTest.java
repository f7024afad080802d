package io.pairbatch.cli.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.api.ApiCode;
import io.pairbatch.cli.command.PairbatchCommand;
import io.pairbatch.problem.Code;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.problem.RefusalCode;
import io.pairbatch.problem.RowFinding;
import io.pairbatch.problem.RowRejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/// `docs/ERRORS.md` is made from the code. `-Dpairbatch.snapshots=write` writes it anew.
class ErrorCatalogueTest {

    private static final Path FILE = Path.of("../docs/ERRORS.md");
    private static final String LIBRARY_PREFIX = "LIBRARY_";

    private static final List<? extends Code> JOBS = errors(false);
    private static final List<? extends Code> LIBRARY = errors(true);
    private static final List<? extends Code> PAIRS = List.of(FailureCode.values());
    private static final List<? extends Code> ROWS = List.of(RowRejection.values());
    private static final List<? extends Code> FINDINGS = List.of(RowFinding.values());
    private static final List<? extends Code> REFUSALS = List.of(RefusalCode.values());
    private static final List<? extends Code> EXITS = ExitStatus.meanings();

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
        List<Code> all = Stream.of(JOBS, LIBRARY, PAIRS, ROWS, FINDINGS, REFUSALS, EXITS)
                .<Code>flatMap(List::stream)
                .toList();

        assertThat(Stream.concat(all.stream(), Arrays.stream(ApiCode.values())))
                .extracting(Code::code)
                .doesNotHaveDuplicates();
        assertThat(all).extracting(Code::cause).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(code -> {
            assertThat(code.cause()).matches("[A-Z`].{4,200}[.…]").doesNotContain("|", "\n");
            assertThat(code.remedy()).matches("[A-Z].{4,200}\\.").doesNotContain("|", "\n");
        });
    }

    @Test
    void theHelpListsTheExitCodesOfTheCatalogue() {
        String[] listed = PairbatchCommand.class.getAnnotation(Command.class).exitCodeList();
        assertThat(Arrays.stream(listed).map(line -> line.substring(0, line.indexOf(':'))))
                .containsExactlyElementsOf(EXITS.stream().map(Code::code).toList());
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
                + table(JOBS)
                + "\n## Templates and traits\n\nOf `./pairbatch templates` and `traits`, besides `TEMPLATE_INVALID` and"
                + " `TRAIT_INVALID`.\n\n"
                + table(LIBRARY)
                + "\n## Pairs without a winner\n\n`error_code` in `failed_pairs.csv` and `failed_attempts.csv`.\n\n"
                + table(PAIRS)
                + "\n## Rows that are not judged\n\n`reason` in `rejected_rows.csv`; `detail` says more. The other rows are"
                + " judged.\n\n"
                + table(ROWS)
                + "\n## Rows that are judged although something looks wrong\n\n`found` in `summary.json`; told before anything"
                + " is sent.\n\n"
                + table(FINDINGS)
                + "\n## What is refused of a job\n\nThe `code` of the [API](API.md#errors), whose `detail` and `remedy` are the"
                + " words that the command line prints.\n\n"
                + table(REFUSALS)
                + "\n## Exit codes\n\nOf every command.\n\n"
                + table(EXITS);
    }

    private static String table(List<? extends Code> codes) {
        StringBuilder table = new StringBuilder("| code | cause | remedy |\n|---|---|---|\n");
        codes.forEach(code -> table.append(
                String.format(Locale.ROOT, "| `%s` | %s | %s |\n", code.code(), code.cause(), code.remedy())));
        return table.toString();
    }

    private static List<ErrorCode> errors(boolean library) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.code().startsWith(LIBRARY_PREFIX) == library)
                .toList();
    }
}
