package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One table, one seed, three providers: the same winners, and the same rows accounted for.
@Tag("localstack")
class ThreeProvidersIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;

    private final Provider provider = TestStack.shared().provider();

    @Test
    void thePairsHaveTheSameWinnersWithEveryProvider() throws IOException {
        String table = Files.readString(Path.of("../examples/essays/pairs.csv"));
        Map<Backend, DroppedJob> jobs = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            jobs.put(backend, DroppedJob.drop("three", table, Tables.job(backend, 100)));
        }
        Map<Backend, Map<String, String>> winners = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            DroppedJob job = Objects.requireNonNull(jobs.get(backend));
            job.awaitState("DONE", PATIENCE);
            assertThat(provider.batchesOf(job.id()))
                    .as(backend + " batches")
                    .hasSize(2)
                    .containsExactlyInAnyOrderElementsOf(job.batchIds());
            assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(190);
            assertThat(job.records("unmatched_lines.csv")).isEmpty();
            winners.put(backend, winners(job));
        }
        assertThat(winners.get(Backend.OPENAI)).hasSizeGreaterThan(180);
        assertThat(winners.get(Backend.ANTHROPIC)).isEqualTo(winners.get(Backend.OPENAI));
        assertThat(winners.get(Backend.GEMINI)).isEqualTo(winners.get(Backend.OPENAI));
    }

    private static Map<String, String> winners(DroppedJob job) throws IOException {
        Map<String, String> winners = new HashMap<>();
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(job.file("combined_results.csv"))) {
            reader.forEach(row -> winners.put(row.getField("ordered_key"), row.getField("better_id")));
        }
        return winners;
    }
}
