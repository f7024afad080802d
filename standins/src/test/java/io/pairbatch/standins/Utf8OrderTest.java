package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class Utf8OrderTest {

    private static final int[] POINTS = {
        0, '/', 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
    };

    @Test
    void stringsAreOrderedByTheirBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String a = string(random);
            String b = string(random);
            int expected =
                    Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(Utf8Order.INSTANCE.compare(a, b)))
                    .as("%s and %s", a, b)
                    .isEqualTo(Integer.signum(expected));
        }
    }

    private static String string(Random random) {
        return random.ints(random.nextInt(4), 0, POINTS.length)
                .mapToObj(i -> Character.toString(POINTS[i]))
                .collect(Collectors.joining());
    }
}
