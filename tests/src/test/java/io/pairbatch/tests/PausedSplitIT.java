package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// The splitter has so little time that it pauses after every segment. The emulator answers a range of a version with
/// the whole object, so each call must find its position itself.
@Tag("localstack")
class PausedSplitIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final int ROWS = 10;
    private static final int PER_SEGMENT = 2;
    private static final String SPLITTER = "Pairbatch-splitter";
    /// The split's reserve for its response.
    private static final int NO_TIME = 10;

    private final LambdaClient lambda = TestStack.shared().lambda();
    private final int usual =
            lambda.getFunctionConfiguration(r -> r.functionName(SPLITTER)).timeout();

    @BeforeEach
    void noTime() {
        timeout(NO_TIME);
    }

    @AfterEach
    void usualTime() {
        timeout(usual);
    }

    @Test
    void everyRowIsReadOnce() {
        DroppedJob job = DroppedJob.drop("paused", Tables.csv(ROWS), Tables.job(PER_SEGMENT));
        job.awaitState("RUNNING", PATIENCE);
        usualTime();

        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        assertThat(new Executions().entered(job.text("owner"), "Claim and split"))
                .as("calls to the split")
                .isGreaterThanOrEqualTo(ROWS / PER_SEGMENT);
        assertThat(job.segments()).hasSize(ROWS / PER_SEGMENT);
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROWS);
        assertThat(job.judged())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(i -> "A" + i).toList());
    }

    private void timeout(int seconds) {
        lambda.updateFunctionConfiguration(r -> r.functionName(SPLITTER).timeout(seconds));
    }
}
