package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.StackOptions.Simulated;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackOptionsTest {

    private static final Project PROJECT = new Project(Path.of(".."), Path.of("stack"));

    @Test
    void theSimulatorIsToldHowGoodTheExamplesTextsAre() {
        Simulated usual = new Simulated(List.of("--batch-seconds", "5"), true);

        List<String> arguments = usual.arguments(PROJECT);
        assertThat(arguments).endsWith("--batch-seconds", "5").contains("--qualities");
        assertThat(Path.of(arguments.get(arguments.indexOf("--qualities") + 1)))
                .isRegularFile()
                .satisfies(file -> assertThat(Files.readString(file)).contains("\"quality\""));
        assertThat(usual.rule())
                .isEqualTo("no model: the texts of examples/essays by their qualities with some noise, any other pair"
                        + " by chance");
    }

    @Test
    void fewRequestsFailUnlessMoreAreWanted() {
        assertThat(new Simulated(List.of(), true).arguments(PROJECT))
                .containsSubsequence("--error-rate", "0.003", "--missing-tag-rate", "0.003");
        assertThat(new Simulated(List.of("--error-rate=0.2"), true).arguments(PROJECT))
                .doesNotContain("--error-rate")
                .contains("--missing-tag-rate", "--error-rate=0.2");
    }

    @Test
    void otherQualitiesTakeTheirPlaceAndAreSaid() {
        Simulated others = new Simulated(List.of("--qualities=mine.jsonl"), true);
        assertThat(others.arguments(PROJECT)).endsWith("--qualities=mine.jsonl").doesNotContain("--qualities");
        assertThat(others.rule()).contains("the texts of the file of --qualities by their qualities");
        Simulated none = new Simulated(List.of(), false);
        assertThat(none.arguments(PROJECT)).isEmpty();
        assertThat(none.rule()).isEqualTo("no model: any pair by chance");
    }
}
