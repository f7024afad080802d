package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Prices of the user's own.
class PricesCommandTest {

    private static final String TABLE = """
            {"date": "2027-01-31", "source": "a letter", "unit": "USD per million tokens", "models": {
              "gpt-4.1": {"standard": {"input": 3, "output": 12}, "batch": {"input": 1.5, "output": 6}},
              "claude-new": {"standard": {"input": 1, "output": 2}, "batch": {"output": 1, "input": 0.5},
                             "provider": "anthropic", "up_to_input": 1000}}}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... args) {
        return new NoStack(folder, out, err, new FakeLive(Deployed.STACK)).execute(args);
    }

    /// What was printed, whatever the width of its lines.
    private String said() {
        return out.toString().replace('\n', ' ');
    }

    private int update(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("new.json"), content);
        return execute("prices", "--update", file.toString());
    }

    @Test
    void thePresentTableCanBeGivenBack() throws IOException {
        assertThat(execute("prices")).isEqualTo(ExitStatus.DONE);
        assertThat(said()).contains("as of " + PriceTable.bundled().date(), "They are those of this version");
        assertThat(execute("prices", "--json")).isEqualTo(ExitStatus.DONE);
        String table = out.toString();
        assertThat(table.strip()).isEqualTo(new String(PriceTable.bundledFile(), StandardCharsets.UTF_8).strip());
        assertThat(update(table)).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(execute("prices", "--json")).isEqualTo(ExitStatus.DONE);
        assertThat(Json.MAPPER.readTree(out.toString()).path("models").size())
                .isEqualTo(Json.MAPPER.readTree(table).path("models").size());
    }

    /// Whatever stands first in a model: its provider, or its prices.
    @Test
    void estimatesCountWithThem() throws IOException {
        assertThat(update(TABLE)).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(said())
                .contains("gpt-4.1            1.5        6             3       12")
                .contains("anthropic   batch prompts  answers", "as of 2027-01-31, from a letter", "They are your own");
        Path pairs = Files.writeString(folder.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,x,b,y\n");
        String[] estimate = {"estimate", pairs.toString(), "--set", "model=gpt-4.1", "--set", "trait_name=organization"
        };
        assertThat(execute(estimate)).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("at USD 6.00 per million tokens", "Prices are of 2027-01-31.");
        assertThat(execute("prices", "--reset")).isEqualTo(ExitStatus.DONE);
        assertThat(execute(estimate)).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("at USD 4.00 per million tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"input\": 1.5 | \"input\": \"1.5\" | gpt-4.1, batch.input: found \"1.5\"; expected a number",
                "\"input\": 1.5 | \"input\": -1 | gpt-4.1, batch.input: found -1",
                "\"input\": 1.5, | | gpt-4.1, batch.input: found nothing",
                "\"standard\": {\"input\": 1, \"output\": 2}, | | claude-new, standard: found nothing",
                "anthropic | antropic | claude-new, provider: found \"antropic\"",
                "1000 | 0.5 | claude-new, up_to_input: found 0.5",
                "up_to_input | max | claude-new: found the field \"max\"",
                "2027-01-31 | 31.1.2027 | date: found \"31.1.2027\"",
                "per million | per thousand | unit: found \"USD per thousand tokens\"",
                "a letter | | source: found \"\"",
                "claude-new | gpt-4.1 | line 3: found what is not JSON, or a name that stands twice"
            })
    void whatIsWrongIsToldByModelAndFieldAndNothingIsTaken(String from, String to, String said) throws IOException {
        assertThat(update(TABLE.replace(from, to == null ? "" : to))).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("cannot be taken; the prices are as they were.", "  " + said);
        assertThat(execute("prices")).isEqualTo(ExitStatus.DONE);
        assertThat(said()).contains("They are those of this version");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() throws IOException {
        assertThat(update("{\"models\": {\"m\": {\"batch\": 3}}}")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString().lines()).hasSize(6);
        assertThat(update("[1]")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("the file: found no JSON object");
        assertThat(execute("prices", "--update", folder.resolve("none.json").toString()))
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aTableThatWasSpoiledByHandIsNamed() throws IOException {
        assertThat(update(TABLE)).isEqualTo(ExitStatus.DONE);
        Files.writeString(folder.resolve(".pairbatch/prices.json"), "{}");
        assertThat(execute("prices")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString()).contains("is no price table any more", "./pairbatch prices --reset");
        assertThat(execute("prices", "--reset")).isEqualTo(ExitStatus.DONE);
    }
}
