package io.pairbatch.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Design and order draw what R draws (contract 9.1). `oracles` runs the script that wrote the file.
class DrawsOfRTest {

    private static final Path DRAWS = Path.of("src/test/resources/pairing/r-draws.txt");

    @TestFactory
    Stream<DynamicTest> designAndOrderDrawWhatRDraws() throws IOException {
        return Files.readAllLines(DRAWS).stream().map(line -> {
            String[] parts = line.split(" : ", -1);
            return DynamicTest.dynamicTest(
                    parts[0], () -> assertThat(drawn(parts[0].split(" ", -1))).isEqualTo(parts[1]));
        });
    }

    /// @param words `random`, samples, percent, most, seed, order
    private static String drawn(String[] words) {
        int seed = Integer.parseInt(words[4]);
        Design design =
                new RandomPairs(Integer.parseInt(words[1]), new BigDecimal(words[2]), Long.valueOf(words[3]), seed);
        PairCursor pairs = Order.valueOf(words[5].toUpperCase(Locale.ROOT)).of(design, seed);
        StringJoiner drawn = new StringJoiner(" ");
        while (pairs.next()) {
            drawn.add((pairs.first() + 1) + "-" + (pairs.second() + 1));
        }
        return drawn.toString();
    }
}
