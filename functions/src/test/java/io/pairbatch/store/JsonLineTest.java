package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonLineTest {

    @Test
    void everyCharacterIsReadBackAsItWas() {
        JsonMapper json = new JsonMapper();
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0x11FFF; c++) {
            if (c < 0xD800 || c > 0xDFFF) {
                all.appendCodePoint(c);
            }
        }
        all.appendCodePoint(0x10FFFF);
        JsonLine line = new JsonLine(1 << 20).string(all.toString());
        assertThat(json.readTree(line.toBytes()).stringValue()).isEqualTo(all.toString());
    }

    @Test
    void onlyWhatJsonRequiresIsEscaped() {
        assertThat(text("\"\\\n\r\t\b\f\u0001\u001f</\u007f\u2028é"))
                .isEqualTo("\"\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f</\u007f\u2028é\"");
    }

    @Test
    void aLoneSurrogateIsReplaced() {
        assertThat(text("a\ud800b\udc00\ud83d")).isEqualTo("\"a\uFFFDb\uFFFD\uFFFD\"");
    }

    @Test
    void aLineThatIsTooLongIsReportedAndTheNextOneIsWhole() {
        JsonLine line = new JsonLine(100);
        line.string("x".repeat(200));
        assertThat(line.tooLong()).isTrue();
        assertThat(line.size()).isLessThanOrEqualTo(100);
        line.reset();
        assertThat(line.string("x").tooLong()).isFalse();
        assertThat(line.toBytes()).isEqualTo("\"x\"".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void growsWithoutLosingAByte() {
        Random random = new Random(3);
        JsonLine line = new JsonLine(1 << 24);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String part = "é".repeat(random.nextInt(5000));
            line.text(part);
            expected.append(part);
        }
        assertThat(new String(line.toBytes(), StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    }

    private static String text(String value) {
        return new String(new JsonLine(1000).string(value).toBytes(), StandardCharsets.UTF_8);
    }
}
