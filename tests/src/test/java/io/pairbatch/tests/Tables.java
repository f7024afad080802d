package io.pairbatch.tests;

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

    /// A job.json with batches of `batchSize` rows and further fields, each as `"name": value`.
    static String job(int batchSize, String... more) {
        return """
                {"backend": "openai", "model": "gpt-4.1", "trait_name": "overall_quality", "interval_seconds": 1,
                 "per_job_delay": 0, "batch_size": %d%s}
                """.formatted(batchSize, more.length == 0 ? "" : ", " + String.join(", ", more));
    }
}
