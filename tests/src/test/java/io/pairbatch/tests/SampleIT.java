package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import tools.jackson.databind.JsonNode;

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

    @Test
    void aDesignOfSamplesIsJudgedAndGrowsLikeATableOfItsPairs() {
        String samples = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> "S" + i + ",Text of sample " + i + ".," + i + "\n")
                .collect(Collectors.joining("", "ID,text,grade\n", ""));
        DroppedJob job = DroppedJob.drop(
                "design",
                samples,
                Tables.job(5, "\"limit\": 12", "\"pairing\": {\"design\": \"per_sample\", \"k\": 6}"));
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.judged()).hasSize(12);
        assertThat(goOn(job, 0)).contains("started");
        job.awaitText("epoch", "2", TestStack.PATIENCE);
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        JsonNode summary = job.json("summary.json");
        assertThat(summary.at("/conservation/sentence").asString())
                .isEqualTo("60 rows = 60 accepted + 0 rejected; 60 comparisons = 60 observed + 0 failed");
        assertThat(summary.at("/design/words").asString())
                .isEqualTo("20 samples, per_sample k=6: 60 comparisons, connected, 6 each");
        assertThat(summary.at("/resolved/pairing/k").asInt()).isEqualTo(6);
        assertThat(job.judged()).hasSize(60);
        assertThat(stack.provider().batchesOf(job.id()))
                .hasSize(3 + 10)
                .containsExactlyInAnyOrderElementsOf(job.batchIds());
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
