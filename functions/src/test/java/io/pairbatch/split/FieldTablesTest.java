package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineCollect;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.TableFile;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.standins.MemoryTable;
import io.pairbatch.store.S3JobStore;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;

/// Tables as other programs and people really write them (`field-tables/`): each is dropped as it is, gzipped, and
/// alone with its fields in the metadata. `told.txt` is what becomes of it: its rows and what is told of them, or why
/// it is refused.
class FieldTablesTest {

    private static final Path CASES = Path.of("src/test/resources/field-tables");

    @TempDir
    private Path work;

    private final JobFixture fixture = new JobFixture();
    private final MemoryTable table = fixture.table;
    private final MemoryBuckets buckets = new MemoryBuckets(fixture.clock, "b");
    private final JobRegistry registry = fixture.jobs;
    private final SegmentRegistry segments = fixture.segments;

    private SplitStep step() {
        return fixture.splitting(buckets, arn -> true);
    }

    @TestFactory
    Stream<DynamicTest> isToldWhereverItIsDropped() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> cases = Files.list(CASES)) {
            for (Path folder : cases.sorted().toList()) {
                if (Files.exists(folder.resolve("told.txt"))) {
                    String name = folder.getFileName().toString();
                    tests.add(DynamicTest.dynamicTest(name, () -> check(folder, false, false)));
                    tests.add(DynamicTest.dynamicTest(name + ", gzipped", () -> check(folder, true, false)));
                    tests.add(DynamicTest.dynamicTest(name + ", alone", () -> check(folder, false, true)));
                }
            }
        }
        assertThat(tests).hasSize(3 * 17);
        return tests.stream();
    }

    private void check(Path folder, boolean zipped, boolean alone) throws Exception {
        Path data = table(folder);
        byte[] bytes = Files.readAllBytes(data);
        String name = data.getFileName().toString() + (zipped ? ".gz" : "");
        String job = Files.readString(folder.resolve("job.json"));
        String slug = folder.getFileName() + (zipped ? "-zipped" : "") + (alone ? "-alone" : "");
        String key = alone ? "inbox/" + slug + "-" + name : "inbox/" + slug + "/" + name;
        byte[] content = zipped ? gzip(bytes) : bytes;
        Map<String, String> fields = new TreeMap<>();
        if (alone) {
            Json.MAPPER
                    .readTree(job)
                    .properties()
                    .forEach(f -> fields.put(f.getKey(), f.getValue().asString()));
        } else {
            buckets.putObject(r -> r.bucket("b").key("inbox/" + slug + "/job.json"), RequestBody.fromString(job));
        }
        buckets.putObject(r -> r.bucket("b").key(key).metadata(fields), RequestBody.fromBytes(content));
        String told = told(step().begin("b", key, "arn:one", Deadline.NONE));
        assertThat(told.replace(slug + "-", "")
                        .replace("metadata of " + name, "job.json")
                        .replace("gunzip -c " + name + " | iconv", "iconv")
                        .replaceAll("gunzip -c (\\S+) \\| (jq [^>]*) >", "$2 < $1 >")
                        .replace(zipped ? " > pairs-utf8.csv" : "\0", " " + data.getFileName() + " > pairs-utf8.csv")
                        .replace(".gz", ""))
                .isEqualTo(Files.readString(folder.resolve("told.txt")));
    }

    private String told(SplitStep.Result result) throws IOException {
        return switch (result) {
            case SplitStep.Result.Stopped stopped -> {
                assertThat(stopped.why().state()).isEqualTo(JobState.REJECTED);
                yield stopped.why().message() + "\n";
            }
            case SplitStep.Result.Split split -> {
                JobItem item = registry.find(split.job().id()).orElseThrow();
                StringBuilder lines = new StringBuilder("%d rows = %d accepted + %d rejected\n"
                        .formatted(item.rowsRead(), item.rowsAccepted(), item.rowsRejected()));
                TableReport report = record(item.jobId()).table();
                report.sentences().forEach(sentence -> lines.append(sentence).append('\n'));
                assertThat(TableFile.read(new S3JobStore(buckets, "b", item.jobId())))
                        .isEqualTo(report);
                yield lines.toString();
            }
            default -> throw new AssertionError(result);
        };
    }

    private JobRecord record(String id) {
        return new JobIndex(table, "t").find(id).orElseThrow();
    }

    private static Path table(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("pairs."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    @Test
    void whatIsSentIsStrictJsonForHalfCharactersToo() throws IOException {
        OfflineSplit.Report report = split("14-jsonl-surrogate");
        assertThat(report.totals().accepted()).isEqualTo(3);
        String input = Files.readString(work.resolve("out/batch_01_input.jsonl"));
        assertThat(input).contains("half \uFFFD an emoji").doesNotContain("\\ud83d", "\\udc00");
        input.lines().forEach(Json.MAPPER::readTree);
    }

    @Test
    void selfPairsAndRepeatsAreKeptApartInTheResults() throws IOException {
        assertThat(judged("28-same-text", "row", "pair_uid", "better_id"))
                .containsExactly("1 a:a#1 a", "2 a:b#1 b", "3 a:b#2 b", "4 a:b#3 a", "5 a:b#4 b");
    }

    @Test
    void rowsWithADoubledPairUidHaveALineEach() throws IOException {
        assertThat(judged("36-dup-pair-uid", "row", "pair_uid", "pair_uid_provided", "better_id"))
                .containsExactly("1 u1 u1 b", "2 u1 u1 d", "3 e:f#1  f", "4 g:h#1 NA h");
    }

    @Test
    void theSummaryCountsByReasonAndTellsWhatWasFound() throws IOException {
        judged("05-win1252-allowed", "row");
        JsonNode summary = Json.MAPPER.readTree(work.resolve("out/summary.json"));
        assertThat(summary.path("conservation").path("rejected_by_reason").toString())
                .isEqualTo("{\"invalid_utf8\":{\"rows\":1,\"first\":[2]}}");
        assertThat(summary.path("found").toString()).isEqualTo("{}");
        assertThat(summary.path("notices").toString()).isEqualTo("[\"1 row rejected: 1 invalid_utf8 (row 2)\"]");
    }

    /// Lets the second text of each pair win, and reads some columns of the results.
    private List<String> judged(String name, String... columns) throws IOException {
        OfflineSplit.Report report = split(name);
        StringBuilder answers = new StringBuilder();
        for (long row = report.totals().rows(); row > 0; row--) {
            answers.append("{\"custom_id\":\"" + report.job().token() + "-" + row
                    + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":\"chat.completion\",\"choices\":[{\"message\":"
                    + "{\"content\":\"<BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>\"}}]}}}\n");
        }
        Files.writeString(work.resolve("out").resolve(JobFiles.output(1)), answers);
        new OfflineCollect(PriceTable.bundled()).run(work.resolve("out"));
        try (CsvReader<NamedCsvRecord> rows =
                CsvReader.builder().ofNamedCsvRecord(work.resolve("out").resolve(JobFiles.COMBINED))) {
            return rows.stream()
                    .map(row -> Arrays.stream(columns).map(row::getField).collect(Collectors.joining(" ")))
                    .toList();
        }
    }

    private OfflineSplit.Report split(String name) throws IOException {
        Path folder = CASES.resolve(name);
        return new OfflineSplit("0.1.0", InstantSource.system())
                .run(table(folder), folder.resolve("job.json"), work.resolve("out"));
    }

    @Test
    void aDeeperFolderIsToldAndNotSwallowed() throws Exception {
        List<String> drops = List.of("inbox/course/week1/job.json", "inbox/course/week1/pairs.csv");
        for (int i = 0; i < drops.size(); i++) {
            String key = drops.get(i);
            byte[] bytes = Files.readAllBytes(CASES.resolve("93-nested").resolve("object" + i));
            buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromBytes(bytes));
            assertThat(begin(key)).isInstanceOf(SplitStep.Result.Quiet.class);
        }
        assertThat(new JobIndex(table, "t").page(20, null).jobs())
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.state()).isEqualTo(JobState.WAITING_FOR_SPEC);
                    assertThat(job.sourceKey()).isEqualTo("inbox/course/week1/");
                    assertThat(job.errorMessage())
                            .isEqualTo(
                                    "its folder is too deep: job.json and the file of pairs belong into inbox/NAME/");
                });
    }

    @Test
    void otherFilesInADeeperFolderAreNotTalkedAbout() throws Exception {
        buckets.putObject(r -> r.bucket("b").key("inbox/course/words/mine.txt"), RequestBody.fromString("x"));
        begin("inbox/course/words/mine.txt");
        assertThat(new JobIndex(table, "t").page(20, null).jobs()).isEmpty();
    }

    @Test
    void filesThatAreDroppedThreeTimesAreOneJobAndOneBatch() throws Exception {
        List<String> begun = new ArrayList<>();
        String[] names = {"job.json", "pairs.csv", "pairs.csv", "job.json", "pairs.csv"};
        for (int i = 0; i < names.length; i++) {
            String key = "inbox/thrice/" + names[i];
            byte[] bytes = Files.readAllBytes(CASES.resolve("96-thrice").resolve("object" + i));
            buckets.putObject(r -> r.bucket("b").key(key), RequestBody.fromBytes(bytes));
            SplitStep.Result result = step().begin("b", key, "arn:" + i, Deadline.NONE);
            if (result instanceof SplitStep.Result.Split split) {
                begun.add(split.job().id());
            }
        }
        assertThat(begun).hasSize(1);
        assertThat(new JobIndex(table, "t").page(20, null).jobs())
                .extracting(JobRecord::jobId)
                .containsExactly(begun.getFirst());
        assertThat(segments.all(begun.getFirst())).hasSize(1);
    }

    private SplitStep.Result begin(String key) throws IOException, FencedException {
        return step().begin("b", key, "arn:one", Deadline.NONE);
    }

    /// For a person who adds a case: what is told of it.
    @Test
    void aTextIsNeverTold() throws IOException {
        try (Stream<Path> cases = Files.list(CASES)) {
            for (Path folder : cases.toList()) {
                Path told = folder.resolve("told.txt");
                if (Files.exists(told)) {
                    assertThat(Files.readString(told, StandardCharsets.UTF_8))
                            .doesNotContain("kettle", "width", "late");
                }
            }
        }
    }
}
