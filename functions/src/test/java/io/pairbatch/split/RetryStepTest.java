package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.collect.SegmentCollector;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.merge.MergeJob;
import io.pairbatch.merge.Merged;
import io.pairbatch.merge.MergedSegment;
import io.pairbatch.merge.Merger;
import io.pairbatch.merge.Pace;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.JobSettings;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.RetryList;
import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.standins.SlowBuckets;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/// Pairs without a winner that are sent again: a job of six rows in two segments.
class RetryStepTest {

    private static final String TABLE = """
            ID1,text1,ID2,text2
            a,x,b,y
            b,y,c,z
            c,z,a,x
            d,u,e,v
            e,v,f,w
            f,w,d,u
            """;

    private final JobFixture fixture = new JobFixture();
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private final SplitStep split = fixture.splitting(buckets, arn -> false);
    private final JobOpener opener = fixture.opener(buckets);
    private final SlowBuckets atOnce = new SlowBuckets(buckets, Duration.ZERO);
    private JobOpener remote = opener;
    private RetryStep step = step(atOnce.client(), new Lanes(4));
    private Fence fence = new Fence("none", "none", 0);

    private RetryStep step(S3Client s3, Lanes lanes) {
        remote = fixture.opener(s3);
        RetryRounds rounds = new RetryRounds(remote, fixture.jobs, fixture.segments, lanes);
        return new RetryStep(remote, fixture.jobs, fixture.segments, rounds, lanes);
    }

    @Test
    void whatFailedForACauseThatMayPassIsSentOnceMore() throws Exception {
        job("");
        collect(1, Map.of(1, "won", 2, "500", 3, "400"));
        collect(2, Map.of(4, "429", 5, "no tag", 6, "none"));

        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(3)).containsExactly(2L, 4L, 6L);
        assertThat(text(JobFiles.input(3)).lines())
                .hasSize(3)
                .allMatch(line -> line.matches(".*\"custom_id\":\"[0-9a-f]{8}-[246]-r2\".*"));
        assertThat(segment(3).attempt()).isEqualTo(2);
        assertThat(fixture.jobs.find(fence.jobId()).orElseThrow().segments()).isEqualTo(3);

