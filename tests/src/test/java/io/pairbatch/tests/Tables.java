package io.pairbatch.tests;

import io.pairbatch.backend.Backend;
import java.util.Map;
import java.util.Objects;

/// Tables of pairs and job files for tests.
final class Tables {

    private Tables() {}

    /// A CSV of `rows` different pairs.
    static String csv(int rows) {
        StringBuilder csv = new StringBuilder("ID1,text1,ID2,text2\n");
        for (int i = 1; i <= rows; i++) {
            csv.append("A")
                    .append(i)
                    .append(",The first text of pair ")
                    .append(i)
                    .append(" is this one.,B");
            csv.append(i).append(",\"The second text, of pair ").append(i).append(", is that one.\"\n");
        }
        return csv.toString();
    }

    private static final Map<Backend, String> MODELS = Map.of(
            Backend.OPENAI, "gpt-4.1",
            Backend.ANTHROPIC, "claude-sonnet-4-5",
            Backend.GEMINI, "gemini-3-flash-preview");

    /// A job.json with batches of `batchSize` rows and further fields, each as `"name": value`. Nothing is sent again,
    /// so
    /// that each segment has one batch.
    static String job(int batchSize, String... more) {
        return job(Backend.OPENAI, batchSize, more);
    }

    static String job(Backend backend, int batchSize, String... more) {
        return """
                {"backend": "%s", "model": "%s", "trait_name": "overall_quality", "interval_seconds": 1,
                 "per_job_delay": 0, "max_attempts": 1, "batch_size": %d%s}
                """.formatted(
                backend.code(), model(backend), batchSize, more.length == 0 ? "" : ", " + String.join(", ", more));
    }

    static String model(Backend backend) {
        return Objects.requireNonNull(MODELS.get(backend));
    }
}
