package io.pairbatch.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdOrderTest {

    private static final String PLAIN = "_-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final List<String> LETTERS =
            PLAIN.chars().mapToObj(Character::toString).toList();

    @Test
    void idsAreSortedAsInR() {
        List<String> sorted = List.of("_", ":", "1", "a", "A", "b", "B", "é");
        List<String> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.sort(IdOrder.ROOT);
        assertThat(shuffled).isEqualTo(sorted);
    }

    @Test
    void theFastPathAgreesWithIcu() {
        Random random = new Random(42);
        for (int i = 0; i < 200_000; i++) {
            // Few letters, so that IDs often share a prefix or differ only in case.
            String letters = i % 2 == 0 ? PLAIN : "aAbB_-.1";
            String a = randomId(random, letters);
            String b = randomId(random, letters);
            assertThat(Integer.signum(IdOrder.comparePlain(a, b)))
                    .as("%s against %s", a, b)
                    .isEqualTo(Integer.signum(IdOrder.compareByIcu(a, b)));
        }
    }

    @Test
    void theFastPathAgreesWithIcuOnEveryTwoCharacters() {
        for (String x : LETTERS) {
            for (String y : LETTERS) {
                assertThat(Integer.signum(IdOrder.comparePlain(x, y)))
                        .isEqualTo(Integer.signum(IdOrder.compareByIcu(x, y)));
            }
        }
    }

    @Test
    void idsThatIcuTreatsAsEqualStillHaveAFixedOrder() {
        String composed = "\u00e9";
        String decomposed = "e\u0301";
        assertThat(IdOrder.compareByIcu(composed, decomposed)).isZero();
        assertThat(IdOrder.ROOT.compare(composed, decomposed)).isPositive();
        assertThat(IdOrder.ROOT.compare(decomposed, composed)).isNegative();
    }

    @Test
    void onlyIdsOfAsciiLettersDigitsAndThreeSymbolsDoWithoutIcu() {
        for (char c = 0; c < 0x180; c++) {
            assertThat(IdOrder.isPlain("S1" + c)).as("U+%04X", (int) c).isEqualTo(PLAIN.indexOf(c) >= 0);
        }
        assertThat(IdOrder.isPlain("")).isTrue();
    }

    private static String randomId(Random random, String letters) {
        int length = random.nextInt(7);
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < length; i++) {
            id.append(letters.charAt(random.nextInt(letters.length())));
        }
        return id.toString();
    }
}
