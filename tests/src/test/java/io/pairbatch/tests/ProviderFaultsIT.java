package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// What a provider can do to a job of two batches. Each job's batches carry its case, so that all faults are set at
/// once and the jobs run side by side.
class ProviderFaultsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ROWS = 10;
    /// Few functions start at once on a small machine.
    private static final int AT_ONCE = 6;

    private final Provider provider = TestStack.shared().provider();

    /// @param fault of the first matching request; without its metadata
    /// @param creates batches that the provider made, beyond the two that the registry names
    /// @param codes how often each final error code is in failed_pairs.csv
    /// @param attempts how often each error code is in failed_attempts.csv
    /// @param unmatched lines that belong to no pair
    private record Case(
            String name,
            String fault,
            int creates,
            Map<String, Integer> codes,
            Map<String, Integer> attempts,
            int unmatched) {

        static Case harmless(String name, String fault) {
            return new Case(name, fault, 0, Map.of(), Map.of(), 0);
        }

        static Case failing(String name, String fault, Map<String, Integer> codes) {
            return new Case(name, fault, 0, codes, codes, 0);
        }

        String rule() {
            return "{" + fault + ", \"metadata\": {\"case\": \"" + name + "\"}}";
        }
    }

    private static List<Case> cases() {
        String missing = "backend_missing_fields";
        return List.of(
                Case.harmless("answered 500 after doing it", "\"operation\": \"create\", \"action\": \"status_after\""),
                Case.harmless("dropped without an answer", "\"operation\": \"create\", \"action\": \"drop_after\""),
                Case.harmless(
                        "answered 503 before doing it",
                        "\"operation\": \"create\", \"action\": \"status\", \"status\": 503"),
                new Case(
                        "no room",
                        "\"action\": \"fail\", \"code\": \"token_limit_exceeded\"",
                        1,
                        Map.of(),
                        Map.of(),
                        0),
                Case.harmless(
                        "too many requests",
                        "\"operation\": \"create\", \"action\": \"status\", \"status\": 429, \"retry_after\": 1"),
                Case.harmless("unknown status", "\"action\": \"unknown_status\""),
                Case.harmless("regressing status", "\"action\": \"regressing_status\""),
                Case.harmless(
                        "broken download",
                        "\"operation\": \"download\", \"action\": \"truncate\", \"file\": \"output\""),
                Case.failing("every line fails", "\"action\": \"all_lines_fail\"", Map.of("http_error", 5)),
                Case.failing("no output", "\"action\": \"output_null\"", Map.of(missing, 5)),
                Case.failing("lines missing", "\"action\": \"lines_missing\", \"lines\": 2", Map.of(missing, 2)),
                new Case(
                        "lines doubled",
                        "\"action\": \"lines_doubled\", \"lines\": 2",
                        0,
                        Map.of(),
                        Map.of("http_error", 2),
                        0),
                new Case(
                        "lines malformed",
                        "\"action\": \"lines_malformed\", \"lines\": 2",
                        0,
                        Map.of(missing, 2),
                        Map.of(missing, 2),
                        2),
                new Case(
                        "lines foreign",
                        "\"action\": \"lines_foreign\", \"lines\": 2",
                        0,
                        Map.of(missing, 2),
                        Map.of(missing, 2),
                        2),
                Case.failing("gone", "\"action\": \"vanish\", \"after\": 1", Map.of("http_error", 5)));
    }

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    @TestFactory
    Stream<DynamicTest> everyRowIsAccountedForAndEveryBatchExplained() throws Exception {
        List<Case> cases = cases();
        provider.faults(cases.stream().map(Case::rule).collect(Collectors.joining(",\n", "[", "]")));
        List<Callable<DroppedJob>> running =
                cases.stream().<Callable<DroppedJob>>map(c -> () -> finished(c)).toList();
        try (var executor = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<DroppedJob>> jobs = executor.invokeAll(running);
            return IntStream.range(0, jobs.size())
                    .mapToObj(i -> DynamicTest.dynamicTest(
                            cases.get(i).name(),
                            () -> check(cases.get(i), jobs.get(i).get())))
                    .toList()
                    .stream();
        }
    }

    private static DroppedJob finished(Case one) {
        DroppedJob job = DroppedJob.drop(
                "fault", Tables.csv(ROWS), Tables.job(ROWS / 2, "\"metadata\": {\"case\": \"" + one.name() + "\"}"));
        job.awaitState("DONE", PATIENCE);
        return job;
    }

    private void check(Case one, DroppedJob job) {
        assertThat(provider.faultsOf("case", one.name())).as("the fault struck").isPositive();
        List<String> created = provider.batchesOf(job.id());
        assertThat(job.batchIds()).hasSize(2).doesNotHaveDuplicates().isSubsetOf(created);
        assertThat(created).hasSize(2 + one.creates());
        assertThat(provider.uploadsOf(job.id())).isEqualTo(2);
        assertThat(codes(job, "failed_pairs.csv")).isEqualTo(one.codes());
        assertThat(codes(job, "failed_attempts.csv")).isEqualTo(one.attempts());
        assertThat(
                        job.has("unmatched_lines.csv")
                                ? job.records("unmatched_lines.csv").size()
                                : 0)
                .isEqualTo(one.unmatched());
        List<String> judged = new ArrayList<>();
        job.records("combined_results.csv").forEach(r -> judged.add(r.getField(2)));
        job.records("failed_pairs.csv").forEach(r -> judged.add(r.getField(0)));
        assertThat(judged)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
    }

    /// How often each value of `error_code` stands in a file.
    private static Map<String, Integer> codes(DroppedJob job, String file) {
        int column = errorCode(job, file);
        Map<String, Integer> codes = new TreeMap<>();
        job.records(file).forEach(r -> codes.merge(r.getField(column), 1, Integer::sum));
        return codes;
    }

    private static int errorCode(DroppedJob job, String file) {
        String header = job.file(file).lines().findFirst().orElse("");
        return List.of(header.split(",")).indexOf("error_code");
    }

    /// Which requests are reached before the end is the provider's chance, so its own error file says how many were
    /// not.
    @Test
    void whatAnExpiredBatchHasJudgedIsKept() {
        provider.faults("[{\"action\": \"expire\", \"metadata\": {\"case\": \"expired\"}}]");
        int rows = 40;
        DroppedJob job =
                DroppedJob.drop("expired", Tables.csv(rows), Tables.job(rows, "\"metadata\": {\"case\": \"expired\"}"));
        job.awaitState("DONE", PATIENCE);
        int unreached = Math.toIntExact(job.file("batch_01_errors.jsonl")
                .lines()
                .filter(line -> line.contains("\"batch_expired\""))
                .count());
        assertThat(unreached).isBetween(1, rows - 1);
        // Contract 7.5: such a line has no status and no winner.
        assertThat(job.records("failed_pairs.csv").stream()
                        .filter(r -> r.getFields().stream().anyMatch(f -> f.contains("completion window expired")))
                        .map(r -> r.getField(errorCode(job, "failed_pairs.csv"))))
                .hasSize(unreached)
                .containsOnly("backend_missing_fields");
        assertThat(job.counts().get(0)).isGreaterThan(0);
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
        assertThat(provider.batchesOf(job.id())).hasSize(1).isEqualTo(job.batchIds());
    }

    @Test
    void aRefusedJobStopsAndGoesOnWhenItIsDroppedAgain() {
        provider.faults("""
                [{"operation": "create", "action": "status", "status": 400, "code": "invalid_request_error",
                  "message": "Not today.", "count": 0, "metadata": {"case": "refused"}}]
                """);
        DroppedJob job = DroppedJob.named(TestStack.name("refused"));
        drop(job);
        job.awaitState("FAILED", PATIENCE);
        assertThat(job.text("error_message"))
                .isEqualTo(
                        "PROVIDER_REFUSED: the provider, creating a batch: found HTTP 400 invalid_request_error: Not today.;"
                                + " expected a request that it accepts");
        JsonNode error = job.json("error.json");
        assertThat(error.path("message").stringValue()).isEqualTo(job.text("error_message"));
        assertThat(error.path("resumable").booleanValue()).isTrue();
        assertThat(provider.batchesOf(job.id())).isEmpty();

        provider.faults("[]");
        drop(job);
        job.awaitState("DONE", PATIENCE);
        assertThat(provider.batchesOf(job.id())).hasSize(2).containsExactlyInAnyOrderElementsOf(job.batchIds());
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROWS);
        assertThat(job.has("error.json")).isFalse();
    }

    private static void drop(DroppedJob job) {
        job.put("job.json", Tables.job(ROWS / 2, "\"metadata\": {\"case\": \"refused\"}"));
        job.put("pairs.csv", Tables.csv(ROWS));
    }
}
