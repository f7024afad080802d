package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// What a provider can do to a job with two batches. Each job's batches carry its case, so that all faults are set at
/// once and the jobs run concurrently.
class ProviderFaultsIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final int ROWS = 10;
    /// A small machine should not start many functions at once.
    private static final int AT_ONCE = 6;

    private static final String DROPPED = "\"operation\": \"create\", \"action\": \"drop_after\"";
    private static final String TRUNCATED =
            "\"operation\": \"download\", \"action\": \"truncate\", \"file\": \"output\"";
    private static final String MISSING = "backend_missing_fields";

    private final Provider provider = TestStack.shared().provider();

    /// @param fault of the first matching request, without the conditions that restrict it to the job
    /// @param creates batches that the provider created in addition to the two in the registry
    /// @param codes how often each final error code occurs in failed_pairs.csv
    /// @param attempts how often each error code occurs in failed_attempts.csv
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

        /// A file that the provider did not find is uploaded again.
        int uploads() {
            if (backend == Backend.ANTHROPIC) {
                return 0;
            }
            return fault.contains("invalid_file_id") ? 3 : 2;
        }

        String job() {
            return backend == Backend.OPENAI
                    ? Tables.job(ROWS / 2, "\"metadata\": {\"case\": \"" + name + "\"}")
                    : Tables.job(backend, ROWS / 2);
        }
    }

    /// One kind for each provider.
    private static List<Case> few() {
        return List.of(
                Case.harmless(Backend.OPENAI, "unknown status", "\"action\": \"unknown_status\""),
                Case.harmless(Backend.ANTHROPIC, "broken download", TRUNCATED),
                Case.harmless(Backend.GEMINI, "unknown status", "\"action\": \"unknown_status\""));
    }

    /// Cases that need a real connection, or that the simulated world does not cover.
    private static List<Case> many() {
        return List.of(
                Case.harmless(Backend.OPENAI, "dropped without a response", DROPPED),
                Case.harmless(Backend.ANTHROPIC, "dropped without a response", DROPPED),
                Case.harmless(Backend.GEMINI, "dropped without a response", DROPPED),
                new Case(
                        Backend.OPENAI,
                        "input file not found",
                        "\"action\": \"fail\", \"code\": \"invalid_file_id\", \"count\": 1",
                        1,
                        Map.of(),
                        Map.of(),
                        0),
                Case.harmless(Backend.OPENAI, "broken download", TRUNCATED),
                Case.harmless(Backend.GEMINI, "broken download", TRUNCATED),
                Case.harmless(Backend.ANTHROPIC, "unknown status", "\"action\": \"unknown_status\""),
                Case.harmless(
                        Backend.GEMINI,
                        "a state of the other interface",
                        "\"action\": \"unknown_status\", \"status\": \"JOB_STATE_QUEUED\""),
                Case.harmless(
                        Backend.OPENAI, "counts as strings", "\"action\": \"odd_counts\", \"counts\": \"strings\""),
                Case.failing(
                        Backend.GEMINI,
                        "blocked prompts",
                        "\"action\": \"lines_blocked\", \"lines\": 2",
                        Map.of(MISSING, 2)),
                new Case(
                        Backend.OPENAI,
                        "no room",
                        "\"action\": \"fail\", \"code\": \"token_limit_exceeded\"",
                        1,
                        Map.of(),
                        Map.of(),
                        0),
                unmatched(Backend.ANTHROPIC, "lines malformed", "lines_malformed"),
                Case.failing(Backend.OPENAI, "gone", "\"action\": \"vanish\"", Map.of("batch_lost", 5)));
    }

    private static Case unmatched(Backend backend, String name, String action) {
        Map<String, Integer> codes = Map.of(MISSING, 2);
        return new Case(backend, name, "\"action\": \"" + action + "\", \"lines\": 2", 0, codes, codes, 2);
    }

    @AfterEach
    void noFaults() {
        provider.faults("[]");
    }

    /// A job whose table is in the inbox, so that its token is known before it starts.
    private record Prepared(Case one, DroppedJob job, String token) {}

    @TestFactory
    Stream<DynamicTest> everyRowIsAccountedForAndEveryBatchExplained() throws Exception {
        return run(few());
    }

    @TestFactory
    @Tag("long")
    Stream<DynamicTest> soItIsWhateverElseAProviderDoes() throws Exception {
        return run(many());
    }

    private Stream<DynamicTest> run(List<Case> cases) throws Exception {
        List<Prepared> prepared = new ArrayList<>();
        for (Case one : cases) {
            DroppedJob job = DroppedJob.named(TestStack.name("fault"));
            job.put("pairs.csv", Tables.csv(ROWS));
            prepared.add(new Prepared(one, job, job.tokenWith(one.job())));
        }
        provider.faults(prepared.stream()
                .map(p -> Provider.rule(
                        p.one().backend(), p.one().fault(), p.one().name(), p.token()))
                .collect(Collectors.joining(",\n", "[", "]")));
        List<Callable<DroppedJob>> running = prepared.stream()
                .<Callable<DroppedJob>>map(p -> () -> finished(p))
                .toList();
        try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
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
        assertThat(provider.faultsOf(job.id())).as("the fault occurred").isPositive();
        List<String> created = provider.batchesOf(job.id());
        assertThat(job.batchIds()).hasSize(2).doesNotHaveDuplicates().isSubsetOf(created);
        assertThat(created).hasSize(2 + one.creates());
        assertThat(provider.uploadsOf(job.id())).isEqualTo(one.uploads());
        assertThat(codes(job, "failed_pairs.csv")).isEqualTo(one.codes());
        assertThat(codes(job, "failed_attempts.csv")).isEqualTo(one.attempts());
        assertThat(job.records("unmatched_lines.csv")).hasSize(one.unmatched());
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
    }

    /// How often each value of `error_code` occurs in a file.
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

    @Test
    @Tag("long")
    void aRefusedJobStopsAndContinuesWhenItIsDroppedAgain() {
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
