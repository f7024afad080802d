package io.pairbatch.collect;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.BatchState;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.Draft;
import io.pairbatch.testing.FakeBatch;
import io.pairbatch.testing.FakeProvider;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Segments whose provider does not deliver what its counts promise.
class CollectStepTest {

    private static final String BOTH = "SAMPLE_1</BETTER_SAMPLE> No: <BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>";

    private final JobFixture fixture = new JobFixture("\"provider_retention\": \"delete_after_collect\"");
    private final SettableClock clock = fixture.clock;
    private final SegmentRegistry segments = fixture.segments;
    private final FakeProvider provider = fixture.provider;
    private final CollectStep collecting = new CollectStep(segments, PriceTable.bundled(), Patience.USUAL, clock);

    @Test
    void filesThatMatchTheCountsAreCollectedAtOnce() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1) + line(2));
        assertThat(collect(job)).isTrue();
        assertThat(segment().state()).isEqualTo(SegmentState.COLLECTED);
        assertThat(segment().copies()).isEqualTo(Copies.DUE);
        assertThat(failedPairs()).isEmpty();
    }

    @Test
    void filesThatHoldLessThanTheCountsAreReadAgain() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1));
        for (int i = 0; i < 23 * 4; i++) {
            assertThat(collect(job)).isFalse();
            clock.advance(Duration.ofMinutes(15));
        }
        assertThat(segment().state()).isEqualTo(SegmentState.ENDED);
        assertThat(segment().providerSays()).contains("counts 2 requests as done");
        assertThat(fixture.files.texts()).doesNotContainKey(JobFiles.results(1));

        provider.files.put("out", line(1) + line(2));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).isEmpty();
        assertThat(segment().receivedAt()).isEqualTo(clock.instant());
    }

    @Test
    void answersThatAreCountedAndNeverArriveAreLost() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1));
        for (int i = 0; i < 24 * 4; i++) {
            assertThat(collect(job)).isFalse();
            clock.advance(Duration.ofMinutes(15));
        }
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).containsExactly("batch_lost");
        assertThat(segment().copies()).as("it may appear there").isEqualTo(Copies.KEPT);
    }

    @Test
    void failuresThatAreCountedWithoutALineAreNotLost() throws Exception {
        OpenJob job = ended(completed(1, 1, "out"));
        provider.files.put("out", line(1));
        assertThat(collectedAtLast(job)).isGreaterThan(Duration.ofHours(23));
        assertThat(failedPairs()).containsExactly("backend_missing_fields");
    }

    @Test
    void aBatchWithoutCountsMustHaveALineForEachPair() throws Exception {
        OpenJob job = ended(completed(0, 0, "out"));
        provider.files.put("out", line(2));
        assertThat(collect(job)).isFalse();
        provider.files.put("out", line(2) + line(1));
        assertThat(collect(job)).isTrue();
    }

    @Test
    void aDuplicateLineDoesNotReplaceAnother() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1) + line(1));
        assertThat(collect(job)).isFalse();
        provider.files.put("out", line(1) + line(1) + line(2));
        assertThat(collect(job)).isTrue();
    }

    @Test
    void aTruncatedLineMayBeCompleteTheNextTime() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1) + line(2).substring(0, 60));
        assertThat(collect(job)).isFalse();
        provider.files.put("out", line(1) + line(2));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).isEmpty();
    }

    @Test
    void anUnreadableLineIsOneOfThoseThatTheProviderCounts() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1) + line(7));
        assertThat(collect(job)).as("a line without a pair does not count").isFalse();
        provider.files.put("out", line(1) + "{\"half\n");
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).containsExactly("backend_missing_fields");
    }

    @Test
    void anAnswerOfAnotherSegmentIsNamed() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        segments.register(JOB, JobFixture.segment(2, 3, 9), "openai", "gpt-4.1");
        provider.files.put("out", line(1) + line(2) + line(7) + line(10));
        assertThat(collect(job)).isTrue();
        assertThat(fixture.files.text(JobFiles.part(JobFiles.UNMATCHED_LINES, 1)))
                .contains("1,batch_01_output.jsonl,3,custom_id is of segment 2,0123abcd-7,")
                .contains("1,batch_01_output.jsonl,4,custom_id is of no pair of this segment,0123abcd-10,");
    }

    @Test
    void aFileThatIsNotNamedYetIsRequestedAgain() throws Exception {
        OpenJob job = ended(completed(2, 0, null));
        assertThat(collect(job)).isFalse();
        provider.files.put("late", line(1) + line(2));
        now(BatchState.COMPLETED, 2, 0, "late");
        assertThat(collect(job)).isTrue();
        assertThat(segment().outputFileId()).isEqualTo("late");
        assertThat(failedPairs()).isEmpty();
    }

    @Test
    void countsThatComeLateAreUsed() throws Exception {
        OpenJob job = ended(new Ending(SegmentState.COLLECTED, "expired", 2, 1, 0, null, null, null, null));
        now(BatchState.EXPIRED, 2, 0, "late");
        provider.files.put("late", line(1));
        assertThat(collect(job)).isFalse();
        now(BatchState.RUNNING, 0, 0, null);
        assertThat(collect(job)).as("counts do not decrease").isFalse();
    }

    /// In the words of OpenAI, Gemini and Mistral.
    @ParameterizedTest
    @ValueSource(strings = {"expired", "EXPIRED", "TIMEOUT_EXCEEDED"})
    void onlyTheAnswersOfAnExpiredBatchAreExpected(String status) throws Exception {
        OpenJob job = ended(new Ending(SegmentState.COLLECTED, status, 2, 1, 1, "out", null, null, null));
        provider.files.put("out", "");
        assertThat(collect(job)).isFalse();
        provider.files.put("out", line(2));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).containsExactly("http_error");
    }

    @Test
    void aDeniedFileIsWaitedForFromTheFirstDenialOn() throws Exception {
        OpenJob job = ended(new Ending(SegmentState.COLLECTED, "completed", 2, 2, 0, "out", "err", null, null));
        provider.files.put("out", line(1) + line(2));
        clock.advance(Duration.ofDays(2));
        assertThat(collect(job)).as("the machine slept for two days").isFalse();
        assertThat(segment().providerSays()).contains("HTTP 404");
        clock.advance(Duration.ofHours(3));
        assertThat(collect(job)).as("twice is not enough").isFalse();
        for (int i = 0; i < 2; i++) {
            clock.advance(Duration.ofMinutes(5));
            provider.failing.put("download", new RetryableException("out of reach", null));
            assertThatThrownBy(() -> collect(job)).isInstanceOf(RetryableException.class);
            provider.failing.clear();
            clock.advance(Duration.ofMinutes(10));
            collect(job);
        }
        assertThat(segment().state()).as("its errors belong to nobody").isEqualTo(SegmentState.COLLECTED);
        assertThat(segment().copies()).isEqualTo(Copies.KEPT);
    }

    @Test
    void aFileThatComesEndsItsDenial() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        for (int i = 0; i < 5; i++) {
            assertThat(collect(job)).isFalse();
            clock.advance(Duration.ofMinutes(20));
        }
        provider.files.put("out", line(1));
        assertThat(collect(job)).isFalse();
        assertThat(segment().trouble().filesMissing().since()).isNull();
        provider.files.put("out", line(1) + line(2));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).isEmpty();
    }

    @Test
    void aLostBatchLosesItsPairs() throws Exception {
        OpenJob job = ended(new Ending(SegmentState.FAILED, "batch_lost", 2, 0, 0, null, null, "batch_lost", "denied"));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).containsExactly("batch_lost", "batch_lost");
        assertThat(segment().state()).isEqualTo(SegmentState.FAILED);
        assertThat(segment().copies()).isEqualTo(Copies.KEPT);
    }

    @Test
    void aPersonMayDecideThatNothingMoreWillCome() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        assertThat(collect(job)).isFalse();
        fixture.table.edit(JOB, "SEGMENT#000001", item -> item.put("give_up", AttributeValue.fromBool(true)));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).containsExactly("batch_lost", "batch_lost");
    }

    @Test
    void theReasonWhyCollectingFailedIsRecordedWithTheSegment() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.failing.put("download", new RetryableException("out of reach", null));
        assertThatThrownBy(() -> collect(job)).isInstanceOf(RetryableException.class);
        assertThat(segment().providerSays()).contains("out of reach");
        assertThat(segment().trouble().collectFailingSince()).isNotNull();
        provider.failing.clear();
        assertThat(collect(job)).isFalse();
        assertThat(segment().trouble().collectFailingSince())
                .as("a successful read is not a failure")
                .isNull();
    }

    @Test
    void answersAreReadAgainByOtherRulesWithoutTheProvider() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1).replace("SAMPLE_1</BETTER_SAMPLE>", BOTH) + line(2));
        assertThat(collect(job)).isTrue();
        assertThat(fixture.files.text(JobFiles.results(1))).contains(",B1,", ",A2,");
        Copies copies = segment().copies();
        Instant received = segment().receivedAt();
        clock.advance(Duration.ofHours(1));
        provider.failing.put("download", new RetryableException("not to be asked", null));

        assertThat(collecting.collect(job, fixture.account, 1)).isTrue();
        assertThat(fixture.files.text(JobFiles.results(1))).contains(",B1,");
        OpenJob exact = readBy("\"tag_mode\": \"exact\"", job);
        assertThat(collecting.collect(exact, fixture.account, 1)).isTrue();

        assertThat(fixture.files.text(JobFiles.results(1))).contains(",A1,", ",A2,");
        assertThat(segment().state()).isEqualTo(SegmentState.COLLECTED);
        assertThat(segment().receivedAt()).isEqualTo(received);
        assertThat(segment().copies()).isEqualTo(copies);
        assertThat(TagRules.of(exact).outdated(segment())).isFalse();
        assertThat(TagRules.of(job).outdated(segment())).isTrue();

        OpenJob failing = readBy("\"ambiguous\": \"fail\"", job);
        assertThat(collecting.collect(failing, fixture.account, 1)).isTrue();
        assertThat(fixture.table.item(JOB, "SEGMENT#000001"))
                .containsEntry("observed", AttributeValue.fromN("1"))
                .containsEntry("failed", AttributeValue.fromN("1"));
    }

    @Test
    void answersThatAnOlderVersionReadAreReadAgainOnlyIfTheRulesChanged() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1) + line(2));
        assertThat(collect(job)).isTrue();
        fixture.table.edit(JOB, "SEGMENT#000001", item -> item.remove("tag_rules"));
        try (Draft draft = job.store().create(JobFiles.JOB)) {
            job.resolved().write(draft);
            draft.commit();
        }
        assertThat(TagRules.of(job).outdated(segment())).isFalse();
        assertThat(TagRules.of(readBy("\"tag_mode\": \"exact\"", job)).outdated(segment()))
                .isTrue();
    }

    @Test
    void whatIsKnownOfABatchSurvivesALostRegistryAndANewReading() throws Exception {
        OpenJob job = ended(new Ending(SegmentState.FAILED, "batch_lost", 2, 0, 0, null, null, "batch_lost", "denied"));
        assertThat(collect(job)).isTrue();
        SegmentItem before = segment();
        fixture.table.edit(JOB, "SEGMENT#000001", item -> {
            List.of(
                            "error_code",
                            "error_message",
                            "requests_total",
                            "requests_completed",
                            "requests_failed",
                            "provider_status",
                            "received_at",
                            "tag_rules",
                            "outcome",
                            "submissions")
                    .forEach(item::remove);
            item.put("state", AttributeValue.fromS("PENDING"));
        });
        new Restoration(segments).restore(fixture.open());
        assertThat(segment().errorCode()).isEqualTo(before.errorCode());
        assertThat(segment().errorMessage()).isEqualTo("denied");
        assertThat(segment().requestsTotal()).isEqualTo(2);

        assertThat(collecting.collect(readBy("\"tag_mode\": \"exact\"", job), fixture.account, 1))
                .isTrue();
        assertThat(failedPairs()).containsExactly("batch_lost", "batch_lost");
    }

    @Test
    void answersThatAreGoneAreNotTakenForLost() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.files.put("out", line(1) + line(2));
        assertThat(collect(job)).isTrue();
        String results = fixture.files.text(JobFiles.results(1));
        job.store().delete(JobFiles.output(1));
        OpenJob exact = readBy("\"tag_mode\": \"exact\"", job);
        assertThatThrownBy(() -> collecting.collect(exact, fixture.account, 1))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining(JobFiles.output(1));
        assertThat(fixture.files.text(JobFiles.results(1))).isEqualTo(results);
    }

    private static OpenJob readBy(String rules, OpenJob job) throws Exception {
        return new OpenJob(job.fence(), job.item(), JobFixture.resolved(rules), job.store());
    }

    /// Collects every 15 minutes until it succeeds.
    private Duration collectedAtLast(OpenJob job) throws Exception {
        Instant begun = clock.instant();
        while (!collect(job)) {
            clock.advance(Duration.ofMinutes(15));
        }
        return Duration.between(begun, clock.instant());
    }

    private boolean collect(OpenJob job) throws Exception {
        segments.troubles().handedOut(JOB, segment(), clock.instant());
        return collecting.collect(job, fixture.account, 1);
    }

    private SegmentItem segment() {
        return fixture.segment(1);
    }

    private List<String> failedPairs() {
        return fixture.files
                .text(JobFiles.part(JobFiles.FAILED_PAIRS, 1))
                .lines()
                .map(row -> row.replaceFirst(".*(batch_lost|http_error|backend_missing_fields).*", "$1"))
                .toList();
    }

    private static Ending completed(long completed, long failed, @Nullable String output) {
        return new Ending(SegmentState.COLLECTED, "completed", 2, completed, failed, output, null, null, null);
    }

    /// What the provider says of the batch from now on.
    private void now(BatchState state, long completed, long failed, @Nullable String output) {
        FakeBatch batch = provider.batch("batch_1");
        batch.state = state;
        batch.completed = completed;
        batch.failed = failed;
        batch.output = output;
    }

    private static String line(int row) {
        return """
                {"custom_id":"0123abcd-%d","response":{"status_code":200,"body":{"object":"chat.completion",\
                "model":"gpt-4.1","choices":[{"message":{"content":"<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>"}}]}}}
                """.formatted(row);
    }

    private OpenJob ended(Ending ending) throws Exception {
        OpenJob job = fixture.split(JobFixture.segment(1, 1, 2));
        fixture.files.put(JobFiles.COLUMNS, "[\"ID1\", \"text1\", \"ID2\", \"text2\"]");
        fixture.files.put(JobFiles.pairs(1), """
                {"row":1,"pair":{"ID1":"A1","text1":"one","ID2":"B1","text2":"two"}}
                {"row":2,"pair":{"ID1":"A2","text1":"three","ID2":"B2","text2":"four"}}
                """);
        fixture.submit(job);
        segments.batches().recordEnd(JOB, segment(), ending);
        return job;
    }
}
