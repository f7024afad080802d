package io.pairbatch.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.Reading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiAnswersTest {

    private static final String LINE = """
            {"key":"0a1b2c3d-1","metadata":{"key":"0a1b2c3d-1"},"response":{"candidates":[{"content":{"role":"model",\
            "parts":[{"text":"s\\u00e4","thought":true},{"text":"<B>\\ud83d\\ude42","thoughtSignature":"c2ln"}]},\
            "finishReason":"STOP","finishMessage":"m","index":0,"safetyRatings":[]}],\
            "promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"b","safetyRatings":[]},\
            "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":6,"thoughtsTokenCount":3,\
            "cachedContentTokenCount":0,"promptTokensDetails":[{"modality":"TEXT","tokenCount":1}]},\
            "modelVersion":"gemini-3-pro-preview","model":"m","responseId":"r"},\
            "error":{"code":3,"message":"m","status":"s","details":[{"@type":"t"}]}}""";

    @Tag("long")
    @Test
    void noDamageToALineIsThrownAsAnException() {
        byte[] good = LINE.getBytes(StandardCharsets.UTF_8);
        assertThat(read(good)).isInstanceOf(Reading.Understood.class);
        Random random = new Random(11);
        int unreadable = 0;
        for (int i = 0; i < 40_000; i++) {
            byte[] bad = damage(good, random);
            if (read(bad) instanceof Reading.Unreadable it) {
                assertThat(it.reason()).isNotBlank();
                unreadable++;
            }
        }
        assertThat(unreadable).isBetween(12_000, 40_000);
    }

    @Test
    void everyFieldMayBeOfAnyKind() {
        String[] values = {
            "null", "1", "-1", "1e400", "9".repeat(30), "true", "\"x\"", "[]", "[[1]]", "{}", "{\"a\":[]}"
        };
        String[] fields = {
            "key",
            "metadata",
            "response",
            "candidates",
            "content",
            "parts",
            "text",
            "thought",
            "thoughtSignature",
            "finishReason",
            "finishMessage",
            "promptFeedback",
            "blockReason",
            "blockReasonMessage",
            "usageMetadata",
            "promptTokenCount",
            "candidatesTokenCount",
            "totalTokenCount",
            "thoughtsTokenCount",
            "cachedContentTokenCount",
            "modelVersion",
            "model",
            "error",
            "code",
            "message",
            "status",
            "details"
        };
        for (String field : fields) {
            for (String value : values) {
                String line = LINE.replaceFirst("\"" + field + "\":", "\"" + field + "\":" + value + ",\"was\":");
                assertThat(line).isNotEqualTo(LINE);
                assertThat(read(line.getBytes(StandardCharsets.UTF_8)))
                        .as("%s: %s", field, value)
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"promptTokenCount", "candidatesTokenCount", "totalTokenCount"})
    void anOddCountOfTokensDoesNotLoseTheAnswer(String field) {
        for (String value : new String[] {"\"12\"", "-1", "1.5", "null", "[1]", "9".repeat(40)}) {
            String line = "{\"response\":{\"usageMetadata\":{\"" + field + "\":" + value
                    + "},\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"kept\"}]}}]}}";
            assertThat(read(line.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(Reading.Understood.class, it -> {
                        assertThat(it.answer().content()).isEqualTo("kept");
                        assertThat(it.answer().tokens().prompt()).isNull();
                        assertThat(it.answer().tokens().completion()).isNull();
                        assertThat(it.answer().tokens().total()).isNull();
                    });
        }
    }

    @Test
    void deepNestingIsNoDanger() {
        String line = "{\"key\":\"a\",\"x\":" + "[".repeat(1_000_000);
        assertThat(read(line.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Reading.Unreadable("not valid JSON", "a"));
    }

    @Test
    void theReasonHoldsNothingOfTheLine() {
        byte[] line = "{\"key\":\"a\",\"x\": secret text}".getBytes(StandardCharsets.UTF_8);
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
        return GeminiAnswers.read(new ByteArrayInputStream(line));
    }
}
