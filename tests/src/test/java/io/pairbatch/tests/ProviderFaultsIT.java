package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.Backend;
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

    private static final String MISSING = "backend_missing_fields";

    private final Provider provider = TestStack.shared().provider();

    /// @param fault of the first matching request; without what narrows it to the job
    /// @param creates batches that the provider made, beyond the two that the registry names
    /// @param codes how often each final error code is in failed_pairs.csv
    /// @param attempts how often each error code is in failed_attempts.csv
    /// @param unmatched lines that belong to no pair
    private record Case(
            Backend backend,
            String name,
            String fault,
            int creates,
            Map<String, Integer> codes,
            Map<String, Integer> attempts,
            int unmatched) {

        static Case harmless(Backend backend, String name, String fault) {
            return new Case(backend, name, fault, 0, Map.of(), Map.of(), 0);
        }

        static Case failing(Backend backend, String name, String fault, Map<String, Integer> codes) {
            return new Case(backend, name, fault, 0, codes, codes, 0);
        }

        /// The rule for the job with this token: each provider lists something else of it.
        String rule(String token) {
            String narrowed = switch (backend) {
                case OPENAI -> "\"metadata\": {\"case\": \"" + name + "\"}";
                case ANTHROPIC -> "\"custom_id_prefix\": \"" + token + "-\"";
                case GEMINI -> "\"display_name_prefix\": \"pairbatch " + token + "-\"";
            };
            return "{\"api\": \"" + backend.code() + "\", " + fault + ", " + narrowed + "}";
        }

        String job() {
            return backend == Backend.OPENAI
                    ? Tables.job(ROWS / 2, "\"metadata\": {\"case\": \"" + name + "\"}")
                    : Tables.job(backend, ROWS / 2);
        }
    }

    private static List<Case> cases() {
        return Stream.of(Backend.values()).flatMap(ProviderFaultsIT::cases).toList();
    }

    /// Where the providers share our code the whole list runs for one of them only.
    private static Stream<Case> cases(Backend backend) {
        return Stream.concat(
                everywhere(backend),
                switch (backend) {
                    case OPENAI -> ofOpenAi();
                    case ANTHROPIC ->
                        Stream.of(Case.harmless(
                                backend, "counts of zero", "\"action\": \"odd_counts\", \"counts\": \"zero\""));
                    case GEMINI -> ofGemini();
                });
    }

    private static Stream<Case> everywhere(Backend backend) {
        return Stream.of(
                Case.harmless(
                        backend, "dropped without an answer", "\"operation\": \"create\", \"action\": \"drop_after\""),
                Case.harmless(
                        backend,
                        "too many requests",
                        "\"operation\": \"create\", \"action\": \"status\", \"status\": 429, \"retry_after\": 1"),
                Case.harmless(backend, "unknown status", "\"action\": \"unknown_status\""),
                Case.harmless(
                        backend,
                        "broken download",
                        "\"operation\": \"download\", \"action\": \"truncate\", \"file\": \"output\""),
                Case.failing(backend, "every line fails", "\"action\": \"all_lines_fail\"", Map.of("http_error", 5)),
                unmatched(backend, "lines malformed", "lines_malformed", MISSING),
                Case.failing(backend, "gone", "\"action\": \"vanish\"", Map.of("batch_lost", 5)));
    }

    private static Stream<Case> ofOpenAi() {
        Backend backend = Backend.OPENAI;
        return Stream.of(
                Case.harmless(
                        backend,
                        "answered 500 after doing it",
                        "\"operation\": \"create\", \"action\": \"status_after\""),
                Case.harmless(
                        backend,
                        "answered 503 before doing it",
                        "\"operation\": \"create\", \"action\": \"status\", \"status\": 503"),
                new Case(
                        backend,
                        "no room",
                        "\"action\": \"fail\", \"code\": \"token_limit_exceeded\"",
                        1,
                        Map.of(),
                        Map.of(),
                        0),
                Case.harmless(backend, "regressing status", "\"action\": \"regressing_status\""),
                Case.harmless(backend, "counts as strings", "\"action\": \"odd_counts\", \"counts\": \"strings\""),
                Case.failing(
                        backend,
                        "lines missing",
                        "\"action\": \"lines_missing\", \"lines\": 2",
                        Map.of("batch_lost", 2)),
                new Case(
                        backend,
                        "lines doubled",
                        "\"action\": \"lines_doubled\", \"lines\": 2",
                        0,
                        Map.of(),
                        Map.of("http_error", 2),
                        0),
                unmatched(backend, "lines foreign", "lines_foreign", "batch_lost"));
    }

    private static Stream<Case> ofGemini() {
        Backend backend = Backend.GEMINI;
        return Stream.of(
                Case.failing(
                        backend,
                        "failed as a whole",
                        "\"action\": \"fail\", \"code\": \"13\"",
                        Map.of("http_error", 5)),
                Case.failing(backend, "no output", "\"action\": \"output_null\"", Map.of("batch_lost", 5)),
                Case.failing(backend, "expired", "\"action\": \"expire\"", Map.of("http_error", 5)),
                Case.failing(backend, "cancelled", "\"action\": \"cancel\"", Map.of("cancelled", 5)),
                Case.harmless(
                        backend,
                        "a state of the other interface",
                        "\"action\": \"unknown_status\", \"status\": \"JOB_STATE_QUEUED\""),
                Case.failing(
                        backend, "blocked prompts", "\"action\": \"lines_blocked\", \"lines\": 2", Map.of(MISSING, 2)));
    }

    private static Case unmatched(Backend backend, String name, String action, String code) {
        Map<String, Integer> codes = Map.of(code, 2);
        return new Case(backend, name, "\"action\": \"" + action + "\", \"lines\": 2", 0, codes, codes, 2);
    }

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    /// A job whose table lies in the inbox, so that its token is known before it starts.
    private record Prepared(Case one, DroppedJob job, String token) {}

    @TestFactory
    Stream<DynamicTest> everyRowIsAccountedForAndEveryBatchExplained() throws Exception {
        List<Prepared> prepared = new ArrayList<>();
        for (Case one : cases()) {
            DroppedJob job = DroppedJob.named(TestStack.name("fault"));
            job.put("pairs.csv", Tables.csv(ROWS));
            prepared.add(new Prepared(one, job, job.tokenWith(one.job())));
        }
        provider.faults(
                prepared.stream().map(p -> p.one().rule(p.token())).collect(Collectors.joining(",\n", "[", "]")));
        List<Callable<DroppedJob>> running = prepared.stream()
                .<Callable<DroppedJob>>map(p -> () -> finished(p))
                .toList();
        try (var executor = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<DroppedJob>> jobs = executor.invokeAll(running);
            return IntStream.range(0, jobs.size())
                    .mapToObj(i -> DynamicTest.dynamicTest(
                            prepared.get(i).one().backend().code() + ": "
                                    + prepared.get(i).one().name(),
                            () -> {
                                DroppedJob job = jobs.get(i).get();
                                assertThat(job.id()).endsWith(prepared.get(i).token());
                                check(prepared.get(i).one(), job);
                            }))
                    .toList()
                    .stream();
        }
    }

    private static DroppedJob finished(Prepared prepared) {
        prepared.job().put("job.json", prepared.one().job());
        prepared.job().awaitState("DONE", PATIENCE);
        return prepared.job();
    }

    private void check(Case one, DroppedJob job) {
        assertThat(provider.faultsOf(job.id())).as("the fault struck").isPositive();
        List<String> created = provider.batchesOf(job.id());
        assertThat(job.batchIds()).hasSize(2).doesNotHaveDuplicates().isSubsetOf(created);
        assertThat(created).hasSize(2 + one.creates());
        assertThat(provider.uploadsOf(job.id())).isEqualTo(one.backend() == Backend.ANTHROPIC ? 0 : 2);
        assertThat(codes(job, "failed_pairs.csv")).isEqualTo(one.codes());
        assertThat(codes(job, "failed_attempts.csv")).isEqualTo(one.attempts());
        assertThat(job.records("unmatched_lines.csv")).hasSize(one.unmatched());
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