        collect(3, Map.of(2, "500", 4, "won", 6, "none"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
        assertThat(fixture.segments.all(fence.jobId())).hasSize(3);
    }

    @Test
    void anotherCallForTheSameRoundChangesNothing() throws Exception {
        job("");
        collect(1, Map.of(1, "500", 2, "won", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "500"));
        run();
        String sent = text(JobFiles.input(3));
        fixture.table.edit(fence.jobId(), "JOB", item -> item.remove("retried_to"));

        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        collect(3, Map.of(1, "won", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
        assertThat(fixture.segments.all(fence.jobId())).hasSize(3);
        assertThat(text(JobFiles.input(3))).isEqualTo(sent);
    }

    @Test
    void aCallThatDiedAfterItsListWasWrittenIsFinished() throws Exception {
        job("");
        collect(1, Map.of(1, "500", 2, "won", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        new RetryList(3, 2, new TreeMap<>(Map.of(1, List.of(1L)))).write(store());

        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(segment(3).rows()).isEqualTo(1);
        assertThat(text(JobFiles.input(3))).contains("-1-r2\"");
    }

    @Test
    void aRoundKeepsToTheBatchSize() throws Exception {
        job(", \"batch_size\": 2");
        collect(1, Map.of(1, "500", 2, "500"));
        collect(2, Map.of(3, "500", 4, "won"));
        collect(3, Map.of(5, "won", 6, "500"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(4)).containsExactly(1L, 2L);
        assertThat(rowsOf(5)).containsExactly(3L, 6L);
    }

    @Test
    void aCallWithoutTimeGoesOnInTheNextOne() throws Exception {
        job(", \"batch_size\": 2");
        collect(1, Map.of(1, "500", 2, "500"));
        collect(2, Map.of(3, "500", 4, "won"));
        collect(3, Map.of(5, "won", 6, "500"));
        assertThat(step.run(remote.open(fence), fixture.within(Duration.ofSeconds(10))))
                .isEqualTo(RetryStep.Next.RETRY);
        assertThat(fixture.segments.all(fence.jobId())).hasSize(4);
        collect(4, Map.of(1, "500", 2, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(5)).containsExactly(3L, 6L);
    }

    /// Each read waits for another one of its kind.
    @Test
    void segmentsAreReadSideBySide() throws Exception {
        job(TABLE, ", \"n_segments\": 6");
        for (int segment = 1; segment <= 6; segment++) {
            collect(segment, Map.of(segment, "500"));
        }
        Map<String, CyclicBarrier> met =
                Map.of(JobFiles.FAILED_ATTEMPTS, new CyclicBarrier(2), "_pairs.jsonl", new CyclicBarrier(2));
        S3Client client = atOnce.client();
        step = step(
                (S3Client) Proxy.newProxyInstance(
                        S3Client.class.getClassLoader(),
                        new Class<?>[] {S3Client.class},
                        (proxy, method, arguments) -> {
                            if (arguments != null && arguments[0] instanceof GetObjectRequest get) {
                                for (Map.Entry<String, CyclicBarrier> kind : met.entrySet()) {
                                    if (get.key().endsWith(kind.getKey())) {
                                        kind.getValue().await(20, TimeUnit.SECONDS);
                                    }
                                }
                            }
                            try {
                                return method.invoke(client, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getTargetException();
                            }
                        }),
                new Lanes(2));

        assertThat(step.run(remote.open(fence), soon())).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(7)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void pairsThatAreTooLongToBeFetchedAheadAreReadInTheirTurn() throws Exception {
        job(TABLE.replaceAll("\\bx\\b", "x".repeat(70_000)), "");
        collect(1, Map.of(1, "500", 2, "500", 3, "500"));
        collect(2, Map.of(4, "won", 5, "500", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(3)).containsExactly(1L, 2L, 3L);
        assertThat(rowsOf(4)).containsExactly(5L);
        assertThat(text(JobFiles.pairs(3))).isEqualTo(text(JobFiles.pairs(1)));
    }

    /// Prints what it took, as `ManySegmentsTest` does it for the merge.
    @Tag("long")
    @Test
    void tenThousandSegmentsOverALatencyOfThirtyMilliseconds() throws Exception {
        int count = 10_000;
        StringBuilder table = new StringBuilder("ID1,text1,ID2,text2\n");
        for (int row = 1; row <= count; row++) {
            table.append("a,x,b").append(row).append(",y\n");
        }
        job(table.toString(), ", \"n_segments\": " + count);
        OpenJob job = open();
        ResultSettings settings = JobSettings.of(job.resolved(), job.store());
        for (int segment = 1; segment <= count; segment++) {
            put(
                    "jobs/" + job.id() + "/" + JobFiles.output(segment),
                    line(job.resolved().token() + "-" + segment, "500"));
            ended(
                    job,
                    settings,
                    new EndedSegment(segment, 1, "batch", new BatchEnd.Completed(), Instant.EPOCH),
                    "COLLECTED");
        }
        SlowBuckets slow = new SlowBuckets(buckets, Duration.ofMillis(30));
        step = step(slow.client(), Pace.OF_FUNCTION.calls());
        long begun = System.nanoTime();
        assertThat(step.run(remote.open(fence), soon())).isEqualTo(RetryStep.Next.SUBMIT);
        System.out.printf(
                "%d segments with a failure each: %d s, %.2f calls a segment: %s%n",
                count,
                Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                (double) slow.count() / count,
                slow.calls());
        assertThat(rowsOf(count + 1)).hasSize(count);
    }

    @Test
    void theJobSaysHowOftenAndForWhichCauses() throws Exception {
        job(", \"max_attempts\": 3, \"retry_codes\": [\"no_tag\", \"http_error\"]");
        collect(1, Map.of(1, "no tag", 2, "400", 3, "none"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(3)).containsExactly(1L, 2L);
        collect(3, Map.of(1, "no tag", 2, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(4)).containsExactly(1L);
        assertThat(text(JobFiles.input(4))).contains("-1-r3\"");
        collect(4, Map.of(1, "no tag"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
    }

    @Test
    void oneAttemptSendsNothingAgain() throws Exception {
        job(", \"max_attempts\": 1");
        collect(1, Map.of(1, "500", 2, "500", 3, "500"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
    }

    @Test
    void aPersonsWishHoldsOnceAndHoweverOftenAPairWasSent() throws Exception {
        job(", \"max_attempts\": 1");
        collect(1, Map.of(1, "400", 2, "won", 3, "no tag"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
        fixture.jobs.finish(fence, fixture.clock.instant(), 4, 2, new TreeMap<>(), null, "rules", null, null, 0, false);

        SplitStep.Result taken = split.retry(fence.jobId(), 2, "arn:2", "request", soon());
        fence = ((SplitStep.Result.Split) taken).job().fence();
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(3)).containsExactly(1L);
        collect(3, Map.of(1, "400"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
        assertThat(fixture.jobs.find(fence.jobId()).orElseThrow().retryAsked()).isNull();
    }

    @Test
    void whatWasNeverSentCountsForNoAttempt() throws Exception {
        job("");
        unsent(1, FailureCode.BUDGET_REACHED);
        collect(2, Map.of(4, "500", 5, "won", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(3)).containsExactly(4L);
        unsent(3, FailureCode.NOT_SUBMITTED);
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
        fixture.jobs.finish(fence, fixture.clock.instant(), 2, 4, new TreeMap<>(), null, "rules", null, null, 0, false);
        SplitStep.Result taken = split.retry(fence.jobId(), 2, "arn:2", "budget_reached not_submitted", soon());
        fence = ((SplitStep.Result.Split) taken).job().fence();
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        collect(4, Map.of(1, "500", 2, "400", 3, "won"));
        collect(5, Map.of(4, "500"));

        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(6)).as("sent once; row 4 was sent twice").containsExactly(1L);
        assertThat(text(JobFiles.input(6))).contains("-1-r3\"");
        collect(6, Map.of(1, "500"));
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
    }

    @Test
    void aCallWhoseAnswerWasLostDoesNotSettleTheRoundThatItHasOpened() throws Exception {
        job(", \"max_attempts\": 3");
        collect(1, Map.of(1, "500", 2, "won", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        collect(3, Map.of(1, "500"));

        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(4)).containsExactly(1L);
    }

    /// A wish that is asked for once more finds what it has made before the table was set back.
    @Test
    void whatAWishHasMadeIsLookedAtAlsoAfterTheTableWasSetBack() throws Exception {
        job("");
        unsent(1, FailureCode.BUDGET_REACHED);
        unsent(2, FailureCode.BUDGET_REACHED);
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
        fixture.jobs.finish(fence, fixture.clock.instant(), 0, 6, new TreeMap<>(), null, "rules", null, null, 0, false);
        MemoryTable.Snapshot before = fixture.table.snapshot();
        SplitStep.Result taken = split.retry(fence.jobId(), 2, "arn:2", "budget_reached", soon());
        fence = ((SplitStep.Result.Split) taken).job().fence();
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        fixture.table.reset(before);
        taken = split.retry(fence.jobId(), 2, "arn:3", "budget_reached", soon());
        fence = ((SplitStep.Result.Split) taken).job().fence();
        collect(3, Map.of(1, "500", 2, "won", 3, "won"));
        collect(4, Map.of(4, "won", 5, "won", 6, "won"));

        assertThat(run()).isEqualTo(RetryStep.Next.RETRY);
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(5))
                .as("sent once, and failed for a cause that may pass")
                .containsExactly(1L);
    }

    @Test
    void whatIsNeverSentIsNotTriedForEver() throws Exception {
        job(", \"retry_codes\": [\"not_submitted\", \"budget_reached\"]");
        unsent(1, FailureCode.NOT_SUBMITTED);
        unsent(2, FailureCode.BUDGET_REACHED);
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
        assertThat(rowsOf(3)).as("a higher limit sends the others").containsExactly(1L, 2L, 3L);
        unsent(3, FailureCode.NOT_SUBMITTED);
        assertThat(run()).isEqualTo(RetryStep.Next.MERGE);
    }

    @Test
    void aLostRegistryGetsTheSameSegmentsWithTheSameNumbers() throws Exception {
        job(", \"limit\": 3, \"batch_size\": 3");
        List<Long> sample = rowsOfPairs(1);
        Map<Integer, String> first = new TreeMap<>();
        sample.forEach(row -> first.put(row.intValue(), "won"));
        first.put(sample.getFirst().intValue(), "500");
        collect(1, first);
        run();
        collect(2, Map.of(sample.getFirst().intValue(), "won"));
        fixture.jobs.finish(fence, fixture.clock.instant(), 3, 0, new TreeMap<>(), null, "rules", null, null, 0, false);
        SplitStep.Result grown = split.judgeMore(fence.jobId(), 2, "arn:2", 0, soon());
        String id = ((SplitStep.Result.Split) grown).job().id();
        List<String> before = told(id);
        assertThat(before).hasSize(3);

        fixture.table.clear();
        SplitStep.Result again = split.takeOver(id, 1, "arn:3", soon());
        while (again instanceof SplitStep.Result.Paused paused) {
            again = split.goOn(paused.job().fence(), paused.mark(), soon());
        }
        assertThat(again).isInstanceOf(SplitStep.Result.Split.class);
        assertThat(told(id)).isEqualTo(before);
    }

    @Test
    void aCallThatDiedBeforeTheSegmentWasCountedIsMadeUpFor() throws Exception {
        job("");
        collect(1, Map.of(1, "500", 2, "won", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        run();
        fixture.table.edit(fence.jobId(), "JOB", item -> {
            item.put("segments", AttributeValue.fromN("2"));
            item.remove("retried_to");
        });
        run();
        assertThat(fixture.jobs.find(fence.jobId()).orElseThrow().segments()).isEqualTo(3);
    }

    /// As it was before pairs were sent again.
    @Test
    void aLargerLimitOnAnOlderTableTakesNoNumberOfALaterRound() throws Exception {
        job(", \"limit\": 3, \"max_attempts\": 1");
        List<Long> sample = rowsOfPairs(1);
        Map<Integer, String> first = new TreeMap<>();
        sample.forEach(row -> first.put(row.intValue(), "won"));
        first.put(sample.getFirst().intValue(), "500");
        collect(1, first);
        run();
        fixture.jobs.finish(fence, fixture.clock.instant(), 2, 1, new TreeMap<>(), null, "rules", null, null, 0, false);
        Map<String, AttributeValue> before = Map.copyOf(fixture.table.item(fence.jobId(), "JOB"));
        SplitStep.Result taken = split.retry(fence.jobId(), 2, "arn:2", "server_error", soon());
        fence = ((SplitStep.Result.Split) taken).job().fence();
        run();
        String paid = text(JobFiles.pairs(2));
        String id = fence.jobId();
        fixture.table.edit(id, "JOB", item -> {
            item.clear();
            item.putAll(before);
        });
        fixture.table.deleteItem(r -> r.tableName("t")
                .key(Map.of("job_id", AttributeValue.fromS(id), "item", AttributeValue.fromS("SEGMENT#000002"))));

        assertThat(split.judgeMore(id, 2, "arn:3", 0, soon())).isInstanceOf(SplitStep.Result.Split.class);

        assertThat(text(JobFiles.pairs(2))).isEqualTo(paid);
        assertThat(told(id)).hasSize(3);
    }

    @Test
    void answersThatAreToBeReadByOtherRulesAreReadFirst() throws Exception {
        job(", \"retry_codes\": [\"no_tag\"]");
        collect(1, Map.of(1, "no tag", 2, "won", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        fixture.table.edit(
                fence.jobId(), "SEGMENT#000001", item -> item.put("tag_rules", AttributeValue.fromS("others")));
        assertThat(run()).isEqualTo(RetryStep.Next.POLL);
        assertThat(fixture.segments.all(fence.jobId())).hasSize(2);
    }

    @Test
    void afterAWishThatOpenedNothingTheJobsOwnRuleIsLookedAt() throws Exception {
        job("");
        collect(1, Map.of(1, "400", 2, "won", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "500"));
        fixture.table.edit(fence.jobId(), "JOB", item -> {
            item.put("retry_asked", AttributeValue.fromS("no_tag"));
            item.put("retry_up_to", AttributeValue.fromN("1"));
        });
        assertThat(run()).isEqualTo(RetryStep.Next.RETRY);
        assertThat(run()).isEqualTo(RetryStep.Next.SUBMIT);
    }

    @Test
    void eachPairEndsInOneFile() throws Exception {
        job("");
        collect(1, Map.of(1, "won", 2, "500", 3, "400"));
        collect(2, Map.of(4, "429", 5, "no tag", 6, "none"));
        run();
        collect(3, Map.of(2, "500", 4, "won", 6, "none"));

        Merged merged = merge();

        assertThat(merged.sentence()).endsWith("6 comparisons = 2 observed + 4 failed");
        assertThat(merged.total().failedByCode())
                .containsExactly(
                        Map.entry("backend_missing_fields", new Rows(2, List.of(5L, 6L))),
                        Map.entry("http_error", new Rows(2, List.of(3L, 2L))));
        assertThat(column(JobFiles.COMBINED, "row")).containsExactly("1", "4");
        assertThat(column(JobFiles.COMBINED, "attempt")).containsExactly("1", "2");
        assertThat(text(JobFiles.FAILED_PAIRS).lines().skip(1).map(line -> line.substring(0, 1)))
                .containsExactly("c", "e", "b", "f");
        assertThat(column(JobFiles.FAILED_ATTEMPTS, "row")).containsExactly("2", "3", "4", "5", "6", "2", "6");
        assertThat(column(JobFiles.FAILED_ATTEMPTS, "final"))
                .containsExactly("FALSE", "TRUE", "FALSE", "TRUE", "FALSE", "TRUE", "TRUE");
        assertThat(column(JobFiles.FAILED_ATTEMPTS, "cause"))
                .containsExactly(
                        "server_error", "request", "rate_limit", "no_tag", "missing", "server_error", "missing");
    }

    /// Answers may be read by other rules when their pairs were sent again already.
    @Test
    void theFirstWinnerCounts() throws Exception {
        job(", \"retry_codes\": [\"no_tag\"]");
        collect(1, Map.of(1, "no tag", 2, "no tag", 3, "won"));
        collect(2, Map.of(4, "won", 5, "won", 6, "won"));
        run();
        collect(3, Map.of(1, "won", 2, "no tag"));
        collect(1, Map.of(1, "won", 2, "won", 3, "won"));

        Merged merged = merge();

        assertThat(merged.sentence()).endsWith("6 comparisons = 6 observed + 0 failed");
        assertThat(column(JobFiles.COMBINED, "row")).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(column(JobFiles.COMBINED, "attempt")).containsOnly("1");
        assertThat(text(JobFiles.FAILED_PAIRS).lines()).hasSize(1);
        assertThat(column(JobFiles.FAILED_ATTEMPTS, "final")).containsExactly("FALSE");
        try (InputStream in =
                new GZIPInputStream(store().open(JobFiles.JUDGEMENTS).orElseThrow())) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .hasSize(7);
        }
    }

    private void job(String fields) throws Exception {
        job(TABLE, fields);
    }

    private void job(String table, String fields) throws Exception {
        put("inbox/essays/pairs.csv", table);
        String size = fields.contains("batch_size") || fields.contains("n_segments") ? "" : ", \"batch_size\": 3";
        put(
                "inbox/essays/job.json",
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"T\", \"trait_description\": \"D\"" + size + fields + "}");
        SplitStep.Result done = split.begin("b", "inbox/essays/job.json", "arn:1", soon());
        fence = ((SplitStep.Result.Split) done).job().fence();
    }

    /// @param fates by row: `won`, `no tag`, `none` for no line, or a status
    private void collect(int index, Map<Integer, String> fates) throws Exception {
        OpenJob job = open();
        String token = job.resolved().token();
        SegmentItem segment = segment(index);
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(fates).forEach((row, fate) -> {
            String id = token + "-" + row + (segment.attempt() == 1 ? "" : "-r" + segment.attempt());
            if (!fate.equals("none")) {
                lines.append(line(id, fate)).append('\n');
            }
        });
        put("jobs/" + job.id() + "/" + JobFiles.output(index), lines.toString());
        SegmentTally tally = ended(index, "batch_" + index, new BatchEnd.Completed(), "COLLECTED");
        assertThat(tally.pairs()).as("rows %s of segment %d", fates, index).isEqualTo(fates.size());
    }

    /// A segment for which no batch was created.
    private void unsent(int index, FailureCode code) throws Exception {
        ended(index, null, new BatchEnd.NotSubmitted("why", code), "NOT_SUBMITTED");
    }

    private SegmentTally ended(int index, @Nullable String batch, BatchEnd end, String state) throws Exception {
        OpenJob job = open();
        ResultSettings settings = JobSettings.of(job.resolved(), job.store());
        EndedSegment segment = new EndedSegment(index, segment(index).attempt(), batch, end, Instant.EPOCH);
        return ended(job, settings, segment, state);
    }

    private SegmentTally ended(OpenJob job, ResultSettings settings, EndedSegment segment, String state)
            throws Exception {
        SegmentTally tally = new SegmentCollector(job.store(), settings, PriceTable.bundled()).collect(segment);
        fixture.table.edit(job.id(), String.format(java.util.Locale.ROOT, "SEGMENT#%06d", segment.index()), item -> {
            item.put("state", AttributeValue.fromS(state));
            item.put("failed", AttributeValue.fromN(String.valueOf(tally.failed())));
        });
        return tally;
    }

    private static String line(String id, String fate) {
        if (fate.matches("\\d+")) {
            return "{\"custom_id\":\"" + id + "\",\"response\":{\"status_code\":" + fate
                    + ",\"body\":{\"error\":{\"code\":\"c\",\"message\":\"m\"}}},\"error\":null}";
        }
        String words = fate.equals("won") ? "<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>" : "Hard to say.";
        return "{\"custom_id\":\"" + id
                + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":\"chat.completion\","
                + "\"model\":\"gpt-4.1\",\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"" + words
                + "\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}},\"error\":null}";
    }

    private Merged merge() throws Exception {
        OpenJob job = open();
        List<MergedSegment> segments = fixture.segments.all(job.id()).stream()
                .map(s -> new MergedSegment(
                        s.index(), s.attempt(), s.rows(), "batch_" + s.index(), "completed", true, null, Instant.EPOCH))
                .toList();
        MergeJob merge = new MergeJob(job.id(), "v", segments, 0, 0, true, true, List.of(), Instant.EPOCH, "v");
        return new Merger(job.store(), JobSettings.of(job.resolved(), job.store()), PriceTable.bundled()).merge(merge);
    }

    private RetryStep.Next run() throws Exception {
        return step.run(remote.open(fence), soon());
    }

    private OpenJob open() throws Exception {
        return opener.open(fence);
    }

    private JobStore store() {
        return opener.store(fence.jobId());
    }

    private SegmentItem segment(int index) {
        return fixture.segments.require(fence.jobId(), index);
    }

    /// The registered segments, in words.
    private List<String> told(String id) {
        return fixture.segments.all(id).stream()
                .map(s -> s.index() + " attempt " + s.attempt() + ": " + s.rows() + " rows, " + s.firstRow() + " to "
                        + s.lastRow() + ", " + s.inputBytes() + " bytes")
                .toList();
    }

    private List<Long> rowsOf(int segment) throws IOException {
        return RetryList.read(store(), segment).stream()
                .flatMap(list -> list.rows().values().stream())
                .flatMap(List::stream)
                .toList();
    }

    private List<Long> rowsOfPairs(int segment) throws IOException {
        List<Long> rows = new ArrayList<>();
        text(JobFiles.pairs(segment))
                .lines()
                .forEach(line -> rows.add(Long.valueOf(line.replaceAll("^\\{\"row\":(\\d+),.*$", "$1"))));
        return rows;
    }

    private List<String> column(String file, String name) throws IOException {
        List<String> lines = text(file).lines().toList();
        int place = List.of(lines.getFirst().split(",", -1)).indexOf(name);
        return lines.stream().skip(1).map(line -> line.split(",", -1)[place]).toList();
    }

    private String text(String file) throws IOException {
        try (InputStream in = store().open(file).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Deadline soon() {
        return fixture.within(Duration.ofMinutes(10));
    }

    private void put(String key, String text) {
        buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text));
    }
}
