package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// A sample is judged first and the rest later, without paying for the sample again.
class SampleIT {

    private static final int ROWS = 60;

    private final TestStack stack = TestStack.shared();

    @Test
    void aSampleGrowsByCommandAndByDroppingTheFilesAgainAndEveryRowIsPaidOnce() {
        DroppedJob job = DroppedJob.drop("sample", Tables.csv(ROWS), Tables.job(5, "\"limit\": 12"));
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        List<String> sampled = job.judged();
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
        job.awaitText("epoch", "2", TestStack.PATIENCE);
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.judged()).hasSize(20).startsWith(sampled.toArray(String[]::new));
        assertThat(stack.provider().batchesOf(job.id())).hasSize(5);

        job.put("job.json", Tables.job(5));
        job.awaitText("epoch", "3", TestStack.PATIENCE);
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
        assertThat(stack.provider().batchesOf(job.id()))
                .hasSize(5 + 8)
                .containsExactlyInAnyOrderElementsOf(job.batchIds());

        assertThat(ask(job, "\"reading\": {\"tag_mode\": \"first\"}")).contains("SPEC_INVALID_VALUE");
        assertThat(ask(job, "\"reading\": {\"tag_mode\": \"exact\"}")).contains("started");
        job.awaitText("epoch", "4", TestStack.PATIENCE);
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.json("summary.json").at("/resolved/tag_mode").asString()).isEqualTo("exact");
        assertThat(job.judged()).hasSize(ROWS);
        assertThat(stack.provider().batchesOf(job.id())).hasSize(5 + 8);
    }

    private String goOn(DroppedJob job, int limit) {
        return ask(job, "\"limit\": " + limit);
    }

    private String ask(DroppedJob job, String wish) {
        try (LambdaClient lambda = stack.lambda()) {
            return lambda.invoke(r -> r.functionName(stack.deployment().functionName("reviver"))
                            .payload(SdkBytes.fromUtf8String("{\"job_id\": \"" + job.id() + "\", " + wish + "}")))
                    .payload()
                    .asUtf8String();
        }
    }
}
