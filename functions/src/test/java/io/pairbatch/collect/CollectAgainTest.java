package io.pairbatch.collect;

import static io.pairbatch.testing.JobFixture.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.RetryableException;
import io.pairbatch.poll.PollReport;
import io.pairbatch.poll.PollStep;
import io.pairbatch.provider.BatchState;
import io.pairbatch.reconcile.Backoff;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.Ending;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.results.Tallies;
import io.pairbatch.step.Again;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Patience;
import io.pairbatch.step.Restoration;
import io.pairbatch.testing.FakeBatch;
import io.pairbatch.testing.JobFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A collected segment whose answers are fetched once more.
class CollectAgainTest {

    /// In nano-USD.
    private static final long HELD = 308_000;
    private static final long ANSWER = 140_000;

    private final JobFixture fixture = new JobFixture("\"max_completion_tokens\": 10");
    private final CollectStep collecting =
            new CollectStep(fixture.segments, PriceTable.bundled(), Patience.USUAL, fixture.clock);
    private OpenJob job;

    CollectAgainTest() throws Exception {
        job = fixture.split(JobFixture.segment(1, 1, 2));
    }

    /// The provider counts two answers, and its file held one of them, for good as it seemed.
    @BeforeEach
    void aSegmentWithHalfItsAnswers() throws Exception {
        fixture.files.put(JobFiles.COLUMNS, "[\"ID1\", \"text1\", \"ID2\", \"text2\"]");
        fixture.files.put(JobFiles.pairs(1), """
                {"row":1,"pair":{"ID1":"A1","text1":"one","ID2":"B1","text2":"two"}}
                {"row":2,"pair":{"ID1":"A2","text1":"three","ID2":"B2","text2":"four"}}
                """);
        fixture.submit(job);
        end(new Ending(SegmentState.COLLECTED, "completed", 2, 2, 0, "out", null, null, null));
        provider(line(1), BatchState.COMPLETED, "out");
        collectUntilDone();
        assertThat(observed()).isEqualTo(1);
    }

    @Test
    void whatIsThereNowTakesThePlaceOfWhatWasCollected() throws Exception {
        fixture.files.delete(JobFiles.output(1));
        provider(line(1) + line(2), BatchState.COMPLETED, "out");
        Instant before = segment().receivedAt();
        fixture.clock.advance(Duration.ofHours(1));
        ask();
        assertThat(collect()).isTrue();

        assertThat(observed()).isEqualTo(2);
        assertThat(fixture.files.text(JobFiles.results(1))).contains("A1", "A2");
        assertThat(fixture.files.text(JobFiles.output(1))).isEqualTo(line(1) + line(2));
        assertThat(fixture.files.texts().keySet()).noneMatch(name -> name.startsWith("again/"));
        assertThat(segment().settled()).isTrue();
        assertThat(segment().state()).isEqualTo(SegmentState.COLLECTED);
        assertThat(segment().receivedAt()).isAfter(before);
        assertThat(fixture.provider.calls("create")).hasSize(1);
        assertThat(Again.anyOpen(fixture.files, null)).isFalse();
    }

    @Test
    void whatTheAnswersCostCountsOnceHoweverOftenTheyAreFetched() throws Exception {
        assertThat(costs().spent())
                .as("what was reserved, since an answer is missing")
                .isEqualTo(HELD);
        provider(line(1) + line(2), BatchState.COMPLETED, "out");
        for (int i = 0; i < 2; i++) {
            fixture.clock.advance(Duration.ofHours(1));
            ask();
            assertThat(collect()).isTrue();
            assertThat(Objects.requireNonNull(segment().cost()).nano()).isEqualTo(2 * ANSWER);
            assertThat(costs().spent()).isEqualTo(2 * ANSWER);
            assertThat(costs().reserved()).isZero();
            assertThat(fixture.files.text("registry/segment_000001_collected.json"))
                    .contains("\"cost_nano_usd\":" + 2 * ANSWER);
        }
    }

    @Test
    void aFileThatIsNotCompleteChangesNothingAndIsSaidAfterAnHour() throws Exception {
        Map<String, String> before = files();
        ask();
        provider(line(2), BatchState.COMPLETED, "out");
        int looks = 0;
        while (!collect()) {
            assertThat(files()).isEqualTo(before);
            assertThat(segment().settled()).isFalse();
            assertThat(segment().providerSays()).contains("its files hold 1 answers; the provider counts 2");
            fixture.clock.advance(Duration.ofMinutes(15));
            looks++;
        }
        assertThat(looks).isEqualTo(4);
        assertThat(files()).isEqualTo(before);
        assertThat(segment().settled()).isTrue();
        assertThat(observed()).isEqualTo(1);
        assertThat(notice())
                .contains("collect-again of segment 1: not done, because", "what was collected before stays as it is");
    }

