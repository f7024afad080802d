package io.pairbatch.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.spec.TagMode;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The cases under `contract-of-answers/3.3-…` cover the modes; these are cases that no answer in a test file should
/// contain.
class WinnerTagsTest {

    @ParameterizedTest
    @CsvSource({"LAST", "EXACT", "TOLERANT"})
    void tagsThatConsistOfTheNameAloneAreFound(TagMode mode) {
        assertThat(WinnerTags.of("", "", mode).in("I say SAMPLE_2."))
                .isEqualTo(new WinnerTags.Found("SAMPLE_2", false));
        assertThat(WinnerTags.of("", "", mode).in("")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"(*+?[{|\\^$.", "\\E\\Q", "ß_é 日本 "})
    void symbolsOfPatternsAreTakenLiterally(String sign) {
        WinnerTags tags = WinnerTags.of(sign, sign, TagMode.TOLERANT);
        assertThat(tags.in(sign + "SAMPLE_1" + sign)).isEqualTo(new WinnerTags.Found("SAMPLE_1", false));
        assertThat(tags.in("It is SAMPLE_1")).isNull();
    }

    @Test
    void exactModeReportsBothTagsToo() {
        WinnerTags tags = WinnerTags.of("<", ">", TagMode.EXACT);
        assertThat(tags.in("<SAMPLE_2> <SAMPLE_1>")).isEqualTo(new WinnerTags.Found("SAMPLE_1", true));
        assertThat(tags.in("<SAMPLE_2>")).isEqualTo(new WinnerTags.Found("SAMPLE_2", false));
    }

    @Test
    void aLongRunOfBlanksIsReadOnlyOnce() {
        WinnerTags tags = WinnerTags.of(" < BETTER > ", " </ BETTER > ", TagMode.TOLERANT);
        String content = "<" + " ".repeat(4_000_000) + "<BETTER>SAMPLE_1" + " ".repeat(4_000_000) + "</BETTER>";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(tags.in(content)).isEqualTo(new WinnerTags.Found("SAMPLE_1", false)));
    }
}
