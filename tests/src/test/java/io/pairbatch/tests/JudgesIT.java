package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/// One job with a judge of each provider.
class JudgesIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;

    private final Provider provider = TestStack.shared().provider();

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    private static String job(String... more) {
        String judges = Arrays.stream(Backend.values())
                .map(backend -> "{\"name\": \"" + backend.code() + "\", \"backend\": \"" + backend.code()
                        + "\", \"model\": \"" + Tables.model(backend) + "\"}")
                .collect(Collectors.joining(", "));
        return """
                {"trait_name": "overall_quality", "interval_seconds": 1, "per_job_delay": 0, "max_attempts": 1,
                 "batch_size": 200, "judges": [%s], %s}
                """.formatted(judges, String.join(", ", more));
    }

    @Test
    @Tag("long")
    void threeJudgesOfBothOrdersTwiceAreEachCountedOnceAlthoughFunctionsAreKilled() throws IOException {
        provider.faults("""
                [{"operation": "create", "action": "hang_after", "seconds": 0.5},
                 {"operation": "download", "action": "hang", "seconds": 1}]
                """);
        String table = Files.readString(Path.of("../examples/essays/pairs.csv"));
        DroppedJob job = DroppedJob.drop("judges", table, job("\"both_orders\": true", "\"repeats\": 2"));
        killWhen("Splitter", () -> job.find().isPresent() && batches(job) >= 2);
        killWhen("Collector", () -> states(job, "RUNNING") > 0 && batches(job) >= 9);
        killWhen("Merger", () -> states(job, "MERGING") > 0);

        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        Map<String, Map<String, String>> winners = winners(job);
        assertThat(winners).containsOnlyKeys("anthropic", "gemini", "openai");
        assertThat(winners.get("gemini")).isEqualTo(winners.get("openai"));
        assertThat(winners.get("anthropic")).isEqualTo(winners.get("openai"));
        JsonNode counts = job.json("summary.json").path("conservation");
        assertThat(counts.path("comparisons").asLong()).isEqualTo(2280);
        assertThat(counts.path("observed").asLong() + counts.path("failed").asLong())
                .isEqualTo(2280);
        assertThat(job.records("combined_results.csv"))
                .hasSize(counts.path("observed").asInt());
        assertThat(job.records("failed_pairs.csv"))
                .hasSize(counts.path("failed").asInt());
        job.judges()
                .forEach((judge, item) -> assertThat(provider.batchesOf(DroppedJob.text(item, "job_id")))
                        .as(judge)
                        .hasSize(4));
    }

    @Test
    void aProviderThatIsDownDelaysItsOwnJudgeOnly() throws IOException {
        provider.faults("[{\"operation\": \"create\", \"api\": \"anthropic\", \"action\": \"status\","
                + " \"status\": 503, \"count\": 0}]");
        DroppedJob job = DroppedJob.drop("down", Tables.csv(10), job("\"both_orders\": true"));
        DroppedJob.await(PATIENCE, "the other judges", () -> job.find().isPresent() && states(job, "DONE") == 2);
        assertThat(job.isUnderWay()).isTrue();
        assertThat(DroppedJob.text(Objects.requireNonNull(job.judges().get("anthropic")), "state"))
                .isEqualTo("RUNNING");
        provider.faults("[]");

        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        assertThat(winners(job).values())
                .hasSize(3)
                .allSatisfy(winners -> assertThat(winners).hasSize(20));
        assertThat(job.judges().values())
                .allSatisfy(judge -> assertThat(provider.batchesOf(DroppedJob.text(judge, "job_id")))
                        .hasSize(1));
    }

    /// The winner of each comparison, by judge. Each comparison is there once.
    private static Map<String, Map<String, String>> winners(DroppedJob job) throws IOException {
        Map<String, Map<String, String>> winners = new TreeMap<>();
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(job.file("combined_results.csv"))) {
            reader.forEach(row -> {
                String comparison = List.of(
                                row.getField("ID1"), row.getField("ID2"), row.getField("order"), row.getField("repeat"))
                        .toString();
                assertThat(winners.computeIfAbsent(row.getField("judge"), judge -> new HashMap<>())
                                .put(comparison, row.getField("better_id")))
                        .as(comparison)
                        .isNull();
            });
        }
        return winners;
    }

    private long states(DroppedJob job, String state) {
        return job.judges().values().stream()
                .filter(judge -> DroppedJob.text(judge, "state").equals(state))
                .count();
    }

    private long batches(DroppedJob job) {
        return job.judges().values().stream()
                .map((Map<String, AttributeValue> judge) -> DroppedJob.text(judge, "job_id"))
                .mapToLong(id -> provider.batchesOf(id).size())
                .sum();
    }

    /// Kills every process of the function once the jobs have work for it, until there was one to kill.
    private static void killWhen(String function, BooleanSupplier atWork) {
        DroppedJob.await(PATIENCE, function + " at work", () -> atWork.getAsBoolean() && Functions.kill(function));
    }
}
