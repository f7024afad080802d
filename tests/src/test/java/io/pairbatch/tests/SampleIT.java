package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

/// A sample is judged first and the rest later, without paying for the sample again.
class SampleIT {

    private static final int ROWS = 60;

    private final TestStack stack = TestStack.shared();

    @Test
    void aSampleGrowsByCommandAndByDroppingTheFilesAgainAndEveryRowIsPaidOnce() {
        DroppedJob job = DroppedJob.drop("sample", Tables.csv(ROWS), Tables.job(5, "\"limit\": 12"));
        assertThat(job.await(Duration.ofMinutes(2))).isEqualTo("DONE");
        List<String> sampled = judged(job);
        assertThat(sampled).hasSize(12);
        assertThat(job.json("summary.json")
                        .path("conservation")
                        .path("sentence")
                        .asString(""))
                .isEqualTo("60 rows = 60 accepted + 0 rejected; 48 not in the sample; 12 comparisons = 12 observed"
                        + " + 0 failed");
        assertThat(stack.provider().batchesOf(job.id())).hasSize(3);
        assertThat(goOn(job, 5)).contains("a sample only grows");

        assertThat(goOn(job, 20)).contains("started");
        job.awaitText("epoch", "2", Duration.ofMinutes(1));
        assertThat(job.await(Duration.ofMinutes(2))).isEqualTo("DONE");
        assertThat(judged(job)).hasSize(20).startsWith(sampled.toArray(String[]::new));
        assertThat(stack.provider().batchesOf(job.id())).hasSize(5);

        job.put("job.json", Tables.job(5));
        job.awaitText("epoch", "3", Duration.ofMinutes(1));
        assertThat(job.await(Duration.ofMinutes(2))).isEqualTo("DONE");
        assertThat(judged(job))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
        assertThat(stack.provider().batchesOf(job.id()))
                .hasSize(5 + 8)
                .containsExactlyInAnyOrderElementsOf(job.batchIds());
    }

    private String goOn(DroppedJob job, int limit) {
        try (var lambda = stack.lambda()) {
            return lambda.invoke(r -> r.functionName(stack.deployment().functionName("reviver"))
                            .payload(SdkBytes.fromUtf8String(
                                    "{\"job_id\": \"" + job.id() + "\", \"limit\": " + limit + "}")))
                    .payload()
                    .asUtf8String();
        }
    }

    private static List<String> judged(DroppedJob job) {
        List<String> ids = new ArrayList<>();
        job.records("combined_results.csv").forEach(r -> ids.add(r.getField(2)));
        job.records("failed_pairs.csv").forEach(r -> ids.add(r.getField(0)));
        return ids;
    }
}
