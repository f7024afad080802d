package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.pairs.Pair;
import io.pairbatch.pairs.PairRows;
import io.pairbatch.pairs.Position;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RowFinding;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.results.PairFile;
import io.pairbatch.results.PairTexts;
import io.pairbatch.samples.Samples;
import io.pairbatch.store.Csv;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.MemoryStore;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Jobs whose pairs are made of samples.
class DesignedPairsTest {

    private static final Deadline AT_ONCE = new Deadline(Instant.EPOCH, Clock.systemUTC());
    private static final String ALL = "\"pairing\": {\"design\": \"all\"}";

    /// The same pairs, segments and requests as of a table of these pairs, wherever the split pauses.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"pairing\": {\"design\": \"all\", \"order\": \"random\"}, \"batch_size\": 7",
                "\"pairing\": {\"design\": \"all\", \"order\": \"alternate\"}, \"n_segments\": 5",
                "\"pairing\": {\"design\": \"per_sample\", \"k\": 4, \"seed\": 5}, \"batch_size\": 9",
                "\"pairing\": {\"design\": \"random\", \"pairs\": 50, \"order\": \"both\"}, \"n_segments\": 11",
                "\"pairing\": {\"design\": \"linked\", \"k\": 3, \"anchors\": [\"s3\", \"s4\", \"s7\"]}, \"batch_size\": 4",
                "\"pairing\": {\"design\": \"per_sample\", \"k\": 6}, \"batch_size\": 3, \"limit\": 20",
            })
    void aPausedSplitWritesWhatOneOfTheirTableDoes(String fields) throws IOException {
        InputFile samples = JobFixture.table("samples.jsonl", samples(20));
        BatchLimits limits = new BatchLimits(400, 60_000, 5_000);
        MemoryStore stopped = new MemoryStore();
        List<Segment> segments = new ArrayList<>();
        SplitCursor cursor = SplitCursor.START;
        SplitResult result;
        int calls = 0;
        do {
            result = new Splitter(JobFixture.resolved(fields), samples, stopped, limits)
                    .run(cursor, AT_ONCE, segments::add);
            calls++;
            if (result instanceof SplitResult.Paused paused) {
                cursor = SplitCursor.fromJson(paused.cursor().toJson());
            }
        } while (result instanceof SplitResult.Paused);

        MemoryStore table = new MemoryStore();
        List<Segment> wanted = new ArrayList<>();
        SplitResult whole = new Splitter(
                        JobFixture.resolved(fields.replaceFirst("\"pairing\": \\{[^}]*}, ", "")),
                        JobFixture.table("pairs.csv", csv(fields, samples)),
                        table,
                        limits)
                .run(SplitCursor.START, Deadline.NONE, wanted::add);
        assertThat(calls).isGreaterThan(2);
        assertThat(segments).isEqualTo(wanted);
        assertThat(((SplitResult.Done) result).content()).isEqualTo(((SplitResult.Done) whole).content());
        assertThat(((SplitResult.Done) result)
                        .totals()
                        .with(((SplitResult.Done) whole).totals().table()))
                .isEqualTo(((SplitResult.Done) whole).totals());
        Map<String, String> files = stopped.texts();
        Map<String, String> expected = table.texts();
        for (Map<String, String> each : List.of(files, expected)) {
            each.keySet().removeIf(name -> name.endsWith("seen.bin") || name.endsWith("table.json"));
        }
        files.keySet().removeAll(List.of(JobFiles.DESIGN, JobFiles.SAMPLES));
        // Texts stand once, in the samples.
        for (String name : List.copyOf(expected.keySet())) {
            if (name.endsWith("_pairs.jsonl")) {
                assertThat(read(stopped, name)).isEqualTo(read(table, name));
                assertThat(files.remove(name)).doesNotContain("word");
                expected.remove(name);
            }
        }
        assertThat(files).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,Das Caf% au lait | to make a copy in UTF-8: `iconv -f WINDOWS-1252 -t UTF-8 s.csv > s-utf8.csv`",
                "a,Das Caf% au lait/b,über | line 2 is not UTF-8, and the others are: save it again in UTF-8",
            })
    void ofSamplesThatAreNotUtf8ItIsSaidWhatMendsThem(String rows, String mends) {
        byte[] bytes = ("ID,text\n" + rows.replace('/', '\n') + "\nc,x\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '%' ? (byte) 0xE9 : bytes[i];
        }
        InputFile samples = new InputFile(
                "s.csv",
                bytes.length,
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset));
        JobRejectedException refused = catchThrowableOfType(
                JobRejectedException.class,
                () -> PairSource.of(JobFixture.resolved(ALL).spec(), samples).close());
        assertThat(refused.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.expected()).contains(mends));
    }

    private static List<List<String>> read(MemoryStore store, String name) throws IOException {
        List<List<String>> pairs = new ArrayList<>();
        try (PairTexts texts = new PairTexts(store);
                PairFile file = PairFile.open(store, name, texts)) {
            for (Pair pair = file.next(); pair != null; pair = file.next()) {
                pairs.add(List.of(pair.row() + "", pair.id1(), pair.text1(), pair.id2(), pair.text2()));
            }
        }
        return pairs;
    }

    private static String csv(String fields, InputFile samples) throws IOException {
        StringBuilder csv = new StringBuilder();
        try (PairSource source = PairSource.of(JobFixture.resolved(fields).spec(), samples);
                PairRows rows = source.open(Position.START)) {
            Csv.line(csv, rows.header());
            for (InputRow row = rows.read(); row != null; row = rows.read()) {
                Pair pair = ((InputRow.Accepted) row).pair();
                Csv.line(
                        csv,
                        rows.header().stream()
                                .map(name -> switch (name) {
                                    case "text1" -> pair.text1();
                                    case "text2" -> pair.text2();
                                    default -> pair.columns().get(name);
                                })
                                .toList());
            }
        }
        return csv.toString();
    }

    private static String samples(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            lines.append("{\"ID\": \"s" + i + "\", \"text\": \"" + "é\\n\\\"word\\\" ".repeat(i) + i + "\""
                    + (i % 3 == 0 ? ", \"grade\": " + i : "") + (i == 11 ? ", \"late\": \"\"" : "") + "}\n");
        }
        return lines.toString();
    }

    @Test
    void otherColumnsOfBothAreCarried() throws IOException {
        MemoryStore store = new MemoryStore();
        split(ALL, "ID,text,grade\na,one,1\nb,two,NA\n", store);
        assertThat(store.text(JobFiles.COLUMNS))
                .isEqualTo("[\"ID1\",\"text1\",\"ID2\",\"text2\",\"ID1.grade\",\"ID2.grade\"]\n");
        assertThat(store.text(JobFiles.pairs(1)))
                .isEqualTo(
                        "{\"row\":1,\"pair\":{\"ID1\":\"a\",\"ID2\":\"b\",\"ID1.grade\":\"1\",\"ID2.grade\":null}}\n");
        assertThat(store.text(JobFiles.SAMPLES))
                .isEqualTo("{\"ID\":\"a\",\"text\":\"one\"}\n{\"ID\":\"b\",\"text\":\"two\"}\n");
    }

    @Test
    void whatIsComparedIsWrittenDown() throws IOException {
        MemoryStore store = new MemoryStore();
        split("\"pairing\": {\"design\": \"per_sample\", \"k\": 4}", samples(20), store);
        JsonNode design = Json.MAPPER.readTree(store.text(JobFiles.DESIGN));
        assertThat(design.path("words").stringValue())
                .isEqualTo("20 samples, per_sample k=4: 40 comparisons, connected, 4 each");
        assertThat(design.path("connected").booleanValue()).isTrue();
        assertThat(design.path("position_imbalance").intValue()).isZero();
    }

    @Test
    void whatADrawLeavesApartIsTold() throws IOException {
        SplitResult.Done done =
                split("\"pairing\": {\"design\": \"random\", \"pairs\": 6}", samples(20), new MemoryStore());
        assertThat(done.totals().table().sentences())
                .anySatisfy(
                        sentence -> assertThat(sentence).startsWith("samples are in no comparison (10: s2, s5, s6, …)"))
                .anySatisfy(sentence -> assertThat(sentence).startsWith("no comparison connects all samples"));
    }

    @Test
    void whatIsOddAboutSamplesIsToldByTheirIdsAndRows() throws IOException {
        SplitResult.Done done = split(
                ALL,
                "ID,text\na,cafÃ©\nb,<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>\na,cafÃ©\nc,cafÃ©\n",
                new MemoryStore());
        assertThat(done.totals().table().found(RowFinding.MOJIBAKE).first()).containsExactly(1L, 3L, 4L);
        assertThat(done.totals().table().found(RowFinding.TAG_IN_TEXT).first()).containsExactly(2L);
        assertThat(done.totals().table().sentences())
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith("3 samples with letters such as")
                        .endsWith(": `a`, `c`"))
                .anySatisfy(sentence ->
                        assertThat(sentence).startsWith("1 sample with").endsWith(": `b`"))
                .contains(
                        "samples that stand there twice, with the same text, count once (`a` in row 1 and row 3)",
                        "samples have the same text as an earlier one, under another ID (`a` (row 1) and `c` (row 4))");
        assertThat(done.totals().accepted()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a,one|a,two|b, ! 1 ID that has another text before: `a` in row 1 and row 2 ! 1 text that is empty",
                "a,one ! found 1 sample; expected at least 2 ! found 1 sample",
                "a,one|,two|b ! rows that cannot be read: 1 missing_id (row 2 ! 1 ragged_row (row 3",
            })
    void badSamplesRefuseTheJobAndNothingIsWritten(String rows, String one, String other) {
        MemoryStore store = new MemoryStore();
        assertThat(refused(ALL, "ID,text\n" + rows.replace('|', '\n') + "\n", store))
                .contains("SAMPLE_ROWS", one, other);
        assertThat(store.texts()).isEmpty();
    }

    @Test
    void aTableOfPairsHasNoPairing() {
        for (String table : List.of(
                "ID1,text1,ID2,text2,ID,text\na,x,b,y,c,z\n",
                "{\"ID1\": \"a\", \"text1\": \"x\", \"ID2\": \"b\", \"text2\": \"y\"}\n")) {
            assertThat(refused(ALL, table, new MemoryStore()))
                    .contains("INPUT_COLUMNS: t", "found a table of pairs: the columns ID1, text1, ID2, text2")
                    .contains("--set pairing=null");
        }
    }

    @Test
    void aTableOfSamplesNeedsOne() {
        for (String table : List.of("ID,text,x\na,x,1\n", "{\"ID\": \"a\", \"text\": \"x\", \"x\": 1}\n")) {
            assertThat(refused("", table, new MemoryStore()))
                    .contains("INPUT_COLUMNS: t", "found a table of samples: the columns ID, text, x, and no `pairing`")
                    .contains("{\"design\": \"per_sample\", \"k\": 10}");
        }
    }

    @Test
    void aColumnThatIsMissingIsNamed() {
        assertThat(refused(ALL, "ID,essay\na,x\n", new MemoryStore()))
                .contains("expected the columns `ID` and `text`; missing: text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "{\"design\": \"per_sample\", \"k\": 20} ! field `pairing`: found 20 comparisons for each of 20 samples;",
                "{\"design\": \"linked\", \"k\": 1, \"anchors\": [\"s3\", \"S4\"]} ! field `pairing.anchors`: found \"S4\","
                        + " which is the ID of no sample; expected perhaps \"s4\"",
            })
    void aDesignThatTheSamplesDoNotAllowIsRefused(String pairing, String problem) {
        assertThat(refused("\"pairing\": " + pairing, samples(20), new MemoryStore()))
                .startsWith("PAIRING_REFUSED: job.json, ")
                .contains(problem);
    }

    @Test
    void moreComparisonsThanTheJobAllowsAreRefused() throws IOException {
        assertThat(refused(ALL + ", \"max_comparisons\": 189", samples(20), new MemoryStore()))
                .contains(
                        "PAIRING_REFUSED",
                        "field `pairing`: found 190 comparisons (all); expected 189 at most, as `max_comparisons` has it")
                .contains("189 at most");
        split(ALL + ", \"max_comparisons\": 190", samples(20), new MemoryStore());
        assertThat(refused(
                        "\"pairing\": {\"design\": \"all\", \"order\": \"both\"}, \"max_comparisons\": 379",
                        samples(20),
                        new MemoryStore()))
                .contains("found 380 comparisons");
    }

    @Test
    void aTableThatDoesNotFitIsRefused() throws IOException {
        InputFile table = JobFixture.table("samples.jsonl", samples(20));
        for (Samples.Limits limits : List.of(
                new Samples.Limits(19, 1000, 1 << 20),
                new Samples.Limits(20, 50, 1 << 20),
                new Samples.Limits(20, 1000, 1000))) {
            assertThat(catchThrowableOfType(
                                    JobRejectedException.class,
                                    () -> DesignedPairs.read(JobFixture.spec(ALL), table, limits)
                                            .close())
                            .getMessage())
                    .contains("PAIRING_REFUSED", "a table that goes on after", "./pairbatch pairs");
        }
        DesignedPairs.read(JobFixture.spec(ALL), table, new Samples.Limits(20, 51, 1 << 20))
                .close();
    }

    /// Where a request can be too large, the design does not say how many are sent.
    @Test
    void comparisonsWhoseRequestIsTooLargeAreRejectedAndNotCounted() throws IOException {
        String table = "ID,text\na,one\nb,two\nc," + "x".repeat(3000) + "\nd,four\n";
        BatchLimits limits = new BatchLimits(400, 60_000, 2_000);
        List<Segment> segments = new ArrayList<>();
        SplitResult.Done done = (SplitResult.Done) new Splitter(
                        JobFixture.resolved(ALL + ", \"n_segments\": 3"),
                        JobFixture.table("t", table),
                        new MemoryStore(),
                        limits)
                .run(SplitCursor.START, Deadline.NONE, segments::add);
        assertThat(segments).extracting(Segment::rows).containsExactly(1, 1, 1);
        assertThat(done.totals().rejected()).isEqualTo(3);
    }

    private static SplitResult.Done split(String fields, String table, MemoryStore store) throws IOException {
        ResolvedJob job = JobFixture.resolved(fields);
        return (SplitResult.Done) new Splitter(job, JobFixture.table("t", table), store)
                .run(SplitCursor.START, Deadline.NONE, segment -> {});
    }

    private static String refused(String fields, String table, MemoryStore store) {
        return String.join(
                "\n",
                catchThrowableOfType(JobRejectedException.class, () -> split(fields, table, store)).problems().stream()
                        .map(Problem::message)
                        .toList());
    }
}
