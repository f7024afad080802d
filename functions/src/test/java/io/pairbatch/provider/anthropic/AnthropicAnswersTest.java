package io.pairbatch.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.Reading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicAnswersTest {

    private static final String LINE = """
            {"custom_id":"0a1b2c3d-1","result":{"type":"succeeded","message":{"id":"m","type":"message",\
            "role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"thinking","thinking":"t\\u00e4",\
            "signature":"s"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"<B>\\ud83d\\ude42",\
            "citations":null}],"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal",\
            "category":"bio","explanation":"no"},"usage":{"input_tokens":1,"cache_creation_input_tokens":2,\
            "cache_read_input_tokens":3,"output_tokens":4,"output_tokens_details":{"thinking_tokens":5},\
            "service_tier":"batch"}},"error":{"type":"error","error":{"type":"api_error","message":"m"},\
            "message":"o","request_id":null}}}""";

    @Tag("long")
    @Test
    void noDamageToALineIsThrownAsAnException() {
        byte[] good = LINE.getBytes(StandardCharsets.UTF_8);
        assertThat(read(good)).isInstanceOf(Reading.Understood.class);
        Random random = new Random(11);
        int unreadable = 0;
        for (int i = 0; i < 100_000; i++) {
            if (read(damage(good, random)) instanceof Reading.Unreadable it) {
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
            "result",
            "type",
            "message",
            "model",
            "content",
            "thinking",
            "text",
            "stop_reason",
            "stop_details",
            "category",
            "explanation",
            "usage",
            "input_tokens",
            "cache_creation_input_tokens",
            "cache_read_input_tokens",
            "output_tokens",
            "output_tokens_details",
            "thinking_tokens",
            "error"
        };
        for (String field : fields) {
            for (String value : values) {
                String all = LINE.replace("\"" + field + "\":", "\"" + field + "\":" + value + ",\"was\":");
                String first = LINE.replaceFirst("\"" + field + "\":", "\"" + field + "\":" + value + ",\"was\":");
                assertThat(all).isNotEqualTo(LINE);
                assertThat(read(all)).as("every %s: %s", field, value).isNotNull();
                assertThat(read(first)).as("%s: %s", field, value).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"})
    void anOddCountOfTokensDoesNotLoseTheAnswer(String field) {
        for (String value : new String[] {"\"12\"", "-1", "1.5", "null", "[1]", "9".repeat(40)}) {
            String line = "{\"result\":{\"type\":\"succeeded\",\"message\":{\"usage\":{\"" + field + "\":" + value
                    + "},\"content\":[{\"type\":\"text\",\"text\":\"kept\"}]}}}";
            assertThat(read(line)).isInstanceOfSatisfying(Reading.Understood.class, it -> {
                assertThat(it.answer().content()).isEqualTo("kept");
                assertThat(it.answer().tokens()).hasAllNullFieldsOrProperties();
            });
        }
    }

    @Test
    void theTypeMayStandBehindWhatItExplains() {
        String line = "{\"result\":{\"message\":{\"content\":[{\"text\":\"a\",\"type\":\"text\"},"
                + "{\"thinking\":\"b\",\"type\":\"thinking\"}],\"stop_reason\":\"end_turn\"},\"type\":\"succeeded\"},"
                + "\"custom_id\":\"x\"}";
        assertThat(read(line)).isInstanceOfSatisfying(Reading.Understood.class, it -> {
            assertThat(it.answer().customId()).isEqualTo("x");
            assertThat(it.answer().content()).isEqualTo("a");
            assertThat(it.answer().thoughts()).isEqualTo("b");
            assertThat(it.answer().refusal()).isNull();
        });
    }

    @Test
    void aTextOfAMegabyteIsRead() {
        String text = "\u00e4,\ud83d\ude42".repeat(150_000);
        String line = "{\"custom_id\":\"x\",\"result\":{\"type\":\"succeeded\",\"message\":{\"content\":"
                + "[{\"type\":\"text\",\"text\":\"" + text + "\"}]}}}";
        assertThat(read(line))
                .isInstanceOfSatisfying(
                        Reading.Understood.class,
                        it -> assertThat(it.answer().content()).isEqualTo(text));
    }

    @Test
    void deepNestingIsNoDanger() {
        assertThat(read("{\"custom_id\":\"a\",\"x\":" + "[".repeat(1_000_000)))
                .isEqualTo(new Reading.Unreadable("not valid JSON", "a"));
    }

    @Test
    void theReasonHoldsNothingOfTheLine() {
        assertThat(read("{\"custom_id\":\"a\",\"x\": secret text}"))
                .isEqualTo(new Reading.Unreadable("not valid JSON", "a"));
        assertThat(read("{\"custom_id\":\"a\",\"result\":\"secret\"}"))
                .isEqualTo(new Reading.Unreadable("result is not an object", "a"));
    }

    private static byte[] damage(byte[] good, Random random) {
        byte[] bad = good.clone();
        for (int n = random.nextInt(3); n >= 0; n--) {
            bad[random.nextInt(bad.length)] =
                    (byte) (random.nextBoolean() ? "{}[]\",:0nt\\".charAt(random.nextInt(11)) : random.nextInt(256));
        }
        return bad;
    }

    private static Reading read(String line) {
        return read(line.getBytes(StandardCharsets.UTF_8));
    }

    private static Reading read(byte[] line) {
        return AnthropicAnswers.read(new ByteArrayInputStream(line));
    }
}
