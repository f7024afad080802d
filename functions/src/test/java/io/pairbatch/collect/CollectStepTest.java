package io.pairbatch.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.reconcile.AbsenceRule;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.NewJob;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentItem.Copies;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.split.JobFixture;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.SettableClock;
import io.pairbatch.store.FolderStore;
import io.pairbatch.submit.Submitter;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Segments whose provider does not deliver what its counts promise.
class CollectStepTest {

    private static final String JOB = "a-0123abcd";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final MemoryTable table = MemoryTable.registry("t");
    private final JobRegistry jobs = new JobRegistry(table, "t", clock);
    private final SegmentRegistry segments = new SegmentRegistry(table, "t", jobs, clock);
    private final CollectStep collecting = new CollectStep(segments, PriceTable.bundled(), Patience.USUAL, clock);
    private final Provider provider = new Provider();
    private final Account account = new Account(provider, "openai#x");

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
        assertThat(Files.exists(folder.resolve(JobFiles.results(1)))).isFalse();

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
    void aFileThatIsNotNamedYetIsRequestedAgain() throws Exception {
        OpenJob job = ended(completed(2, 0, null));
        assertThat(collect(job)).isFalse();
        provider.files.put("late", line(1) + line(2));
        provider.now = status(BatchState.COMPLETED, 2, 0, "late");
        assertThat(collect(job)).isTrue();
        assertThat(segment().outputFileId()).isEqualTo("late");
        assertThat(failedPairs()).isEmpty();
    }

    @Test
    void countsThatComeLateAreUsed() throws Exception {
        OpenJob job = ended(new Ending(SegmentState.COLLECTED, "expired", 2, 1, 0, null, null, null, null));
        provider.now = status(BatchState.EXPIRED, 2, 0, "late");
        provider.files.put("late", line(1));
        assertThat(collect(job)).isFalse();
        provider.now = status(BatchState.RUNNING, 0, 0, null);
        assertThat(collect(job)).as("counts do not decrease").isFalse();
    }

    @Test
    void onlyTheAnswersOfAnExpiredBatchAreExpected() throws Exception {
        OpenJob job = ended(new Ending(SegmentState.COLLECTED, "expired", 2, 1, 1, "out", null, null, null));
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
            provider.outage = true;
            assertThatThrownBy(() -> collect(job)).isInstanceOf(RetryableException.class);
            provider.outage = false;
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
        table.edit(JOB, "SEGMENT#000001", item -> item.put("give_up", AttributeValue.fromBool(true)));
        assertThat(collect(job)).isTrue();
        assertThat(failedPairs()).containsExactly("batch_lost", "batch_lost");
    }

    @Test
    void theReasonWhyCollectingFailedIsRecordedWithTheSegment() throws Exception {
        OpenJob job = ended(completed(2, 0, "out"));
        provider.outage = true;
        assertThatThrownBy(() -> collect(job)).isInstanceOf(RetryableException.class);
        assertThat(segment().providerSays()).contains("out of reach");
        assertThat(segment().trouble().collectFailingSince()).isNotNull();
        provider.outage = false;
        assertThat(collect(job)).isFalse();
        assertThat(segment().trouble().collectFailingSince())
                .as("a successful read is not a failure")
                .isNull();
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
        return collecting.collect(job, account, 1);
    }

    private SegmentItem segment() {
        return segments.require(JOB, 1);
    }

    private List<String> failedPairs() throws Exception {
        return Files.readAllLines(folder.resolve(JobFiles.part(JobFiles.FAILED_PAIRS, 1))).stream()
                .map(row -> row.replaceFirst(".*(batch_lost|http_error|backend_missing_fields).*", "$1"))
                .toList();
    }

    private static Ending completed(long completed, long failed, @Nullable String output) {
        return new Ending(SegmentState.COLLECTED, "completed", 2, completed, failed, output, null, null, null);
    }

    private BatchStatus status(BatchState state, long completed, long failed, @Nullable String output) {
        return new BatchStatus(
                "1", state, "word", 2, completed, failed, null, output, null, null, null, clock.instant(), Map.of());
    }

    private static String line(int row) {
        return """
                {"custom_id":"0123abcd-%d","response":{"status_code":200,"body":{"object":"chat.completion",\
                "model":"gpt-4.1","choices":[{"message":{"content":"<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>"}}]}}}
                """.formatted(row);
    }

    private OpenJob ended(Ending ending) throws Exception {
        Claim claim = jobs.claims()
                .claim(
                        new NewJob(JOB, "a", "openai", "gpt-4.1", "b", "k", "v", 1, clock.instant()),
                        "arn",
                        arn -> true);
        Fence fence = new Fence(JOB, "arn", ((Claim.Mine) claim).job().epoch());
        segments.register(JOB, new Segment(1, 1, 2, 2, 100, "01"), "openai", "gpt-4.1");
        jobs.recordSplitProgress(fence, 2, 2, 0, 1, true);
        Path pairs = folder.resolve(JobFiles.pairs(1));
        Path columns = folder.resolve(JobFiles.COLUMNS);
        Files.createDirectories(columns.getParent());
        Files.writeString(columns, "[\"ID1\", \"text1\", \"ID2\", \"text2\"]");
        Files.createDirectories(pairs.getParent());
        Files.writeString(pairs, """
                {"row":1,"pair":{"ID1":"A1","text1":"one","ID2":"B1","text2":"two"}}
                {"row":2,"pair":{"ID1":"A2","text1":"three","ID2":"B2","text2":"four"}}
                """);
        OpenJob job = new OpenJob(fence, jobs.require(fence), resolved(), new FolderStore(folder));
        Submitter submitter = new Submitter(
                segments,
                new Reconciler(segments, new AbsenceRule(Duration.ofSeconds(60), true), clock),
                Duration.ofSeconds(60),
                clock,
                new Random(1));
        submitter.submit(job, account, new Deadline(clock.instant().plusSeconds(600), clock));
        segments.batches().recordEnd(JOB, segment(), ending);
        return job;
    }

    private static ResolvedJob resolved() throws Exception {
        return JobFixture.resolved(JOB, "\"provider_retention\": \"delete_after_collect\"");
    }

    private final class Provider implements BatchProvider {

        private final Map<String, String> files = new HashMap<>();
        private boolean outage;
        private @Nullable BatchStatus now;

        @Override
        public boolean takesFiles() {
            return false;
        }

        @Override
        public Duration fileLife() {
            return Duration.ZERO;
        }

        @Override
        public String upload(String fileName, long bytes, Body body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CreateOutcome create(NewBatch batch, Duration timeout) {
            return new CreateOutcome.Created("1");
        }

        @Override
        public BatchStatus retrieve(String batchId) {
            return now == null ? status(BatchState.RUNNING, 0, 0, null) : now;
        }

        @Override
        public void list(Instant since, BatchVisitor visitor) {}

        @Override
        public InputStream download(String fileId) throws RefusedException {
            if (outage) {
                throw new RetryableException("out of reach", null);
            }
            String text = files.get(fileId);
            if (text == null) {
                throw new RefusedException(RefusedException.Kind.NOT_FOUND, 404, null, "no such file");
            }
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
