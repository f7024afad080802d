package io.pairbatch.analysis.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.analysis.counts.JudgementReader;
import io.pairbatch.analysis.counts.Judgements;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A million judgements of 5,000 items, from a gzip file to abilities and intervals. Says how long it took.
@Tag("long")
class MillionTest {

    private static final int ITEMS = 5_000;
    private static final int JUDGEMENTS = 1_000_000;

    @TempDir
    private Path folder;

    @Test
    void aMillionJudgementsGiveAbilitiesThatHoldWhatWasPlanted() throws IOException {
        double[] planted = new Random(1).doubles(ITEMS, -2, 2).toArray();
        Path file = written(planted);
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        long start = System.nanoTime();
        Judgements judgements = new Judgements();
        new JudgementReader(judgements, JudgementReader.JUDGE).read(file);
        long read = System.nanoTime();
        Ranking ranking = Ranking.of(Pairs.of(judgements));
        long ranked = System.nanoTime();
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        Ranking.Component all = ranking.components().getFirst();
        System.out.printf(
                "%d judgements of %d items: %.1f s to read, %.1f s to rank, heap %d MB at most; standard errors differ by"
                        + " %.1f%% at most from exact ones%n",
                JUDGEMENTS, ITEMS, (read - start) / 1e9, (ranked - read) / 1e9, peak >> 20, 100 * all.error());
        double mean = java.util.Arrays.stream(planted).average().orElse(0);
        long held = ranking.places().stream()
                .filter(place -> {
                    double truth = planted[Integer.parseInt(judgements.items().get(place.item()))] - mean;
                    return place.low() < truth && truth < place.high();
                })
                .count();
        assertThat(all.converged()).isTrue();
        assertThat(all.error()).isLessThan(0.05);
        assertThat((double) held / ITEMS).isBetween(0.93, 0.97);
    }

    private Path written(double[] planted) throws IOException {
        Random random = new Random(2);
        Path file = folder.resolve("judgements.csv.gz");
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file), 1 << 16), StandardCharsets.UTF_8)) {
            out.write("row,ID1,ID2,better_id,winner_pos,judge,attempt,cost\n");
            for (int row = 1; row <= JUDGEMENTS; row++) {
                int i = random.nextInt(ITEMS);
                int j = (i + 1 + random.nextInt(ITEMS - 1)) % ITEMS;
                int winner = random.nextDouble() < Fit.chance(planted[i] - planted[j]) ? 1 : 2;
                out.write(row + "," + i + "," + j + "," + (winner == 1 ? i : j) + "," + winner + ",1,1,0.0001\n");
            }
        }
        return file;
    }
}
