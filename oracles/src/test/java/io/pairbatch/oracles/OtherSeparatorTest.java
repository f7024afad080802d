package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.PairReader;
import io.pairbatch.problem.JobRejectedException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What the refusal of a table with other separators or names advises, done as it stands: the copy has the texts of the
/// table under our names.
class OtherSeparatorTest {

    private static final Pattern IN_R = Pattern.compile("in R: `(write\\.csv\\(.*\\))`; in pandas");
    private static final Pattern IN_PANDAS =
            Pattern.compile("in pandas: `(import pandas as pd; pd\\.read_csv\\(.*index=False\\))`");

    @TempDir
    private Path folder;

    private static final String OURS = "ID1 text1 ID2 text2";
    private static final String OTHERS = "left text_a right text_b";

    /// Character set, separator, what stands before the header, and its names.
    private static Stream<Arguments> tables() {
        return Stream.of(
                arguments("UTF-8", ";", "", OURS),
                arguments("UTF-8", ";", "\uFEFF", OURS),
                arguments("windows-1252", ";", "", OURS),
                arguments("windows-1252", "\t", "", OURS),
                arguments("windows-1252", "|", "", OURS),
                arguments("x-MacRoman", ";", "", OURS),
                arguments("UTF-16", "\t", "", OURS),
                arguments("UTF-8", ",", "", OTHERS),
                arguments("windows-1252", ",", "", OTHERS),
                arguments("windows-1252", ";", "", OTHERS),
                arguments("UTF-16", "\t", "", OTHERS));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theCommandInRMakesTheCopy(String charset, String separator, String mark, String names) throws Exception {
        String advice = refusal(charset, separator, mark, names);
        Programs programs = new Programs(folder);
        programs.run(programs.rscript(), "-e", command(IN_R, advice));
        assertCopied(separator);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theCommandInPandasMakesTheCopy(String charset, String separator, String mark, String names) throws Exception {
        String advice = refusal(charset, separator, mark, names);
        Programs programs = new Programs(folder);
        programs.run(programs.pandas(), "-c", command(IN_PANDAS, advice));
        assertCopied(separator);
    }

    /// As spreadsheets write it where the comma is in numbers; the names in quotes, as R's write.csv2 writes them.
    private String refusal(String charset, String separator, String mark, String names) throws Exception {
        String table = "\"" + names.replace(" ", "\"" + separator + "\"") + "\"\n"
                + String.join(separator, "007", "\"Das schöne, alte Café\"", "NA1", "\"Zwei\nZeilen über alles\"")
                + "\n";
        Path file = Files.write(folder.resolve("my pairs.csv"), (mark + table).getBytes(Charset.forName(charset)));
        InputFile input = OfflineSplit.input(file);
        return String.valueOf(catchThrowableOfType(JobRejectedException.class, () -> PairReader.open(input))
                .getMessage());
    }

    private static String command(Pattern pattern, String advice) {
        Matcher matcher = pattern.matcher(advice);
        assertThat(matcher.find()).as(advice).isTrue();
        return matcher.group(1);
    }

    private void assertCopied(String separator) throws Exception {
        String copy = separator.equals(",") ? "my pairs-renamed.csv" : "my pairs-commas.csv";
        List<InputRow> rows = new ArrayList<>();
        try (PairReader reader = PairReader.open(OfflineSplit.input(folder.resolve(copy)))) {
            for (InputRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        assertThat(rows).singleElement().isInstanceOfSatisfying(InputRow.Accepted.class, row -> {
            assertThat(row.pair().id1()).isEqualTo("007");
            assertThat(row.pair().text1()).isEqualTo("Das schöne, alte Café");
            assertThat(row.pair().text2()).isEqualTo("Zwei\nZeilen über alles");
        });
    }
}
