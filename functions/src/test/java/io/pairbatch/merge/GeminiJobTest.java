package io.pairbatch.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineCollect;
import io.pairbatch.offline.OfflineSplit;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Gemini job from its table to its results in a folder; the test acts as the provider.
class GeminiJobTest {

    private static final int ROWS = 100_000;
    private static final int SEGMENT = 50_000;

    @TempDir
    private Path work;

    @Tag("long")
    @Test
    void everyOneOf100000PairsIsAccountedForWhenOneLineInAHundredIsMalformed() throws IOException {
        Path table = work.resolve("pairs.csv");
        try (BufferedWriter csv = Files.newBufferedWriter(table)) {
            csv.write("ID1,text1,ID2,text2\n");
            for (int row = 1; row <= ROWS; row++) {
                csv.write("a" + row + ",one,b" + row % 7 + ",two\n");
            }
        }
        OfflineSplit.Report split = split(table);
        assertThat(split.segments()).hasSize(ROWS / SEGMENT);
        for (int segment = 1; segment <= ROWS / SEGMENT; segment++) {
            answerInAnyOrder(segment);
        }
        String sentence = new OfflineCollect(PriceTable.bundled())
                .run(work.resolve("out"))
                .merged()
                .sentence();

        assertThat(sentence)
                .isEqualTo("100000 rows = 100000 accepted + 0 rejected;"
                        + " 100000 comparisons = 99000 observed + 1000 failed");
        BitSet seen = new BitSet();
        assertThat(rows(JobFiles.COMBINED, ",a(\\d+),.*", seen)).isEqualTo(99_000);
        assertThat(rows(JobFiles.FAILED_PAIRS, "^a(\\d+),.*", seen)).isEqualTo(1000);
        assertThat(seen.cardinality()).isEqualTo(ROWS);
        assertThat(Files.readAllLines(work.resolve("out").resolve("unmatched_lines.csv")))
                .hasSize(1001);
    }

    @Test
    void aTextOfOneMegabyteIsSentCompletely() throws IOException {
        String text = "\u05e9\u05dc\u05d5\u05dd \"quoted\" \\ \ud83d\ude42, {SAMPLE_2}".repeat(40_000);
        Path table = Files.writeString(
                work.resolve("pairs.csv"), "ID1,text1,ID2,text2\na,\"" + text.replace("\"", "\"\"") + "\",b,two\n");
        split(table);
        String line = Files.readString(work.resolve("out").resolve(JobFiles.input(1)));
        assertThat(text.length()).isGreaterThan(1_000_000);
        assertThat(line)
                .endsWith("}\n")
                .contains(", judge: " + text.replace("\\", "\\\\").replace("\"", "\\\"") + " two\"");
    }

    private OfflineSplit.Report split(Path table) throws IOException {
        Path spec = Files.writeString(work.resolve("job.json"), """
                {"backend": "gemini", "model": "gemini-3-flash-preview", "trait_name": "overall_quality",
                 "prompt_template": "{TRAIT_NAME}{TRAIT_DESCRIPTION}, judge: {SAMPLE_1} {SAMPLE_2}"}""");
        return new OfflineSplit("0.1.0", InstantSource.fixed(Instant.EPOCH)).run(table, spec, work.resolve("out"));
    }

    /// Answers each request by its key; every hundredth line is truncated, has another kind of key, or is not JSON.
    private void answerInAnyOrder(int segment) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader requests =
                Files.newBufferedReader(work.resolve("out").resolve(JobFiles.input(segment)))) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                String key = line.substring(8, line.indexOf('"', 8));
                lines.add(lines.size() % 100 == 99 ? malformed(key, lines.size()) : answer(key));
            }
        }
        assertThat(lines).hasSize(SEGMENT);
        Collections.shuffle(lines, new Random(3));
        Files.write(work.resolve("out").resolve(JobFiles.output(segment)), lines);
    }

    private static String malformed(String key, int i) {
        String line = answer(key);
        return switch (i / 100 % 4) {
            case 0 -> line.substring(0, line.length() / 2);
            case 1 -> line.replace("\"" + key + "\"", "7");
            case 2 -> "internal error";
            default -> line.replace("\"parts\":[", "\"parts\":[\"");
        };
    }

    private static String answer(String key) {
        return "{\"key\":\"" + key
                + "\",\"response\":{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":"
                + "\"<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>\"}]},\"finishReason\":\"STOP\",\"index\":0}],"
                + "\"usageMetadata\":{\"promptTokenCount\":800,\"candidatesTokenCount\":6,\"totalTokenCount\":806},"
                + "\"modelVersion\":\"gemini-3-flash-preview\"}}";
    }

    /// Marks the rows whose ID the pattern finds.
    private int rows(String file, String pattern, BitSet seen) throws IOException {
        Pattern id = Pattern.compile(pattern);
        int count = 0;
        try (BufferedReader table = Files.newBufferedReader(work.resolve("out").resolve(file))) {
            for (String line = table.readLine(); line != null; line = table.readLine()) {
                Matcher matcher = id.matcher(line);
                if (matcher.find()) {
                    seen.set(Integer.parseInt(matcher.group(1)));
                    count++;
                }
            }
        }
        return count;
    }
}
