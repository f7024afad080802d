package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Version;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.SettableClock;
import io.pairbatch.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// A split in several calls, each of which may be made by another version.
class SplitStepTest {

    private static final String OWNER = "arn:one";
    private static final int ROWS = 10;
    private static final int PER_SEGMENT = 3;

    private final JobFixture fixture = new JobFixture();
    private final SettableClock clock = fixture.clock;
    private final MemoryTable table = fixture.table;
    private final MemoryBuckets buckets = new MemoryBuckets(clock, "b");
    private final JobRegistry registry = fixture.jobs;
    private final SegmentRegistry segments = fixture.segments;
    private final SplitStep step = fixture.splitting(buckets, arn -> true);

    @Test
    void aSplitThatPausesAfterEverySegmentReadsEachRowOnceEvenIfRangesAreIgnored() throws Exception {
        buckets.ignoreRange(request -> request.versionId() != null);
        drop();
        SplitStep.Result.Split split = (SplitStep.Result.Split) toTheEnd(begin());

        JobItem job = registry.find(split.job().id()).orElseThrow();
        assertThat(job.rowsAccepted()).isEqualTo(ROWS);
        assertThat(job.rowsRejected()).isZero();
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(all(job)).extracting(SegmentItem::rows).containsExactly(3, 3, 3, 1);
        assertThat(all(job)).extracting(SegmentItem::firstRow).containsExactly(1L, 4L, 7L, 10L);
    }

    @Test
    void aHalfSplitJobOfAnotherVersionIsSplitAgainFromTheStart() throws Exception {
        drop();
        SplitStep.Result.Paused first = (SplitStep.Result.Paused) begin();
        SplitStep.Result.Paused second = (SplitStep.Result.Paused) goOn(first);
        String id = first.job().id();
        // The other version has written smaller segments, and more of them.
        for (int i = 1; i <= 6; i++) {
            edit(id, i, Map.of("rows", AttributeValue.fromN("1"), "input_sha256", AttributeValue.fromS("other" + i)));
        }
        table.edit(id, "JOB", item -> item.put("split_version", AttributeValue.fromS("0.0.1")));
        put("jobs/" + id + "/parts/batch_02_rejected_rows.csv", "5,ragged_row,of the other version\n");

        toTheEnd(goOn(first.job().fence(), second.mark().deepCopy().put("version", "0.0.1")));

        JobItem job = registry.find(id).orElseThrow();
        assertThat(job.splitVersion()).isEqualTo(Version.CURRENT);
        assertThat(all(job)).extracting(SegmentItem::rows).containsExactly(3, 3, 3, 1);
        assertThat(buckets.bytes("b", "jobs/" + id + "/parts/batch_02_rejected_rows.csv")
                        .orElseThrow())
                .isEmpty();
    }

    /// A split that was under way when the stack was upgraded.
    @Test
    void aMarkThatIsATextIsReadAsOlderVersionsWroteIt() throws Exception {
        drop();
        SplitStep.Result.Paused first = (SplitStep.Result.Paused) begin();

        SplitStep.Result.Paused second = (SplitStep.Result.Paused)
                goOn(first.job().fence(), StringNode.valueOf(first.mark().toString()));

        assertThat(first.mark().at("/cursor/segments").intValue()).isEqualTo(1);
        assertThat(second.mark().at("/cursor/segments").intValue()).isEqualTo(2);
    }

    /// A table that was set back does not know that the job was cancelled, or that it has gone on since.
    @Test
    void theBucketKnowsWhetherAJobIsCancelled() throws Exception {
        drop();
        SplitStep.Result.Split split = (SplitStep.Result.Split) toTheEnd(begin());
        String id = split.job().id();
        table.edit(id, "JOB", item -> item.put("cancelled_at", AttributeValue.fromS("2026-01-01T00:00:00Z")));
        goOn(split.job().fence(), null);
        assertThat(registry.find(id).orElseThrow().cancelled()).isFalse();

        put("jobs/" + id + "/" + JobFiles.CANCELLED, "{}");
        goOn(split.job().fence(), null);
        assertThat(registry.find(id).orElseThrow().cancelled()).isTrue();
    }

    @Test
    void aLateCallThatDoesNotGetTheJobLeavesItsCancelAlone() throws Exception {
        drop();
        SplitStep.Result.Split split = (SplitStep.Result.Split) toTheEnd(begin());
        String id = split.job().id();
        put("jobs/" + id + "/" + JobFiles.CANCELLED, "{}");
        step.retry(id, 2, "arn:late", "cancelled", fixture.within(Duration.ofMinutes(1)));
        assertThat(buckets.bytes("b", "jobs/" + id + "/" + JobFiles.CANCELLED)).isPresent();

        table.edit(id, "JOB", item -> item.put("state", AttributeValue.fromS("DONE")));
        step.retry(id, 2, "arn:next", "cancelled", fixture.within(Duration.ofMinutes(1)));
        assertThat(buckets.bytes("b", "jobs/" + id + "/" + JobFiles.CANCELLED)).isEmpty();
    }

