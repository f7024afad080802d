package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.JobSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecountTest {

    private static final String FOLDER = "jobs/" + Jobs.ID + "/";
    private final MemoryBucket bucket = new MemoryBucket();

    RecountTest() {
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\na,\"x\ny\",b,z\na,x,c,y\nb,x,c,y\nbad\n");
        bucket.put(FOLDER + "combined_results.csv", "text1,better_id\n\"x\ny\",a\n,\"b\"\"\n\"\n");
        bucket.put(FOLDER + "failed_pairs.csv", "ID1,error_code\nb,timeout\n");
        bucket.put(FOLDER + "rejected_rows.csv", "row,reason\n4,ragged_row\n");
        summary(4, 2, 1, 1);
    }

    @Test
    void oneRowIsOne() {
        assertThat(new Conservation(1, 1, 1, 0, 0, 0).line()).isEqualTo("1 row = 1 judged + 0 failed + 0 rejected");
        assertThat(new Conservation(1, 2, 1, 1, 0, 0).line()).startsWith("1 row, 0 of them rejected: ");
    }

    @Test
    void holdsWhenEveryRowIsInOneFileAndTheSummaryAgrees() throws IOException {
        Recount recount = recount();

        assertThat(recount.holds()).isTrue();
        assertThat(recount.files().line()).isEqualTo("4 rows = 2 judged + 1 failed + 1 rejected");
    }

    @Test
    void countsThePairsThatADesignMakesOfSamples(@TempDir Path folder) throws IOException {
        bucket.put(Jobs.SOURCE, "ID,text\na,x\nb,y\nc,z\n");
        Path job = Files.writeString(folder.resolve("job.json"), """
                {"model": "gpt-4.1", "trait_name": "organization", "pairing": {"design": "all", "order": "both"}}
                """);
        JobSpec spec = new OfflineSplit("0.2.0", InstantSource.system()).readSpec(OfflineSplit.JobFile.of(job));
        ByteArrayOutputStream frozen = new ByteArrayOutputStream();
        new ResolvedJob(Jobs.ID, Instant.EPOCH, "0.2.0", new ResolvedJob.Source("b", Jobs.SOURCE, "v", "e", 1), spec)
                .write(frozen);
        bucket.put(FOLDER + "job.json", frozen.toString(StandardCharsets.UTF_8));
        bucket.put(FOLDER + "combined_results.csv", "ID1,better_id\n" + "a,a\n".repeat(5));
        bucket.put(FOLDER + "rejected_rows.csv", "row,reason\n");
        bucket.put(FOLDER + "summary.json", """
                {"conservation": {"input_rows": 6, "rejected": 0, "observed": 5, "failed": 1}, "design": {"samples": 3}}
                """);

        assertThat(recount().holds()).isTrue();
        assertThat(recount().files().line()).isEqualTo("6 rows = 5 judged + 1 failed + 0 rejected");
    }

    @Test
    void failsWhenAResultIsMissing() throws IOException {
        bucket.put(FOLDER + "combined_results.csv", "text1,better_id\n\"x\ny\",a\n");

        assertThat(recount().holds()).isFalse();
        assertThat(recount().files().line()).isEqualTo("4 rows ≠ 1 judged + 1 failed + 1 rejected");
    }

    @Test
    void failsWhenTheFilesAddUpButTheSummaryDiffers() throws IOException {
        summary(4, 3, 0, 1);

        assertThat(recount().files().holds()).isTrue();
        assertThat(recount().holds()).isFalse();
    }

    @Test
    void countsTheJudgementsInAllMembersOfTheirFileWhereThereIsOne() throws IOException {
        assertThat(recount().judgements()).isEmpty();

        byte[] first = gzip("row,better_id\n", "1,a\n");
        bucket.put(FOLDER + "judgements.csv.gz", first, "1");
        assertThat(recount().judgements()).hasValue(1);
        assertThat(recount().holds()).isFalse();

        bucket.put(FOLDER + "judgements.csv.gz", gzip("row,better_id\n", "1,a\n", "", "3,b\n"), "2");
        assertThat(recount().judgements()).hasValue(2);
        assertThat(recount().holds()).isTrue();
    }

    @Test
    void countsTheTextsThatLostInWhicheverFileHasTheWinners() throws IOException {
        bucket.put(
                FOLDER + "failed_pairs.csv",
                "ID1,text1,ID2,error_code,error_detail\na,\"x\ny\",b,timeout,slow\nb,,a,timeout,slow\n");
        bucket.put(FOLDER + "combined_results.csv", "text1,ID1,ID2\n\"x\n,b\",a,c\n,b,c\n,a,d\n");
        assertThat(recount().losses())
                .isEqualTo(new Losses(
                        3,
                        2,
                        1,
                        List.of(new Losses.Cause("timeout", "slow", 2)),
                        0,
                        List.of(),
                        List.of(new Losses.Text("b", 2, 3), new Losses.Text("a", 2, 4)),
                        0,
                        0,
                        FailedPairs.NONE));

        bucket.put(FOLDER + "judgements.csv.gz", gzip("row,ID1,ID2\n", "1,a,c\n", "2,b,b\n", "3,b,d\n"), "1");
        assertThat(recount().losses().worst()).containsExactly(new Losses.Text("a", 2, 3), new Losses.Text("b", 2, 4));
    }

    @Test
    void countsTheSegmentsWhenThereIsNoCombinedFile() throws IOException {
        MemoryBucket other = new MemoryBucket();
        bucket.visit("", entry -> {
            if (!entry.key().endsWith("combined_results.csv")) {
                other.put(entry.key(), bucket.text(entry.key()));
            }
        });
        other.put(FOLDER + "batch_01_results.csv", "better_id\na\n");
        other.put(FOLDER + "batch_02_results.csv", "better_id\nb\n");
        other.put(FOLDER + "batch_02_output.jsonl", "{}\n");

        assertThat(Recount.of(other, Jobs.in(JobState.DONE)).files().observed()).isEqualTo(2);
    }

    @Test
    void countsBrokenQuotesAsTheStackDoes() throws IOException {
        // The quote of the second row never closes: the stack refuses that line and goes on with the next.
        bucket.put(Jobs.SOURCE, "ID1,text1,ID2,text2\na,x,b,y\na,\"x,c,y\nb,x,c,y\nb,x,d,y\n");

        assertThat(recount().holds()).isTrue();
    }

    @Test
    void refusesToConfirmWithoutASummary() {
        MemoryBucket other = new MemoryBucket();
        other.put(Jobs.SOURCE, "ID1\na\n");

        assertThatThrownBy(() -> Recount.of(other, Jobs.in(JobState.DONE)))
                .hasMessageContaining("summary.json does not exist");
    }

    @Test
    void saysWhatTheJobCostByAttemptAndWhatOfItBroughtNoWinner() throws IOException {
        assertThat(recount().spending().line()).isEmpty();

        summary("", "{'requests': 190, 'cost_usd': 0.05, 'waste_usd': 0, 'unpriced_answers': 0}", "");
        assertThat(recount().spending().line()).contains("cost: USD 0.05");

        String attempts = ", 'attempts': [{'cost_usd': 0.05}, {'cost_usd': 0.004321}]";
        String results = "{'requests': 200, 'cost_usd': 0.054321, 'waste_usd': 0.0021, 'unpriced_answers': 0}";
        String live = ", 'preflight': {'model': 'm', 'cost_usd': 0.001}";
        summary("", results, attempts + live);
        assertThat(recount().spending().line())
                .contains("cost: USD 0.06: live request USD 0.0010, attempt 1 USD 0.05, attempt 2 USD 0.0043; of this"
                        + " USD 0.0021 for answers without a winner");

        summary("'simulated': true,", results, "");
        assertThat(recount().spending().line())
                .contains("cost: nothing was paid, the simulator answered; at the price list USD 0.05; of this USD"
                        + " 0.0021 for answers without a winner");
    }

    @Test
    void aPriceThatIsNotKnownIsNoCostOfZero() throws IOException {
        summary("", "{'requests': 3, 'cost_usd': null, 'waste_usd': null, 'unpriced_answers': 3}", "");
        assertThat(recount().spending().line()).contains("cost: not known, for 3 answers have no known price");

        String attempts = ", 'attempts': [{'cost_usd': 0.01}, {'cost_usd': null}]";
        summary("", "{'requests': 3, 'cost_usd': 0.01, 'waste_usd': 0, 'unpriced_answers': 1}", attempts);
        assertThat(recount().spending().line())
                .contains("cost: more than USD 0.01, for 1 answer has no known price: attempt 1 USD 0.01, attempt 2 not"
                        + " known");
    }

    @Test
    void ofSeveralJudgesEachIsCountedAndTheJoinedFilesHaveTheirSums() throws IOException {
        Job panel = Jobs.of(Jobs.in(JobState.DONE), "plain", "claude", "stopped");
        Job plain = Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "plain");
        Job claude = Jobs.judgeOf(Jobs.in(JobState.DONE), panel, "claude");
        judge(plain, 2, 1, 1);
        // One more row is too large for this judge's provider.
        judge(claude, 2, 0, 2);
        bucket.put(
                FOLDER + "combined_results.csv", "better_id,judge\n" + "a,plain\n".repeat(2) + "a,claude\n".repeat(2));
        bucket.put(FOLDER + "failed_pairs.csv", "ID1,error_code,judge\nb,timeout,plain\n");
        bucket.put(FOLDER + "rejected_rows.csv", "row,reason,detail,judge\n3,too_large,x,claude\n4,ragged_row,x,NA\n");
        bucket.put(FOLDER + "summary.json", """
                {"conservation": {"input_rows": 4, "rejected": 1, "observed": 4, "failed": 1, "comparisons_per_row": 2},
                 "notices": ["judge plain: of all", "judge claude: of all", "judge claude: of one"],
                 "judges": [{"name": "plain", "results": {"requests": 3, "cost_usd": 0.01, "waste_usd": 0},
                             "attempts": [{"cost_usd": 0.01}], "preflight": {"model": "m", "cost_usd": 0.001}},
                            {"name": "claude", "results": {"requests": 2, "cost_usd": 0.05, "waste_usd": 0},
                             "attempts": [{"cost_usd": 0.03}, {"cost_usd": 0.02}]}]}
                """);

        Recount recount = ofPanel(panel, plain, claude);
        assertThat(recount.holds()).isTrue();
        assertThat(recount.lines())
                .containsExactly(
                        "judge plain: 4 rows = 2 judged + 1 failed + 1 rejected",
                        "judge claude: 4 rows = 2 judged + 0 failed + 2 rejected",
                        "all judges: 4 judged + 1 failed");
        assertThat(recount.notices()).containsExactly("of all", "judge claude: of one");
        assertThat(recount.spending().line())
                .contains("cost: USD 0.06: live request USD 0.0010, attempt 1 USD 0.04, attempt 2 USD 0.02");

        Job other = Jobs.renamed(Jobs.in(JobState.DONE), "alone-0badcafe");
        judge(other, 2, 0, 2);
        assertThat(ofPanel(panel, plain, Jobs.sameAs(claude, other.id()), other).lines())
                .contains("judge claude: 4 rows = 2 judged + 0 failed + 2 rejected, judged and paid by job"
                        + " alone-0badcafe");

        bucket.put(FOLDER + "combined_results.csv", "better_id,judge\n" + "a,plain\n".repeat(2) + "a,claude\n");
        assertThat(ofPanel(panel, plain, claude).holds()).isFalse();
    }

    private void judge(Job job, int observed, int failed, int rejected) {
        String folder = "jobs/" + job.id() + "/";
        bucket.put(folder + "combined_results.csv", "better_id\n" + "a\n".repeat(observed));
        bucket.put(folder + "failed_pairs.csv", "ID1,error_code\n" + "b,timeout\n".repeat(failed));
        bucket.put(folder + "rejected_rows.csv", "row,reason\n" + "4,x\n".repeat(rejected));
        String more = job.judge() != null && job.judge().equals("claude") ? ", \"of one\"" : "";
        bucket.put(folder + "summary.json", """
                {"conservation": {"input_rows": 4, "rejected": %d, "observed": %d, "failed": %d},
                 "notices": ["of all"%s]}
                """.formatted(rejected, observed, failed, more));
    }

    private Recount ofPanel(Job panel, Job... judges) throws IOException {
        JobSource jobs = new JobSource() {
            @Override
            public Optional<JobSnapshot> read(String jobId) {
                return Arrays.stream(judges)
                        .filter(job -> job.id().equals(jobId))
                        .map(job -> new JobSnapshot(job, SegmentTotals.NONE))
                        .findFirst();
            }

            @Override
            public void visitNewestFirst(Predicate<Job> visitor) {
                throw new AssertionError("nothing is looked for");
            }
        };
        return Recount.of(jobs, bucket, panel);
    }

    private void summary(String before, String results, String after) {
        String json = "{" + before + "'conservation': {'input_rows': 4, 'rejected': 1, 'observed': 2, 'failed': 1},"
                + " 'results': " + results + after + "}";
        bucket.put(FOLDER + "summary.json", json.replace('\'', '"'));
    }

    private Recount recount() throws IOException {
        return Recount.of(bucket, Jobs.in(JobState.DONE));
    }

    private static byte[] gzip(String... members) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (String member : members) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(file)) {
                gzip.write(member.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file.toByteArray();
    }

    private void summary(int rows, int observed, int failed, int rejected) {
        bucket.put(FOLDER + "summary.json", """
                {"conservation": {"input_rows": %d, "accepted": 3, "rejected": %d, "observed": %d, "failed": %d}}
                """.formatted(rows, rejected, observed, failed));
    }
}
