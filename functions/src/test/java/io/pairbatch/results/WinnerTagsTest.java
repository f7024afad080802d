package io.pairbatch.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;
import io.pairbatch.spec.VerdictLabels;
import io.pairbatch.text.Hex;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /// What models write where they were asked for `<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>`.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<better-sample>SAMPLE_2</better-sample>",
                "<Better Sample>Sample 2</Better Sample>",
                "<BetterSample>sample2</BetterSample>",
                "<better\u2011sample>SAMPLE\u20112</better\u2011sample>",
                "[BETTER_SAMPLE]SAMPLE_2[/BETTER_SAMPLE]",
                "[[BETTER_SAMPLE]]SAMPLE_2[[/BETTER_SAMPLE]]",
                "{BETTER_SAMPLE}SAMPLE_2{/BETTER_SAMPLE}",
                "(better sample) Sample 2 (/better sample)",
                "\uFF1CBETTER_SAMPLE\uFF1ESAMPLE_2\uFF1C/BETTER_SAMPLE\uFF1E",
                "«BETTER_SAMPLE»SAMPLE_2«/BETTER_SAMPLE»",
                "\\[BETTER\\_SAMPLE\\]SAMPLE\\_2\\[/BETTER\\_SAMPLE\\]",
                "[BETTER_SAMPLE] **SAMPLE_2** [BETTER_SAMPLE]",
                "**<BETTER_SAMPLE>** SAMPLE_2 **</BETTER_SAMPLE>**",
                "<**BETTER_SAMPLE**>SAMPLE_2</**BETTER_SAMPLE**>",
                "```xml\n<BETTER_SAMPLE>\n  __SAMPLE_2__\n</BETTER_SAMPLE>\n```",
                "`<BETTER_SAMPLE>`SAMPLE_2`</BETTER_SAMPLE>`",
                "<BETTER_SAMPLE>[SAMPLE_2]</BETTER_SAMPLE>",
                "&lt;better-sample&gt;SAMPLE_2&lt;/better-sample&gt;",
                "SAMPLE_1 is weaker. <better-sample>SAMPLE_2</better-sample> So it is.",
                "<better-sample>SAMPLE_2",
            })
    void aTagInAnotherSpellingIsRead(String answer) {
        assertThat(WinnerTags.of("<BETTER_SAMPLE>", "</BETTER_SAMPLE>", TagMode.TOLERANT)
                        .in(answer))
                .isEqualTo(new WinnerTags.Found("SAMPLE_2", false));
    }

    /// Nobody is the winner of these.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Answer with <BETTER_SAMPLE>SAMPLE_1 or SAMPLE_2</BETTER_SAMPLE>.",
                "<BETTER_SAMPLE>SAMPLE_1/SAMPLE_2</BETTER_SAMPLE>",
                "<BETTER_SAMPLE>SAMPLE_1, SAMPLE_2</BETTER_SAMPLE>",
                "<BETTER_SAMPLE>SAMPLE_1|SAMPLE_2</BETTER_SAMPLE>",
                "[BETTER_SAMPLE]SAMPLE_X[/BETTER_SAMPLE]",
                "<BETTER_SAMPLE>SAMPLE_12</BETTER_SAMPLE>",
                "<BETTER_SAMPLE>SAMPLE_1 would be my answer if it were not for its end.",
                "<BETTER_SAMPLE>not SAMPLE_1</BETTER_SAMPLE>",
                "[BETTER_SAMPLE]SAMPLE_2",
                "I cannot name a (better sample) Sample 1",
                "The (better sample) Sample 1 (the worse sample) Sample 2: I cannot say.",
                "<WORSE_SAMPLE>SAMPLE_1</WORSE_SAMPLE>",
                "<BEST_SAMPLE>SAMPLE_1</BEST_SAMPLE>",
                "<NOT_BETTER_SAMPLE>SAMPLE_1</NOT_BETTER_SAMPLE>",
                "BETTER_SAMPLE: SAMPLE_1",
                "The better sample is SAMPLE_2.",
            })
    void whatNamesNoWinnerIsNotRead(String answer) {
        assertThat(WinnerTags.of("<BETTER_SAMPLE>", "</BETTER_SAMPLE>", TagMode.TOLERANT)
                        .in(answer))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE> no: [better-sample]SAMPLE_2[/better-sample], SAMPLE_2",
        "[better-sample]SAMPLE_2[/better-sample] no: <BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>, SAMPLE_1",
    })
    void tagsOfBothTextsInDifferentSpellingsAreAmbiguousAndTheLastWins(String answer, String winner) {
        assertThat(WinnerTags.of("<BETTER_SAMPLE>", "</BETTER_SAMPLE>", TagMode.TOLERANT)
                        .in(answer))
                .isEqualTo(new WinnerTags.Found(winner, true));
    }

    /// A tag that is nothing but brackets is told from others by their kind alone.
    @ParameterizedTest
    @CsvSource({"'(', ')', 'Take [SAMPLE_1].'", "'<', '>', 'Here is {SAMPLE_1}.'", "'[[', ']]', '[SAMPLE_1] here'"})
    void bracketsWithoutAWordAreNotTakenForOthers(String prefix, String suffix, String answer) {
        assertThat(WinnerTags.of(prefix, suffix, TagMode.TOLERANT).in(answer)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'Winner: (', ')', 'winner: [Sample 2]'",
        "'Winner: (', ')', 'Winner: ((SAMPLE_2))'",
        "'[[BEST', ']]', '[ [best SAMPLE_2]]'",
        "'__', '__', '__SAMPLE_2__'",
        "'**Best-text** = ', '.', '**best text** = SAMPLE_2.'",
    })
    void theJobsOwnTagsMayBeSpelledOtherwiseToo(String prefix, String suffix, String answer) {
        assertThat(WinnerTags.of(prefix, suffix, TagMode.TOLERANT).in(answer))
                .isEqualTo(new WinnerTags.Found("SAMPLE_2", false));
    }

    /// Each would take hours if it were read again from each of its places.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "<",
                "<BETTER_",
                "<BETTER ",
                "<BETTER_SAMPLE>",
                "[better-sample] (",
                "SAMPLE ",
                "*`",
                "\\[",
                "[BETTER_SAMPLE]SAMPLE_1)x"
            })
    void aLongRunOfBeginningsIsReadOnlyOnce(String beginning) {
        WinnerTags tags = WinnerTags.of("<BETTER_SAMPLE>", "</BETTER_SAMPLE>", TagMode.TOLERANT);
        String content = beginning.repeat(1_000_000 / beginning.length()) + "!";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThat(tags.in(content)).isNull());
    }

    /// The names of the texts stand in any sentence about them.
    @ParameterizedTest
    @CsvSource({"SAMPLE_1, SAMPLE_2", "#1, #2", "«A», «B»", "**A**, **B**", "Essay #1, Essay #2"})
    void aLabelThatASentenceMayHoldDecidesNothingThere(String first, String second) {
        WinnerTags tags = LabelTags.of(new VerdictLabels(first, second, null), TagMode.LAST);
        assertThat(tags.in(second + " is weaker than " + first)).isNull();
        assertThat(tags.in("It is clear.\n" + first)).isEqualTo(new WinnerTags.Found("SAMPLE_1", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", " ", ": ", "a:", "[", "[ ", "\\[", "**A\n", "(A", "T ", "\uFF3B"})
    void labelsAreFoundInOneGoThroughALongAnswer(String beginning) {
        String content = beginning.repeat(1_000_000 / beginning.length()) + "!x";
        for (VerdictLabels labels :
                List.of(new VerdictLabels("[[A]]", "[[B]]", "[[C]]"), new VerdictLabels("A", "(B)", "Tie it is."))) {
            for (TagMode mode : TagMode.values()) {
                Assertions.assertTimeoutPreemptively(
                        Duration.ofSeconds(20),
                        () -> assertThat(LabelTags.of(labels, mode).in(content)).isNull());
            }
        }
    }

    /// What an older version has collected by fewer spellings is read again, so that one rule reads all of a job.
    @ParameterizedTest
    @CsvSource({"EXACT, true", "LAST, true", "TOLERANT, false"})
    void onlyTheRulesOfTheTolerantModeAreOthersThanBefore(TagMode mode, boolean same) {
        String before =
                Hex.sha256(String.join("\n", "<", ">", mode.code(), "take")).substring(0, 16);
        assertThat(new AnswerRules("<", ">", mode, Ambiguous.TAKE, Optional.empty())
                        .code()
                        .equals(before))
                .isEqualTo(same);
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
