package io.pairbatch.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OccurrenceCounterTest {

    @Test
    void occurrencesAreCountedLikeAMapDoes() {
        OccurrenceCounter counter = new OccurrenceCounter();
        Map<String, Integer> map = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            String key = "key" + random.nextInt(30_000);
            assertThat(counter.next(key)).isEqualTo(map.merge(key, 1, Integer::sum));
        }
    }
}
