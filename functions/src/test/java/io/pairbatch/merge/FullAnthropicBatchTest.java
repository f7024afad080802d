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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One full batch of Anthropic's, from the table to its results.
@Tag("long")
class FullAnthropicBatchTest {

    private static final int PAIRS = 100_000;
    private static final int BAD = 1_000;

    @TempDir
    private Path folder;

    @Test
    void everyPairOfAFullBatchWithDamagedLinesIsAccountedFor() throws IOException {
        Path out = folder.resolve("out");
        OfflineSplit.Report split = new OfflineSplit(
                        "0.1.0", InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z")))
                .run(table(), spec(), out);
        assertThat(split.segments())
                .singleElement()
                .satisfies(segment -> assertThat(segment.rows()).isEqualTo(PAIRS));
        assertThat(split.totals().rows()).isEqualTo(PAIRS + 1);
        answer(out);

        Merged merged = new OfflineCollect(PriceTable.bundled()).run(out).merged();

        assertThat(merged.sentence())
                .isEqualTo(
                        "100001 rows = 100000 accepted + 1 rejected; 100000 comparisons = 98000 observed + 2000 failed");
        BitSet seen = new BitSet(PAIRS);
        count(out.resolve(JobFiles.COMBINED), seen);
        assertThat(seen.cardinality()).isEqualTo(PAIRS - 2 * BAD);
        count(out.resolve(JobFiles.FAILED_PAIRS), seen);
        assertThat(seen.cardinality()).isEqualTo(PAIRS);
        assertThat(Files.readAllLines(out.resolve(JobFiles.part("unmatched_lines.csv", 1))))
                .hasSize(BAD);
    }

    private Path spec() throws IOException {
        return Files.writeString(folder.resolve("job.json"), """
                {"backend": "anthropic", "model": "claude-haiku-4-5", "trait_name": "T", "trait_description": "D",
                "prompt_template": "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}", "include_texts": false}""");
    }

    private Path table() throws IOException {
        Path table = folder.resolve("pairs.csv");
        try (BufferedWriter out = Files.newBufferedWriter(table)) {
            out.write("ID1,text1,ID2,text2\n,no ID,b,y\n");
            for (int i = 1; i <= PAIRS; i++) {
                out.write("p" + i + ",one,b,two\n");
            }
        }
        return table;
    }

    /// In another order than requested; of every hundred lines one is damaged and one is an error.
    private static void answer(Path out) throws IOException {
        List<String> ids = new ArrayList<>();
        try (BufferedReader input = Files.newBufferedReader(out.resolve(JobFiles.input(1)))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                ids.add(line.substring(0, line.indexOf(',')));
            }
        }
        Collections.shuffle(ids, new Random(7));
        try (BufferedWriter output = Files.newBufferedWriter(out.resolve(JobFiles.output(1)))) {
            for (int i = 0; i < ids.size(); i++) {
                output.write(i % 100 == 1 ? errored(ids.get(i)) : succeeded(ids.get(i), i % 100 == 0));
                output.write('\n');
            }
        }
    }

    private static String succeeded(String id, boolean damaged) {
        String line =
                id + ",\"result\":{\"type\":\"succeeded\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"model\":"
                        + "\"claude-haiku-4-5-20251001\",\"content\":[{\"type\":\"text\",\"text\":"
                        + "\"<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>\"}],\"stop_reason\":\"end_turn\",\"usage\":"
                        + "{\"input_tokens\":20,\"output_tokens\":12}}}}";
        return damaged ? line.substring(0, line.length() * 2 / 3) : line;
    }

    private static String errored(String id) {
        return id + ",\"result\":{\"type\":\"errored\",\"error\":{\"type\":\"error\",\"error\":"
                + "{\"type\":\"api_error\",\"message\":\"Internal server error\"}}}}";
    }

    /// Marks the pairs of a file, whose IDs are `p1`, `p2`, …; each may occur once.
    private static void count(Path file, BitSet seen) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int pair = Integer.parseInt(line.substring(1, line.indexOf(','))) - 1;
                assertThat(seen.get(pair)).as(line).isFalse();
                seen.set(pair);
            }
        }
    }
}
