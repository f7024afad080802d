package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.Reading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiAnswersTest {

    private static final String LINE = """
            {"id":"b","custom_id":"0a1b2c3d-1","response":{"status_code":200,"request_id":"r","body":{"id":"c",\
            "object":"response","status":"completed","model":"gpt-5","reasoning":{"effort":"low","summary":"auto"},\
            "output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"s\\u00e4"}]},\
            {"type":"message","content":[{"type":"output_text","text":"<B>\\ud83d\\ude42","annotations":[]}]}],\
            "choices":[{"message":{"content":null},"finish_reason":"stop"}],"error":null,"incomplete_details":null,\
            "usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,\
            "output_tokens_details":{"reasoning_tokens":1},"total_tokens":3}}},"error":{"code":"c","message":"m"}}""";

    @Tag("long")
    @Test
    void noDamageToALineIsThrownAsAnException() {
        byte[] good = LINE.getBytes(StandardCharsets.UTF_8);
        assertThat(read(good)).isInstanceOf(Reading.Understood.class);
        Random random = new Random(11);
        int unreadable = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bad = damage(good, random);
            if (read(bad) instanceof Reading.Unreadable it) {
                assertThat(it.reason()).isNotBlank();
                unreadable++;
            }
        }
        assertThat(unreadable).isBetween(30_000, 100_000);
    }

    @Test
    void everyFieldMayBeOfAnyKind() {
        String[] values = {
            "null", "1", "-1", "1e400", "9".repeat(30), "true", "\"x\"", "[]", "[[1]]", "{}", "{\"a\":[]}"
        };
        String[] fields = {
            "custom_id",
            "error",
            "response",
            "status_code",
            "body",
            "model",
            "object",
            "reasoning",
            "summary",
            "output",
            "content",
            "text",
            "choices",
            "message",
            "finish_reason",
            "incomplete_details",
            "usage",
            "input_tokens",
            "input_tokens_details",
            "cached_tokens",
            "total_tokens",
            "code"
        };
        for (String field : fields) {
            for (String value : values) {
                String line = LINE.replaceFirst("\"" + field + "\":", "\"" + field + "\":" + value + ",\"was\":");
                assertThat(read(line.getBytes(StandardCharsets.UTF_8)))
                        .as("%s: %s", field, value)
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt_tokens", "total_tokens", "completion_tokens"})
    void anOddCountOfTokensDoesNotLoseTheAnswer(String field) {
        for (String value : new String[] {"\"12\"", "-1", "1.5", "null", "[1]", "9".repeat(40)}) {
            String line = "{\"response\":{\"body\":{\"object\":\"chat.completion\",\"usage\":{\"" + field + "\":"
                    + value + "},\"choices\":[{\"message\":{\"content\":\"kept\"}}]}}}";
            assertThat(read(line.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(Reading.Understood.class, it -> {
                        assertThat(it.answer().content()).isEqualTo("kept");
                        assertThat(it.answer().tokens().prompt()).isNull();
                        assertThat(it.answer().tokens().total()).isNull();
                    });
        }
    }

    @Test
    void deepNestingIsNoDanger() {
        String line = "{\"custom_id\":\"a\",\"x\":" + "[".repeat(1_000_000);
        assertThat(read(line.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Reading.Unreadable("not valid JSON", "a"));
    }

    @Test
    void theReasonHoldsNothingOfTheLine() {
        byte[] line = "{\"custom_id\":\"a\",\"x\": secret text}".getBytes(StandardCharsets.UTF_8);
        assertThat(read(line)).isEqualTo(new Reading.Unreadable("not valid JSON", "a"));
    }

    private static byte[] damage(byte[] good, Random random) {
        byte[] bad = good.clone();
        for (int n = random.nextInt(3); n >= 0; n--) {
            bad[random.nextInt(bad.length)] =
                    (byte) (random.nextBoolean() ? "{}[]\",:0nt\\".charAt(random.nextInt(11)) : random.nextInt(256));
        }
        return bad;
    }

    private static Reading read(byte[] line) {
        return OpenAiAnswers.read(new ByteArrayInputStream(line));
    }
}
