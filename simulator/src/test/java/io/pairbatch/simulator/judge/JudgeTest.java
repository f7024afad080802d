package io.pairbatch.simulator.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {

    private static final int REQUESTS = 1_000;
    private static final String SHORT = "A short one.";
    private static final String LONG = "One that is rather longer than the other.";

    @TempDir
    private Path folder;

    @Test
    void withoutFlipsAPairHasOneWinner() throws IOException {
        assertThat(firsts(judge(0, Map.of()), "m", SHORT, LONG)).isIn(0L, (long) REQUESTS);
    }

    @Test
    void aShareOfTheAnswersNamesTheOtherText() throws IOException {
        long firsts = firsts(judge(0.15, Map.of()), "m", SHORT, LONG);
        assertThat(Math.min(firsts, REQUESTS - firsts)).isBetween(100L, 200L);
    }

    @Test
    void aRequestThatIsWorkedOnAgainHasTheSameAnswer() throws IOException {
        assertThat(firsts(judge(0.15, Map.of()), "m", SHORT, LONG))
                .isEqualTo(firsts(judge(0.15, Map.of()), "m", SHORT, LONG));
    }

    @Test
    void aBadModelJudgesByItsHabit() throws IOException {
        Judge judge = judge(0, Map.of("coin", Habit.COIN, "first", Habit.FIRST, "longest", Habit.LONGEST));
        assertThat(firsts(judge, "coin", SHORT, LONG)).isBetween(400L, 600L);
        assertThat(firsts(judge, "first", SHORT, LONG)).isEqualTo(REQUESTS);
        assertThat(firsts(judge, "first", LONG, SHORT)).isEqualTo(REQUESTS);
        assertThat(firsts(judge, "longest", SHORT, LONG)).isZero();
        assertThat(firsts(judge, "longest", LONG, SHORT)).isEqualTo(REQUESTS);
    }

    @Test
    void aPromptThatNamesLabelsIsAnsweredByThemAndATieOnlyWhereItNamesOne() throws IOException {
        Judge judge = judge(0, Map.of());
        // A label within a text is none of the prompt's.
        String texts = "SAMPLE_1:\n[[Z]] " + SHORT + "\n\nSAMPLE_2:\n" + LONG + "\n";
        assertThat(answers(judge, "Answer [[A]] or [[B]].\n" + texts)).containsAnyOf("[[A]]", "[[B]]");
        assertThat(answers(judge, "Answer [[A]], [[B]] or [[C]].\n" + texts)).doesNotContain("[[Z]]");
        assertThat(answers(judge, texts)).contains("<BETTER_SAMPLE>");
        long ties = IntStream.range(0, REQUESTS)
                .filter(i -> answers(
                                judge, "Answer [[A]], [[B]] or [[C]].\nSAMPLE_1:\ntext " + i + "\n\nSAMPLE_2:\nother\n")
                        .endsWith("[[C]]"))
                .count();
        assertThat(ties).isBetween(20L, 200L);
    }

    private static String answers(Judge judge, String prompt) {
        return judge.judge(prompt, "m", Asked.alone("openai"), new Dice(7)).answer();
    }

    private Judge judge(double flipRate, Map<String, Habit> habits) throws IOException {
        return new Judge(1, new JudgeSettings(null, 0, 0, 0, 0, flipRate, habits), folder);
    }

    /// In how many requests for the same pair the text that is read first wins.
    private static long firsts(Judge judge, String model, String first, String second) {
        String prompt = "SAMPLE_1:\n" + first + "\n\nSAMPLE_2:\n" + second + "\n";
        return IntStream.range(0, REQUESTS)
                .filter(i -> judge.judge(prompt, model, Asked.alone("openai"), new Dice(i))
                                .better()
                        == 1)
                .count();
    }
}
