package io.pairbatch.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.collect.SegmentCollector;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Version;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecTexts;
import io.pairbatch.store.FolderStore;
import io.pairbatch.testing.UsualSettings;
import io.pairbatch.text.Hex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class MergerTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-22T17:25:43Z");
    private static final Instant FINISHED = Instant.parse("2026-11-22T18:00:00Z");
    private static final ResultSettings SETTINGS = UsualSettings.RESULTS;

    @TempDir
    private Path folder;

    /// Segment 1: two observed and one unmatched line; 2: one observed, one failed; 3: failed as a batch.
    @BeforeEach
    void threeSegments() throws IOException {
        write(
                JobFiles.JOB,
                "{\"job_id\":\"essays-0a1b2c3d\",\"spec\":{\"temperature\":0.10,\"prompt_template\":\"T\"}}");
        write(JobFiles.pairs(1), pair(1) + pair(3));
        write(JobFiles.output(1), answer(3, 1) + "junk\n" + answer(1, 2));
        write(JobFiles.input(1), "request\n");
        write(JobFiles.pairs(2), pair(4) + pair(5));
        write(JobFiles.output(2), answer(4, 2));
        write(JobFiles.input(2), "request\n");
        write(JobFiles.pairs(3), pair(6));
        write(JobFiles.input(3), "request\n");
        write(JobFiles.part(JobFiles.REJECTED_ROWS, 1), "2,ragged_row,found 3 fields\n");
        collect(1, new BatchEnd.Completed());
        collect(2, new BatchEnd.Completed());
        collect(3, new BatchEnd.Broken("failed", "no_valid_lines"));
    }

    @Test
    void everyFileConsistsOfThePartsInOrderUnderOneHeader() throws IOException {
        merge(job(true, true, 1));

        assertThat(column(JobFiles.COMBINED, "row")).containsExactly("1", "3", "4");
        assertThat(column(JobFiles.COMBINED, "better_id")).containsExactly("b1", "a3", "b4");
        assertThat(read(JobFiles.FAILED_PAIRS)).isEqualTo("""
                        ID1,text1,ID2,text2,order,repeat,judge,error_code,error_detail
                        a5,x,b5,y,1,1,1,backend_missing_fields,missing raw result for pair
                        a6,x,b6,y,1,1,1,http_error,Batch status: failed: no_valid_lines
                        """);
        assertThat(column(JobFiles.FAILED_ATTEMPTS, "row")).containsExactly("5", "6");
        assertThat(read(JobFiles.BATCH_FAILURES)).isEqualTo("""
                        segment_index,provider,model,batch_id,status,error_detail,failed_at
                        3,openai,gpt-4.1,batch_3,failed,no_valid_lines,2026-11-22T17:25:43Z
                        """);
        assertThat(read(JobFiles.REJECTED_ROWS)).isEqualTo("row,reason,detail\n2,ragged_row,found 3 fields\n");
        assertThat(read(JobFiles.UNMATCHED_LINES)).isEqualTo("""
                        segment,file,line,reason,custom_id,text
                        1,batch_01_output.jsonl,2,not valid JSON,NA,junk
                        """);
    }

    @Test
    void theSummaryAccountsForEveryRow() throws IOException {
        merge(job(true, true, 1));

        JsonNode summary = JsonMapper.shared().readTree(folder.resolve(JobFiles.SUMMARY));
        assertThat(summary.path("notices").path(0).stringValue()).isEqualTo("a notice");
        assertThat(summary.at("/conservation/sentence").asString())
                .isEqualTo("6 rows = 5 accepted + 1 rejected; 5 comparisons = 3 observed + 2 failed");
        assertThat(summary.at("/conservation/open").asInt(-1)).isZero();
        assertThat(summary.at("/results/failed_by_code").toString())
                .isEqualTo("{\"backend_missing_fields\":1,\"http_error\":1}");
        assertThat(summary.at("/results/requests").asInt())
                .as("none of a batch that failed before it began, and all that may be paid of others")
                .isEqualTo(4);
        assertThat(summary.at("/attempts/0/requests").asInt()).isEqualTo(4);
        assertThat(summary.at("/results/tokens/prompt").asInt()).isEqualTo(2400);
        assertThat(summary.at("/results/cost_usd").asString()).isEqualTo("0.002544");
        assertThat(summary.at("/results/models").toString()).isEqualTo("{\"gpt-4.1-2025-04-14\":3}");
        assertThat(summary.at("/prices/date").asString()).isNotBlank();
        assertThat(summary.at("/segments").size()).isEqualTo(3);
        assertThat(summary.at("/split_version").asString()).isEqualTo("0.0.9");
        assertThat(summary.at("/segments/0/collect_version").asString()).isEqualTo(Version.CURRENT);
        assertThat(summary.at("/segments/2/batch_id").asString()).isEqualTo("batch_3");
        assertThat(read(JobFiles.SUMMARY)).contains("\"temperature\" : 0.10");
    }

    @Test
    void aRequestThatABatchDidNotReachIsNotCounted() throws IOException {
        write(
                JobFiles.errors(2),
                "{\"custom_id\":\"0a1b2c3d-5\",\"response\":null,\"error\":{\"code\":\"batch_expired\","
                        + "\"message\":\"This request could not be executed before the completion window expired.\"}}\n");
        collect(2, new BatchEnd.Broken("expired", null));
        merge(job(true, true, 1));

        JsonNode summary = JsonMapper.shared().readTree(folder.resolve(JobFiles.SUMMARY));
        assertThat(read(JobFiles.FAILED_ATTEMPTS)).contains(",expired");
        assertThat(summary.at("/results/requests").asInt()).isEqualTo(3);
    }

    @Test
    void theSummarySaysWhatIsNeededToCiteAndRepeatTheJob() throws IOException {
        JobSpec spec = SpecTexts.read("{\"model\": \"gpt-4.1\", \"trait_name\": \"T\", \"trait_description\": \"D\","
                + " \"limit\": 3, \"study\": \"reading\", \"labels\": {\"wave\": \"2\"}}");
        ResolvedJob job = new ResolvedJob(
                "essays-0a1b2c3d",
                FINISHED,
                "0.1.0",
                new ResolvedJob.Source("bucket", "inbox/essays/pairs.csv", "v1", "\"e\"", 99),
                spec);
        Origin origin = new Origin(
                job,
                TableDigest.of("ab".repeat(32)),
                List.of(3, 5, 0),
                new Origin.Judge(Providers.format(Backend.OPENAI), "openai", "http://127.0.0.1:1/v1"));
        new Merger(new FolderStore(folder), SETTINGS, PriceTable.bundled()).merge(job(true, true, 1), origin);

        JsonNode summary = JsonMapper.shared().readTree(folder.resolve(JobFiles.SUMMARY));
        assertThat(summary.at("/pairbatch_version").asString()).isEqualTo("0.1.0");
        assertThat(summary.has("pairbatch_commit")).isTrue();
        assertThat(summary.at("/study").asString()).isEqualTo("reading");
        assertThat(summary.at("/labels").toString()).isEqualTo("{\"wave\":\"2\"}");
        assertThat(summary.at("/exclusions").toString())
                .isEqualTo("{\"failed_by_code\":{\"backend_missing_fields\":1,\"http_error\":1},"
                        + "\"rejected_by_reason\":{\"ragged_row\":1}}");
        assertThat(summary.at("/table").toString())
                .isEqualTo("{\"name\":\"pairs.csv\",\"sha256\":\"" + "ab".repeat(32) + "\",\"bytes\":99,"
                        + "\"etag\":\"\\\"e\\\"\",\"bucket\":\"bucket\",\"key\":\"inbox/essays/pairs.csv\","
                        + "\"version\":\"v1\"}");
        assertThat(summary.at("/sample").toString()).isEqualTo("{\"seed\":1,\"limits\":[3,5,null]}");
        assertThat(summary.at("/judge/models_answered").toString()).isEqualTo("{\"gpt-4.1-2025-04-14\":3}");
        assertThat(summary.at("/judge/prompt_template_sha256").asString())
                .isEqualTo(Hex.sha256(spec.prompt().template()));
        assertThat(summary.at("/judge/request/url").asString()).isEqualTo("/v1/chat/completions");
        assertThat(summary.at("/judge/request/body/temperature").asInt(-1)).isZero();
        assertThat(summary.at("/resolved/tag_mode").asString()).isEqualTo("last");
        assertThat(summary.at("/resolved/sample_seed").asInt()).isEqualTo(1);
        assertThat(summary.at("/resolved/limit").isNull()).isTrue();
        assertThat(summary.has("simulated")).isFalse();
    }

    @Test
    void theSummarySaysThatTheSimulatorAnswered() throws IOException {
        JobSpec spec = SpecTexts.read("{\"model\": \"gpt-4.1\", \"trait_name\": \"T\", \"trait_description\": \"D\"}");
        ResolvedJob.Source source = new ResolvedJob.Source("bucket", "inbox/a/pairs.csv", "v1", "\"e\"", 99);
        Origin origin = new Origin(
                new ResolvedJob("a-0a1b2c3d", FINISHED, "0.1.0", source, spec, true),
                TableDigest.of("ab".repeat(32)),
                List.of(0),
                new Origin.Judge(Providers.format(Backend.OPENAI), "openai", "http://127.0.0.1:1/v1"));
        new Merger(new FolderStore(folder), SETTINGS, PriceTable.bundled()).merge(job(true, true, 1), origin);

        JsonNode summary = JsonMapper.shared().readTree(folder.resolve(JobFiles.SUMMARY));
        assertThat(summary.path("simulated").asBoolean(false)).isTrue();
    }

    @Test
    void mergingAndCollectingAgainWritesTheSameBytes() throws IOException {
        merge(job(true, true, 1));
        Map<String, String> first = everyFile();
        collect(1, new BatchEnd.Completed());
        merge(job(true, true, 1));
        assertThat(everyFile()).isEqualTo(first);
    }

    @Test
    void theJudgementsHaveNoTextsAndOneMemberPerSegment() throws IOException {
        merge(job(true, true, 1));

        byte[] file = Files.readAllBytes(folder.resolve(JobFiles.JUDGEMENTS));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("""
                    row,ID1,ID2,better_id,winner_pos,judge,attempt,cost
                    1,a1,b1,b1,2,1,1,0.000848
                    3,a3,b3,a3,1,1,1,0.000848
                    4,a4,b4,b4,2,1,1,0.000848
                    """);
        }
        int end = file.length;
        for (int segment = 3; segment > 0; segment--) {
            byte[] part = Files.readAllBytes(folder.resolve(JobFiles.part(JobFiles.JUDGEMENTS, segment)));
            end -= part.length;
            assertThat(Arrays.copyOfRange(file, end, end + part.length)).isEqualTo(part);
            assertThat(Arrays.copyOfRange(part, 4, 8)).as("time").containsOnly(0);
        }
    }

    @Test
    void noJudgementsAreBetterThanSomeIfAnOlderVersionHasCollectedASegment() throws IOException {
        merge(job(true, true, 1));
        Files.delete(folder.resolve(JobFiles.part(JobFiles.JUDGEMENTS, 2)));
        Merged merged = merge(job(true, true, 1));

        assertThat(folder.resolve(JobFiles.JUDGEMENTS)).doesNotExist();
        assertThat(merged.total().observed()).isEqualTo(3);
    }

    @Test
    void aSegmentThatWasNeverReceivedIsOpen() throws IOException {
        Files.delete(folder.resolve(JobFiles.tally(2)));
        Merged merged = merge(job(new MergedSegment(2, 1, 2, "batch_2", "missing", false, null, null)));
        assertThat(merged.openPairs()).isEqualTo(2);
        assertThat(merged.sentence()).endsWith("5 comparisons = 2 observed + 1 failed + 2 open");
        assertThat(column(JobFiles.COMBINED, "row")).containsExactly("1", "3");
        assertThat(column(JobFiles.FAILED_PAIRS, "ID1")).containsExactly("a6");
    }

    @Test
    void aCollectedSegmentWithoutItsTallyIsNamedAndNothingIsWritten() throws IOException {
        Files.delete(folder.resolve(JobFiles.tally(2)));
        assertThatThrownBy(() -> merge(job(true, true, 1)))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("REGISTRY_CONFLICT")
                .hasMessageContaining("segment 2, parts/batch_02_tally.json")
                .hasMessageContaining("restore the object's last version");
        assertThat(folder.resolve(JobFiles.COMBINED)).doesNotExist();
    }

    @Test
    void theFilesOfASegmentWithFewerColumnsInAnotherOrderAreMappedByTheirNames() throws IOException {
        merge(job(true, true, 1));
        Map<String, String> before = everyFile();
        older(1, List.of("cost", "text1"));
        older(2, List.of("cost", "text1"));

        merge(job(true, true, 1));

        Map<String, String> after = everyFile();
        for (String file : List.of(JobFiles.BATCH_FAILURES, JobFiles.UNMATCHED_LINES, JobFiles.REJECTED_ROWS)) {
            assertThat(after.get(file)).as(file).isEqualTo(before.get(file));
        }
        assertThat(column(JobFiles.COMBINED, "row")).containsExactly("1", "3", "4");
        assertThat(column(JobFiles.COMBINED, "better_id")).containsExactly("b1", "a3", "b4");
        assertThat(column(JobFiles.COMBINED, "text1")).containsExactly("NA", "NA", "NA");
        assertThat(read(JobFiles.FAILED_PAIRS)).isEqualTo("""
                        ID1,text1,ID2,text2,order,repeat,judge,error_code,error_detail
                        a5,NA,b5,y,1,1,1,backend_missing_fields,missing raw result for pair
                        a6,x,b6,y,1,1,1,http_error,Batch status: failed: no_valid_lines
                        """);
        byte[] judgements = Files.readAllBytes(folder.resolve(JobFiles.JUDGEMENTS));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(judgements))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("""
                    row,ID1,ID2,better_id,winner_pos,judge,attempt,cost
                    1,a1,b1,b1,2,1,1,NA
                    3,a3,b3,a3,1,1,1,NA
                    4,a4,b4,b4,2,1,1,NA
                    """);
        }
    }

    @Test
    void aColumnThatThisVersionDoesNotHaveIsRefusedBeforeAnythingIsWritten() throws IOException {
        rename(2, "better_id", "winner_id");
        assertThatThrownBy(() -> merge(job(true, true, 1)))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("segment 2, its share of combined_results.csv")
                .hasMessageContaining("winner_id");
        assertThat(folder.resolve(JobFiles.COMBINED)).doesNotExist();
    }

    @Test
    void aSegmentWithoutRecordedColumnsHasOnlyItsResultsHeader() throws IOException {
        merge(job(true, true, 1));
        Map<String, String> before = everyFile();
        Path tally = folder.resolve(JobFiles.tally(1));
        Files.writeString(
                tally, Files.readString(tally).replaceFirst("\"collect_version\".*?\"columns\":\"\\w+\",", ""));
        Files.delete(folder.resolve("parts/batch_01_headers.json"));
        merge(job(true, true, 1));
        assertThat(everyFile().get(JobFiles.COMBINED)).isEqualTo(before.get(JobFiles.COMBINED));

        Files.writeString(folder.resolve(JobFiles.part(JobFiles.UNMATCHED_LINES, 1)), "1,file,2,reason\n");
        assertThatThrownBy(() -> merge(job(true, true, 1)))
                .hasMessageContaining("rows of 4 columns without their names");
    }

    /// Makes the segment's files those of a version that had fewer columns, with the last of them first.
    private void older(int segment, List<String> without) throws IOException {
        Path headers = folder.resolve("parts/batch_0" + segment + "_headers.json");
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(headers);
        for (String file : json.propertyNames()) {
            List<String> names =
                    json.path(file).valueStream().map(JsonNode::stringValue).toList();
            List<String> kept =
                    names.reversed().stream().filter(n -> !without.contains(n)).toList();
            boolean results = file.equals(JobFiles.COMBINED);
            Path share = folder.resolve(results ? JobFiles.results(segment) : JobFiles.part(file, segment));
            boolean gzipped = file.endsWith(".gz");
            byte[] bytes = Files.readAllBytes(share);
            String text = new String(
                    gzipped ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes,
                    StandardCharsets.UTF_8);
            StringBuilder mapped = new StringBuilder();
            for (String line : text.lines().toList()) {
                List<String> fields = List.of(line.split(",", -1));
                mapped.append(String.join(
                                ",",
                                kept.stream()
                                        .map(n -> fields.get(names.indexOf(n)))
                                        .toList()))
                        .append('\n');
            }
            try (OutputStream file1 = Files.newOutputStream(share);
                    OutputStream out = gzipped ? new GZIPOutputStream(file1) : file1) {
                out.write(mapped.toString().getBytes(StandardCharsets.UTF_8));
            }
            kept.forEach(json.putArray(file)::add);
        }
        other(segment, headers, json);
    }

    private void rename(int segment, String column, String name) throws IOException {
        Path headers = folder.resolve("parts/batch_0" + segment + "_headers.json");
        String text = Files.readString(headers).replace('"' + column + '"', '"' + name + '"');
        other(segment, headers, JsonMapper.shared().readTree(text));
    }

    private void other(int segment, Path headers, JsonNode json) throws IOException {
        Files.writeString(headers, json.toString());
        Path tally = folder.resolve(JobFiles.tally(segment));
        Files.writeString(
                tally,
                Files.readString(tally).replaceFirst("\"columns\":\"\\w+\"", "\"columns\":\"of another version\""));
    }

    private MergeJob job(MergedSegment second) {
        MergeJob job = job(true, true, 1);
        return new MergeJob(
                job.jobId(),
                job.version(),
                List.of(job.segments().getFirst(), second, job.segments().getLast()),
                job.rejectedRows(),
                job.leftRows(),
                job.keepJsonl(),
                job.writeCombinedCsv(),
                job.notices(),
                FINISHED,
                null);
    }

    @Test
    void aCountThatDoesNotAddUpStopsTheMergeBeforeTheSummary() throws IOException {
        MergeJob wrong = new MergeJob(
                "essays-0a1b2c3d",
                "0.1.0",
                List.of(new MergedSegment(1, 1, 9, "batch_1", "completed", true, null, RECEIVED)),
                0,
                0,
                true,
                true,
                List.of(),
                FINISHED,
                "0.0.9");
        assertThatThrownBy(() -> merge(wrong)).isInstanceOf(IllegalStateException.class);
        assertThat(folder.resolve(JobFiles.SUMMARY)).doesNotExist();
    }

    @Test
    void requestsAndAnswersOfGoodBatchesAreDeletedUnlessTheyAreKept() throws IOException {
        merge(job(false, true, 1));
        assertThat(folder.resolve(JobFiles.input(1))).doesNotExist();
        assertThat(folder.resolve(JobFiles.output(2))).doesNotExist();
        assertThat(folder.resolve(JobFiles.input(3))).exists();
        assertThat(folder.resolve(JobFiles.pairs(1))).exists();
        assertThat(folder.resolve(JobFiles.results(1))).exists();
    }

    @Test
    void noCombinedFileIsWrittenIfTheJobDoesNotWantOne() throws IOException {
        merge(job(true, false, 1));
        assertThat(folder.resolve(JobFiles.COMBINED)).doesNotExist();
        assertThat(folder.resolve(JobFiles.SUMMARY)).exists();
    }

    @Test
    void anEmptyJobHasItsHeadersAndItsSummary() throws IOException {
        Merged merged =
                merge(new MergeJob("empty-0a1b2c3d", "0.1.0", List.of(), 0, 0, true, true, List.of(), FINISHED, null));
        assertThat(merged.sentence())
                .isEqualTo("0 rows = 0 accepted + 0 rejected; 0 comparisons = 0 observed + 0 failed");
        assertThat(read(JobFiles.COMBINED)).startsWith("text1,text2,A_id").endsWith("provider_error,cost\n");
        assertThat(column(JobFiles.COMBINED, "row")).isEmpty();
        assertThat(read(JobFiles.FAILED_PAIRS))
                .isEqualTo("ID1,text1,ID2,text2,order,repeat,judge,error_code,error_detail\n");
    }

    private MergeJob job(boolean keepJsonl, boolean writeCombined, long rejected) {
        return new MergeJob(
                "essays-0a1b2c3d",
                "0.1.0",
                List.of(
                        new MergedSegment(1, 1, 2, "batch_1", "completed", true, null, RECEIVED),
                        new MergedSegment(2, 1, 2, "batch_2", "ended", true, null, RECEIVED),
                        new MergedSegment(3, 1, 1, "batch_3", "failed", false, null, RECEIVED)),
                rejected,
                0,
                keepJsonl,
                writeCombined,
                List.of("a notice"),
                FINISHED,
                "0.0.9");
    }

    private Merged merge(MergeJob job) throws IOException {
        return new Merger(new FolderStore(folder), SETTINGS, PriceTable.bundled()).merge(job);
    }

    private void collect(int segment, BatchEnd end) throws IOException {
        new SegmentCollector(new FolderStore(folder), SETTINGS, PriceTable.bundled())
                .collect(new EndedSegment(segment, 1, "batch_" + segment, end, RECEIVED));
    }

    private Map<String, String> everyFile() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private List<String> column(String file, String name) throws IOException {
        List<String> lines = read(file).lines().toList();
        int place = List.of(lines.getFirst().split(",", -1)).indexOf(name);
        return lines.stream().skip(1).map(l -> l.split(",", -1)[place]).toList();
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(folder.resolve("parts"));
        Files.writeString(path, text);
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