    @Test
    void whatWasNotedOfACancelGoesWithItAndWhatWasNotedSinceStays() throws Exception {
        drop();
        SplitStep.Result.Split split = (SplitStep.Result.Split) toTheEnd(begin());
        String id = split.job().id();
        registry.claims().noteCancelled(id);
        assertThat(table.item(id, "JOB")).containsKey("notice");
        step.retry(id, 2, "arn:late", "cancelled", fixture.within(Duration.ofMinutes(1)));
        assertThat(table.item(id, "JOB")).as("it did not get the job").containsKey("notice");

        table.edit(id, "JOB", item -> item.put("state", AttributeValue.fromS("DONE")));
        step.retry(id, 2, "arn:next", "cancelled", fixture.within(Duration.ofMinutes(1)));
        assertThat(table.item(id, "JOB")).doesNotContainKey("notice");

        registry.claims().notice(id, "a later drop", false);
        table.edit(id, "JOB", item -> item.put("state", AttributeValue.fromS("DONE")));
        step.retry(id, 3, "arn:third", "cancelled", fixture.within(Duration.ofMinutes(1)));
        assertThat(table.item(id, "JOB")).containsKey("notice");
    }

    @Test
    void aSegmentThatWasSentIsNotReplaced() throws Exception {
        drop();
        SplitStep.Result.Paused first = (SplitStep.Result.Paused) begin();
        String id = first.job().id();
        edit(id, 1, Map.of("input_sha256", AttributeValue.fromS("other"), "submissions", AttributeValue.fromN("1")));

        assertThatThrownBy(() -> goOn(first.job().fence(), null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "segment 1 of " + id + " was split differently before, and the earlier version was sent");
    }

    @Test
    void nothingIsSubmittedIfTheSegmentsDoNotMatchTheTable() throws Exception {
        drop();
        SplitStep.Result.Paused paused = (SplitStep.Result.Paused) begin();
        for (int i = 0; i < 2; i++) {
            paused = (SplitStep.Result.Paused) goOn(paused);
        }
        edit(paused.job().id(), 2, Map.of("first_row", AttributeValue.fromN("3")));

        SplitStep.Result.Stopped stopped = (SplitStep.Result.Stopped) toTheEnd(goOn(paused));

        assertThat(stopped.why().message())
                .contains("INTERNAL", "segment 2 has 3 of the rows 3 to 6, after row 3 of 10");
        assertThat(registry.find(paused.job().id()).orElseThrow().splitDone()).isFalse();
    }

    @Test
    void aCallThatWasGivenUpDoesNotChangeAJobThatIsFurther() throws Exception {
        drop();
        SplitStep.Result.Paused late = (SplitStep.Result.Paused) begin();
        SplitStep.Result.Split split = (SplitStep.Result.Split) toTheEnd(goOn(late));
        registry.move(split.job().fence(), JobState.MERGING);
        JobItem before = registry.find(split.job().id()).orElseThrow();

        registry.recordSplitProgress(split.job().fence(), 3, 3, 0, 1, false);
        registry.recordSplitProgress(split.job().fence(), 3, 3, 0, 1, true);

        assertThat(registry.find(before.jobId())).contains(before);
        assertThat(registry.startSplitting(split.job().fence(), Version.CURRENT, 1))
                .isFalse();
        registry.claims().take(before.jobId(), "arn:two", 2);
        assertThatThrownBy(() -> registry.recordSplitProgress(split.job().fence(), 3, 3, 0, 1, false))
                .isInstanceOf(FencedException.class);
    }

    private List<SegmentItem> all(JobItem job) {
        return segments.all(job.jobId());
    }

    private SplitStep.Result begin() throws Exception {
        return step.begin("b", "inbox/essays/job.json", OWNER, atOnce());
    }

    private SplitStep.Result goOn(SplitStep.Result.Paused paused) throws Exception {
        return goOn(paused.job().fence(), paused.mark());
    }

    private SplitStep.Result goOn(Fence fence, @Nullable JsonNode mark) throws Exception {
        return step.goOn(fence, mark, atOnce());
    }

    private SplitStep.Result toTheEnd(SplitStep.Result begun) throws Exception {
        SplitStep.Result result = begun;
        while (result instanceof SplitStep.Result.Paused paused) {
            result = goOn(paused);
        }
        return result;
    }

    /// A deadline at which every call writes one segment.
    private Deadline atOnce() {
        return new Deadline(clock.instant().plus(Duration.ofSeconds(10)), clock);
    }

    private void edit(String id, int segment, Map<String, AttributeValue> values) {
        String key = String.format(java.util.Locale.ROOT, "SEGMENT#%06d", segment);
        if (table.item(id, key).isEmpty()) {
            segments.register(
                    id, new io.pairbatch.job.Segment(segment, segment, segment, 1, 1, "new"), "openai", "gpt-4.1");
        }
        table.edit(id, key, item -> item.putAll(values));
    }

    private void drop() {
        List<String> lines = new ArrayList<>(List.of("ID1,text1,ID2,text2"));
        for (int i = 1; i <= ROWS; i++) {
            lines.add("A" + i + ",a,B" + i + ",b");
        }
        put("inbox/essays/pairs.csv", String.join("\n", lines) + "\n");
        put("inbox/essays/job.json", """
                {"model": "gpt-4.1", "trait_name": "T", "trait_description": "D", "batch_size": %d}
                """.formatted(PER_SEGMENT));
    }

    private void put(String key, String text) {
        buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text));
    }
}
