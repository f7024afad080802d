package io.pairbatch.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.store.FolderStore;
import io.pairbatch.testing.UsualSettings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A full OpenAI batch in another JVM with a heap of 64 MB: using more memory is an error.
@Tag("long")
class LargeSegmentTest {

    private static final int PAIRS = 50_000;
    private static final int BAD = 500;
    private static final Instant RECEIVED = Instant.parse("2026-11-22T17:25:43Z");

    @TempDir
    private Path folder;

    @Test
    void everyPairOfAFullBatchWithDamagedLinesIsAccountedForIn64MegabytesOfHeap() throws Exception {
        write(1200);
        String said = runIn("64m");
        assertThat(said).contains("pairs=50000, observed=49500, failed=500,").contains("unmatchedLines=500,");

        Set<String> rows = new HashSet<>();
        boolean inOrder = true;
        int count = 0;
        try (BufferedReader results = Files.newBufferedReader(folder.resolve(JobFiles.results(1)));
                BufferedReader failed =
                        Files.newBufferedReader(folder.resolve(JobFiles.part(JobFiles.FAILED_PAIRS, 1)))) {
            List<String> header = List.of(results.readLine().split(",", -1));
            long last = 0;
            for (String line = results.readLine(); line != null; line = results.readLine()) {
                String row = line.split(",", -1)[header.indexOf("row")];
                inOrder &= Long.parseLong(row) > last;
                last = Long.parseLong(row);
                rows.add(row);
                count++;
            }
            for (String line = failed.readLine(); line != null; line = failed.readLine()) {
                rows.add(line.substring(1, line.indexOf(',')));
                count++;
            }
        }
        assertThat(inOrder).isTrue();
        assertThat(rows).hasSize(PAIRS);
        assertThat(count).isEqualTo(PAIRS);
    }

    @Test
    void theLongestPossibleLineFitsIntoTheCollectorsHeap() throws Exception {
        Files.writeString(
                folder.resolve(JobFiles.pairs(1)),
                "{\"row\":1,\"pair\":{\"ID1\":\"a\",\"text1\":\"x\",\"ID2\":\"b\",\"text2\":\"y\"}}\n");
        String longest = "\u00e9, ".repeat((int) SegmentCollector.MAX_LINE_BYTES / 4 - 200);
        Files.writeString(
                folder.resolve(JobFiles.output(1)), answer(1, longest) + "\n" + answer(1, longest + longest) + "\n");
        assertThat(runIn("256m")).contains("observed=1, failed=0,").contains("unmatchedLines=1,");
    }

    /// Runs as a separate program with the folder as its argument.
    static final class Program {

        public static void main(String[] args) throws IOException {
            ResultSettings settings = UsualSettings.RESULTS;
            long start = System.nanoTime();
            SegmentTally tally = new SegmentCollector(new FolderStore(Path.of(args[0])), settings, PriceTable.bundled())
                    .collect(new EndedSegment(1, 1, "batch_1", new BatchEnd.Completed(), RECEIVED));
            long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .mapToLong(pool -> pool.getPeakUsage().getUsed())
                    .sum();
            System.out.println(tally + " ms=" + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " peakMB="
                    + (peak >> 20));
        }
    }

    private String runIn(String heap) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(program.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(program.waitFor()).as(said).isZero();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).noneMatch(n -> n.endsWith(".spool"));
        }
        return said;
    }

    private void write(int textChars) throws IOException {
        List<Integer> order = new ArrayList<>();
        String text = "lorem ipsum ".repeat(textChars / 12);
        try (BufferedWriter pairs = Files.newBufferedWriter(folder.resolve(JobFiles.pairs(1)))) {
            for (int row = 1; row <= PAIRS; row++) {
                order.add(row);
                pairs.write("{\"row\":" + row + ",\"pair\":{\"ID1\":\"a" + row + "\",\"text1\":\"" + text
                        + "\",\"ID2\":\"b" + row % 100 + "\",\"text2\":\"y\"}}\n");
            }
        }
        Collections.shuffle(order, new Random(5));
        try (BufferedWriter output = Files.newBufferedWriter(folder.resolve(JobFiles.output(1)))) {
            for (int i = 0; i < order.size(); i++) {
                String line = answer(order.get(i), text);
                output.write(i % (PAIRS / BAD) == 0 ? line.substring(0, line.length() / 2) : line);
                output.write('\n');
            }
        }
    }

    private static String answer(int row, String text) {
        return "{\"custom_id\":\"0a1b2c3d-" + row + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":"
                + "\"chat.completion\",\"model\":\"gpt-4.1-2025-04-14\",\"choices\":[{\"message\":{\"content\":\""
                + text + "<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":800,\"completion_tokens\":12,\"total_tokens\":812}}}}";
    }
}
