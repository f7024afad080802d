package io.pairbatch.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AnswerSpoolTest {

    private static final Answer EMPTY =
            new Answer(null, null, null, null, null, null, null, null, null, Answer.Tokens.NONE, null, null, null);
    private static final Answer FULL = new Answer(
            null,
            "m\u00e4",
            "o",
            200,
            "t",
            "",
            "th",
            "sig",
            "c\uD83D\uDE42".repeat(20_000),
            new Answer.Tokens(1L, 2L, 3L, 0L, 4L, 5L),
            "p",
            "f",
            "r");

    @Test
    void answersAreReadBackInAnyOrder() throws IOException {
        try (AnswerSpool spool = AnswerSpool.create()) {
            long first = spool.write(FULL, "{\"a\": 1}", AnswerSpool.NONE);
            long second = spool.write(EMPTY, null, first);
            long third = spool.write(FULL, "", second);
            assertThat(spool.read(third)).isEqualTo(new AnswerSpool.Spooled(FULL, "", second));
            assertThat(spool.read(first)).isEqualTo(new AnswerSpool.Spooled(FULL, "{\"a\": 1}", AnswerSpool.NONE));
            assertThat(spool.read(second)).isEqualTo(new AnswerSpool.Spooled(EMPTY, null, first));
        }
    }
}
