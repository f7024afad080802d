package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sfn.SfnClient;

/// An execution dies; its job continues automatically, and nothing is paid twice. (Jobs without an event are found by
/// the round that `up` starts: [LostEmulatorIT].)
@Tag("localstack")
class RevivalIT {

    private final TestStack stack = TestStack.shared();

    @Test
    void aJobWhoseExecutionWasAbortedContinuesByItself() {
        DroppedJob job = running("aborted");
        String first = job.text("owner");
        try (SfnClient sfn = stack.sfn()) {
            sfn.stopExecution(r -> r.executionArn(first));
        }
        assertThat(job.await(TestStack.PATIENCE)).isEqualTo("DONE");
        assertThat(job.text("owner")).isNotEqualTo(first);
        assertThat(job.text("epoch")).isEqualTo("2");
        assertThat(stack.provider().batchesOf(job.id())).hasSize(4);
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(200);
    }

    private static DroppedJob running(String prefix) {
        DroppedJob job = DroppedJob.drop(prefix, Tables.csv(200), Tables.job(50));
        DroppedJob.await(
                TestStack.PATIENCE,
                "a submitted batch",
                () -> job.find().isPresent() && !job.batchIds().isEmpty());
        return job;
    }
}