    @Test
    void filesThatTheProviderNoLongerHasLoseNothing() throws Exception {
        Map<String, String> before = files();
        Instant received = segment().receivedAt();
        ask();
        fixture.provider.files.remove("out");
        while (!collect()) {
            fixture.clock.advance(Duration.ofMinutes(15));
        }
        assertThat(files()).isEqualTo(before);
        assertThat(segment().receivedAt()).isEqualTo(received);
        assertThat(notice()).contains("the provider no longer has them");
        assertThat(Again.anyOpen(fixture.files, null)).isFalse();
    }

    @Test
    void fewerAnswersThanHaveAWinnerAreNoBetterEvenWithoutCounts() throws Exception {
        fixture.table.edit(JOB, "SEGMENT#000001", item -> {
            item.put("state", AttributeValue.fromS("FAILED"));
            item.put("error_code", AttributeValue.fromS("batch_lost"));
        });
        Map<String, String> before = files();
        ask();
        provider("", BatchState.FAILED, "out");
        while (!collect()) {
            fixture.clock.advance(Duration.ofMinutes(15));
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aBatchThatCountedAsLostIsWhatTheProviderSaysNow() throws Exception {
        fixture.table.edit(JOB, "SEGMENT#000001", item -> {
            item.put("state", AttributeValue.fromS("FAILED"));
            item.put("error_code", AttributeValue.fromS("batch_lost"));
            item.put("provider_status", AttributeValue.fromS("batch_lost"));
            item.remove("output_file_id");
        });
        ask();
        provider(line(1) + line(2), BatchState.COMPLETED, "late");
        assertThat(collect()).isTrue();
        assertThat(segment().state()).isEqualTo(SegmentState.COLLECTED);
        assertThat(segment().errorCode()).isNull();
        assertThat(segment().providerStatus()).isEqualTo("completed");
        assertThat(observed()).isEqualTo(2);
    }

    @Test
    void onceTheNewFilesAreThereTheyTakeTheirPlaceWhateverIsInterrupted() throws Exception {
        provider(line(1) + line(2), BatchState.COMPLETED, "out");
        ask();
        String pairs = fixture.files.text(JobFiles.pairs(1));
        fixture.files.put(JobFiles.COLUMNS, "broken");
        assertThatThrownBy(this::collect).isInstanceOf(Exception.class);
        fixture.files.put(JobFiles.COLUMNS, "[\"ID1\", \"text1\", \"ID2\", \"text2\"]");
        assertThat(collect()).isTrue();
        Instant received = segment().receivedAt();

        // As if all that came after the download had been lost, and the provider had deleted everything since.
        Again wish = Again.read(fixture.files, 1).orElseThrow();
        new Again(1, wish.askedAt(), wish.fetchedAt(), wish.ending(), false).write(fixture.files);
        fixture.files.put(JobFiles.again(JobFiles.output(1)), line(1) + line(2));
        fixture.files.put(JobFiles.output(1), line(1));
        fixture.files.put(JobFiles.results(1), "half a file");
        fixture.provider.files.clear();
        fixture.provider.batches.clear();
        fixture.clock.advance(Duration.ofDays(60));
        new Restoration(fixture.segments).restore(fixture.open());
        assertThat(segment().settled()).isFalse();
        assertThat(collect()).isTrue();

        assertThat(fixture.files.text(JobFiles.results(1))).contains("A1", "A2");
        assertThat(segment().receivedAt()).isEqualTo(received);
        assertThat(fixture.files.text(JobFiles.pairs(1))).isEqualTo(pairs);
    }

    @Test
    void anOlderRegistryLearnsWhatCameOfIt() throws Exception {
        provider(line(1) + line(2), BatchState.COMPLETED, "out");
        Map<String, AttributeValue> older = Map.copyOf(fixture.table.item(JOB, "SEGMENT#000001"));
        ask();
        fixture.clock.advance(Duration.ofMinutes(1));
        assertThat(collect()).isTrue();
        SegmentItem after = segment();
        fixture.table.edit(JOB, "SEGMENT#000001", item -> {
            item.clear();
            item.putAll(older);
        });
        new Restoration(fixture.segments).restore(fixture.open());
        assertThat(segment().receivedAt()).isEqualTo(after.receivedAt());
        assertThat(segment().failed()).isZero();
        assertThat(segment().settled()).isTrue();
    }

    @Test
    void aCallThatDiedBeforeTheRegistryKnewIsFinished() throws Exception {
        provider(line(1) + line(2), BatchState.COMPLETED, "out");
        ask();
        Map<String, AttributeValue> before = Map.copyOf(fixture.table.item(JOB, "SEGMENT#000001"));
        assertThat(collect()).isTrue();
        Instant received = segment().receivedAt();
        fixture.table.edit(JOB, "SEGMENT#000001", item -> {
            item.clear();
            item.putAll(before);
        });
        fixture.provider.files.clear();
        fixture.clock.advance(Duration.ofMinutes(1));
        assertThat(collect()).isTrue();
        assertThat(segment().settled()).isTrue();
        assertThat(segment().receivedAt()).isEqualTo(received);
        assertThat(segment().failed()).isZero();
    }

    @Test
    void aJobThatWasNotMergedSinceIsNotDone() throws Exception {
        provider(line(1) + line(2), BatchState.COMPLETED, "out");
        Instant merged = fixture.clock.instant();
        fixture.clock.advance(Duration.ofMinutes(1));
        ask();
        assertThat(Again.anyOpen(fixture.files, merged)).isTrue();
        assertThat(collect()).isTrue();
        assertThat(Again.anyOpen(fixture.files, merged)).isTrue();
        assertThat(Again.anyOpen(fixture.files, fixture.clock.instant())).isFalse();
    }

    @Test
    void aLostWishIsInTheCopy() throws Exception {
        Again.asked(1, fixture.clock.instant()).write(fixture.files);
        new Restoration(fixture.segments).restore(fixture.open());
        assertThat(segment().collectAgain()).isEqualTo(fixture.clock.instant());
        assertThat(segment().state()).isEqualTo(SegmentState.COLLECTED);
    }

    @Test
    void anOutageIsTriedAgain() throws Exception {
        ask();
        fixture.provider.failing.put("retrieve", new RetryableException("out of reach", null));
        assertThatThrownBy(this::collect).isInstanceOf(RetryableException.class);
        assertThat(segment().providerSays()).contains("out of reach");
        assertThat(segment().settled()).isFalse();
    }

    @Test
    void whoeverWantsItNoLongerKeepsWhatThereIs() throws Exception {
        Map<String, String> before = files();
        ask();
        assertThat(fixture.segments.troubles().giveUp(JOB, segment())).isTrue();
        assertThat(collect()).isTrue();
        assertThat(files()).isEqualTo(before);
        assertThat(segment().trouble().giveUp()).isFalse();
        assertThat(notice()).contains("a person has said that nothing more will come");
    }

    @Test
    void thePollHandsItOutAndNothingElseComesBeforeIt() throws Exception {
        PollStep poll = new PollStep(
                fixture.segments,
                PriceTable::bundled,
                Patience.USUAL,
                fixture.clock,
                d -> {},
                new Backoff(new Random(1)));
        assertThat(poll(poll).toCollect()).isEmpty();
        ask();
        PollReport report = poll(poll);
        assertThat(report.toCollect()).containsExactly(1);
        assertThat(poll(poll).next()).isEqualTo(PollReport.Next.WAIT);
    }

    private PollReport poll(PollStep poll) throws Exception {
        return poll.poll(fixture.open(), fixture.account, 0, fixture.within(Duration.ofMinutes(5)));
    }

    private Costs costs() {
        return fixture.jobs.find(JOB).orElseThrow().costs();
    }

    private void ask() {
        Instant now = fixture.clock.instant();
        Again.asked(1, now).write(fixture.files);
        assertThat(fixture.segments.batches().askAgain(JOB, segment(), now)).isTrue();
    }

    private void end(Ending ending) {
        fixture.segments.batches().recordEnd(JOB, segment(), ending);
    }

    private boolean collect() throws Exception {
        fixture.segments.troubles().handedOut(JOB, segment(), fixture.clock.instant());
        return collecting.collect(job, fixture.account, 1);
    }

    private void collectUntilDone() throws Exception {
        while (!collect()) {
            fixture.clock.advance(Duration.ofMinutes(15));
        }
    }

    /// What the provider says of the batch, and has, from now on.
    private void provider(String content, BatchState state, @Nullable String output) {
        FakeBatch batch = fixture.provider.batch("batch_1");
        batch.state = state;
        batch.completed = 2;
        batch.total = 2;
        batch.output = output;
        if (output != null) {
            fixture.provider.files.put(output, content);
        }
    }

    private SegmentItem segment() {
        return fixture.segment(1);
    }

    private long observed() throws Exception {
        return Tallies.read(fixture.files, 1).observed();
    }

    private String notice() {
        return String.valueOf(fixture.table.item(JOB, "JOB").get("notice"));
    }

    /// All but the registry's copy and what is not the segment's yet.
    private Map<String, String> files() {
        Map<String, String> files = new TreeMap<>(fixture.files.texts());
        files.keySet().removeIf(name -> name.startsWith("registry/") || name.startsWith("again/"));
        return files;
    }

    private static String line(int row) {
        return """
                {"custom_id":"0123abcd-%d","response":{"status_code":200,"body":{"object":"chat.completion",\
                "model":"gpt-4.1","choices":[{"message":{"content":"<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>"}}],\
                "usage":{"prompt_tokens":100,"completion_tokens":10}}}}
                """.formatted(row);
    }
}
