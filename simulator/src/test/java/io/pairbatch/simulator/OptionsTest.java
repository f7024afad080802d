package io.pairbatch.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--error-rate=2          | --error-rate is 2; expected is a number from 0 to 1.",
                "--error-rate=NaN        | --error-rate is NaN; expected is a number from 0 to 1.",
                "--missing-tag-rate=-0.1 | --missing-tag-rate is -0.1; expected is a number from 0 to 1.",
                "--flip-rate=1.1        | --flip-rate is 1.1; expected is a number from 0 to 1.",
                "--port=65536            | --port is 65536; expected is a number from 0 to 65535.",
                "--noise=-1              | --noise is -1; expected is a number that is 0 or more.",
                "--position-bias=NaN     | --position-bias is NaN; expected is a number.",
                "--batch-seconds=-1      | --batch-seconds is -1; expected is a number that is 0 or more.",
                "--latency-ms=-1         | --latency-ms is -1; expected is a whole number that is 0 or more.",
                "--max-enqueued-tokens=0 | --max-enqueued-tokens is 0; expected is a whole number that is 1 or more.",
                "--max-queued-requests=0 | --max-queued-requests is 0; expected is a whole number that is 1 or more.",
                "--max-requests=-1       | --max-requests is -1; expected is a whole number that is 0 or more.",
                "--max-file-bytes=-1     | --max-file-bytes is -1; expected is a whole number that is 0 or more.",
                "--service=bedrock       | --service is bedrock; expected is openai or azure.",
                "--key=                  | --key is empty; expected is a key.",
                "--batch-secs=3          | There is no option --batch-secs. Perhaps --batch-seconds?",
                "--zzz=3                 | There is no option --zzz.",
                "--seed=x                | Invalid value for option '--seed': 'x' is not a long.",
                "--qualities=none.jsonl  | --qualities is none.jsonl; expected is a file that is there and can be read.",
            })
    void whatCannotBeMeantIsNamedBeforeAnythingIsMade(String option, String said) {
        assertThatThrownBy(() -> start(option)).hasMessage(said);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"operation\":\"live\",\"action\":\"hang\",\"probability\":1.5}"
                        + " | 'probability' is 1.5; expected is a number from 0 to 1",
                "{\"operation\":\"live\",\"action\":\"hang\",\"count\":-1}"
                        + " | 'count' is -1; expected is a number that is 0 or more",
                "{\"operation\":\"live\",\"action\":\"status\",\"status\":2000}"
                        + " | 'status' is 2000; expected is a number from 100 to 599",
                "{\"action\":\"expire\",\"fraction\":\"half\"}"
                        + " | 'fraction' is \"half\"; expected is a number from 0 to 1",
            })
    void soIsAWrongRuleOfAFileOfFaults(String rule, String said) throws IOException {
        Path faults = folder.resolve("faults.json");
        Files.writeString(faults, "[" + rule + "]");

        assertThatThrownBy(() -> start("--faults=" + faults))
                .hasMessage("--faults is " + faults + ", which cannot be taken: Fault rule refused: " + said + ".");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void optionsCanBeCheckedWithoutAStart() {
        assertThat(SimulatorCommand.execute(options("--check", "--error-rate", "1")))
                .isZero();
        assertThat(SimulatorCommand.execute(options("--check", "--error-rate", "1.1")))
                .isEqualTo(2);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    private void start(String option) throws IOException {
        Simulator.start(options(option)).close();
    }

    private String[] options(String... more) {
        List<String> all =
                new ArrayList<>(List.of("--data", folder.resolve("data").toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
