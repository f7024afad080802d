package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/// Events are delivered twice and in any order; there is only one job anyway, and each of its batches is paid once.
class DuplicateEventsIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;

    private final Provider provider = TestStack.shared().provider();
    private final Executions executions = new Executions();

    @Test
    @Tag("localstack")
    void theSameEventRepeatedIsOneJob() {
        DroppedJob job = DroppedJob.drop("twice", Tables.csv(6), Tables.job(2));
        List<String> both = List.of(executions.start(job.key("pairs.csv")), executions.start(job.key("pairs.csv")));
        job.put("job.json", Tables.job(2));
        job.awaitState("DONE", PATIENCE);
        assertThat(both).allSatisfy(this::succeeds);
        assertOnce(job, 6, 3);

        String before = job.text("updated_at");
        job.put("pairs.csv", Tables.csv(6));
        succeeds(executions.start(job.key("pairs.csv")));
        assertThat(job.text("state")).isEqualTo("DONE");
        assertThat(job.text("updated_at")).isEqualTo(before);
        assertOnce(job, 6, 3);
    }

    @Test
    @Tag("long")
    void aFolderStartsWithItsLastFileInWhateverOrder() {
        DroppedJob table = DroppedJob.named(TestStack.name("order"));
        table.put("pairs.csv", Tables.csv(4));
        DroppedJob template = DroppedJob.named(TestStack.name("order"));
        template.put("job.json", Tables.job(2, "\"prompt_template\": \"mine.txt\""));
        waits(table, "job.json is not there yet");
        waits(template, "mine.txt, which job.json names, is not there yet");
        template.put("pairs.csv", Tables.csv(4));
        succeeds(executions.start(template.key("pairs.csv")));
        waits(template, "mine.txt, which job.json names, is not there yet");

        table.put("job.json", Tables.job(2));
        template.put("mine.txt", "Judge {TRAIT_NAME}: {TRAIT_DESCRIPTION}\n{SAMPLE_1}\n{SAMPLE_2}\n");
        for (DroppedJob job : List.of(table, template)) {
            assertThat(job.await(PATIENCE)).isEqualTo("DONE");
            assertOnce(job, 4, 2);
        }
        assertThat(template.file("batch_01_input.jsonl")).contains("Judge Overall Quality: ");
    }

    @Test
    @Tag("long")
    void aSingleFileHasItsSpecificationInItsMetadata() {
        DroppedJob job = DroppedJob.named(TestStack.name("alone"));
        job.putAlone(
                ".csv",
                Tables.csv(4),
                Map.of(
                        "model",
                        "gpt-4.1",
                        "trait-name",
                        "organization",
                        "batch-size",
                        "2",
                        "interval-seconds",
                        "1",
                        "run",
                        "7"));
        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        assertOnce(job, 4, 2);
        assertThat(job.json("job.json").path("spec").path("trait_name").stringValue())
                .isEqualTo("Organization");
    }

    private static void waits(DroppedJob job, String why) {
        job.awaitState("WAITING_FOR_SPEC", PATIENCE);
        assertThat(job.text("error_message")).isEqualTo(why);
    }

    private void succeeds(String execution) {
        Instant end = Instant.now().plus(PATIENCE);
        while (executions.status(execution) == ExecutionStatus.RUNNING
                && Instant.now().isBefore(end)) {
            DroppedJob.pause(Duration.ofMillis(250));
        }
        assertThat(executions.status(execution)).isEqualTo(ExecutionStatus.SUCCEEDED);
    }

    /// One job (finding it asserts that), each row judged or failed, each batch created once.
    private void assertOnce(DroppedJob job, int rows, int batches) {
        assertThat(job.counts().stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
        assertThat(provider.batchesOf(job.id())).hasSize(batches).containsExactlyInAnyOrderElementsOf(job.batchIds());
    }
}
