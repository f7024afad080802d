package io.pairbatch.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.collect.SegmentCollector;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.RetryList;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.SlowBuckets;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import io.pairbatch.store.S3JobStore;
import io.pairbatch.testing.UsualSettings;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/// Jobs of many segments, each of three pairs: the first two have a winner, the third has no answer.
class ManySegmentsTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-22T17:25:43Z");
    private static final ResultSettings SETTINGS = UsualSettings.RESULTS;

    private final MemoryBuckets buckets = new MemoryBuckets(Clock.systemUTC(), "b");
    private final JobStore fast = new S3JobStore(buckets, "b", "j");
    private final List<MergedSegment> segments = new ArrayList<>();

    @Test
    void aMergeThatPausesWritesTheBytesOfOneThatDoesNot() throws IOException {
        job(40);
        again(4);
        new Merger(fast, SETTINGS, PriceTable.bundled()).merge(mergeJob(), null);
        Map<String, String> atOnce = files();
        assertThat(lines(JobFiles.COMBINED)).as("winners").isEqualTo(1 + 40 * 2 + 4);
        assertThat(lines(JobFiles.FAILED_PAIRS)).as("failures").isEqualTo(1 + 40 - 4);
        forget();

        Pace pace = new Pace(new Lanes(4), new Lanes(2), 7, Long.MAX_VALUE, 3, Duration.ofDays(1));
        int calls = 1;
        while (merge(new SlowBuckets(buckets, Duration.ZERO), pace) == null) {
            calls++;
        }

        assertThat(calls).isGreaterThan(3);
        assertThat(files()).isEqualTo(atOnce);
    }

    @Test
    void whatWasPutTogetherForAnotherOutcomeIsNotTaken() throws IOException {
        job(20);
        Pace pace = new Pace(Lanes.ONE, Lanes.ONE, 7, Long.MAX_VALUE, 3, Duration.ofDays(1));
        Merger merger = new Merger(fast, SETTINGS, PriceTable.bundled(), pace);
        assertThat(merger.merge(mergeJob(), null, "before", soon())).isNull();
        put(JobFiles.output(1), answer(1, 2) + answer(2, 2));
        collect(1, 1);
        while (merger.merge(mergeJob(), null, "after", soon()) == null) {
            assertThat(names(JobFiles.MERGING)).isNotEmpty();
        }

        assertThat(text(JobFiles.COMBINED)).contains(",b1,").contains(",b2,");
        merger.tidy(mergeJob());
        assertThat(names(JobFiles.MERGING)).isEmpty();
    }

    @Test
    void eachSegmentTakesAFewCallsAndAListing() throws IOException {
        job(300);
        SlowBuckets slow = new SlowBuckets(buckets, Duration.ZERO);
        merge(slow, Pace.OF_FUNCTION);
        // Its tally, winners twice, failures twice.
        assertThat(slow.calls().get("getObject")).isBetween(300L * 5, 300L * 5 + 50);
        assertThat(slow.count()).isLessThan(300 * 5 + 120);
    }

    /// What `docs/PERFORMANCE.md` says.
    @Tag("long")
    @Test
    void fiveThousandSegmentsOverALatencyOfThirtyMilliseconds() throws IOException {
        measure("5,000 segments");
        again(500);
        measure("5,500 segments, 500 of a second round");
    }

    private void measure(String what) throws IOException {
        if (segments.isEmpty()) {
            job(5000);
        }
        SlowBuckets slow = new SlowBuckets(buckets, Duration.ofMillis(30));
        long begun = System.nanoTime();
        Merged merged = Objects.requireNonNull(merge(slow, Pace.OF_FUNCTION));
        System.out.printf(
                "%s: %d s, %.2f calls a segment: %s%n",
                what,
                Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                (double) slow.count() / segments.size(),
                slow.calls());
        assertThat(lines(JobFiles.COMBINED) - 1).isEqualTo(merged.total().observed());
    }

    private void job(int count) throws IOException {
        put(JobFiles.JOB, "{\"job_id\":\"j\",\"spec\":{}}");
        for (int segment = 1; segment <= count; segment++) {
            int row = 3 * segment - 2;
            put(JobFiles.pairs(segment), pair(row) + pair(row + 1) + pair(row + 2));
            put(JobFiles.output(segment), answer(row, 1) + answer(row + 1, 2));
            collect(segment, 1);
        }
    }

    /// The failures of the first segments are sent again, each in a segment of its own, and get a winner.
    private void again(int count) throws IOException {
        int first = segments.size();
        for (int source = 1; source <= count; source++) {
            int segment = first + source;
            int row = 3 * source;
            new RetryList(segment, 2, new TreeMap<>(Map.of(source, List.of((long) row)))).write(fast);
            put(JobFiles.pairs(segment), pair(row));
            put(JobFiles.output(segment), answer(row, 1).replace("-" + row + "\"", "-" + row + "-r2\""));
            collect(segment, 2);
        }
    }

    private void collect(int segment, int attempt) throws IOException {
        new SegmentCollector(fast, SETTINGS, PriceTable.bundled())
                .collect(new EndedSegment(segment, attempt, "batch_" + segment, new BatchEnd.Completed(), RECEIVED));
        if (segment > segments.size()) {
            segments.add(new MergedSegment(
                    segment, attempt, attempt == 1 ? 3 : 1, "batch_" + segment, "completed", true, null, RECEIVED));
        }
    }

    private @Nullable Merged merge(SlowBuckets slow, Pace pace) throws IOException {
        Merger merger = new Merger(new S3JobStore(slow.client(), "b", "j"), SETTINGS, PriceTable.bundled(), pace);
        Merged merged = merger.merge(mergeJob(), null, "key", soon());
        if (merged != null) {
            merger.tidy(mergeJob());
        }
        return merged;
    }

    private MergeJob mergeJob() {
        return new MergeJob("j", "v", segments, 0, 0, true, true, List.of(), RECEIVED, "v");
    }

    private static Deadline soon() {
        return new Deadline(Instant.now().plus(Duration.ofMinutes(15)), Clock.systemUTC());
    }

    private List<String> names(String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        fast.list(prefix, names::add);
        return names;
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String name : names("")) {
            files.put(name, text(name));
        }
        return files;
    }

    /// Deletes what a merge has written.
    private void forget() {
        List.of(
                        JobFiles.COMBINED,
                        JobFiles.JUDGEMENTS,
                        JobFiles.FAILED_PAIRS,
                        JobFiles.FAILED_ATTEMPTS,
                        JobFiles.SUMMARY)
                .forEach(name -> buckets.deleteObject(r -> r.bucket("b").key("jobs/j/" + name)));
    }

    private String text(String name) {
        return new String(buckets.bytes("b", "jobs/j/" + name).orElseThrow(), StandardCharsets.ISO_8859_1);
    }

    private long lines(String name) {
        return text(name).lines().count();
    }

    private void put(String name, String text) {
        buckets.putObject(r -> r.bucket("b").key("jobs/j/" + name), RequestBody.fromString(text));
    }

    private static String pair(int row) {
        return "{\"row\":" + row + ",\"pair\":{\"ID1\":\"a" + row + "\",\"text1\":\"x\",\"ID2\":\"b" + row
                + "\",\"text2\":\"y\"}}\n";
    }

    private static String answer(int row, int winner) {
        return "{\"custom_id\":\"0a1b2c3d-" + row + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":"
                + "\"chat.completion\",\"model\":\"gpt-4.1-2025-04-14\",\"choices\":[{\"message\":{\"content\":"
                + "\"<BETTER_SAMPLE>SAMPLE_" + winner + "</BETTER_SAMPLE>\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":800,\"completion_tokens\":12,\"total_tokens\":812}}}}\n";
    }
}
