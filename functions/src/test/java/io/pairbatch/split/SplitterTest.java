package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.testing.JobFixture;
import io.pairbatch.testing.MemoryStore;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SplitterTest {

    private static final BatchLimits LIMITS = Providers.format(Backend.OPENAI).limits();

    private static final Deadline AT_ONCE = new Deadline(Instant.EPOCH, Clock.systemUTC());

    @TestFactory
    Stream<DynamicTest> aSplitThatStopsAtEverySegmentWritesTheSameBytes() throws IOException {
        Map<String, InputFile> tables = new LinkedHashMap<>();
        tables.put("csv", JobFixture.table("pairs.csv", csv(3000)));
        tables.put("gzipped csv", JobFixture.table("pairs.csv.gz", gzip(csv(3000))));
        tables.put("jsonl", JobFixture.table("pairs.jsonl", jsonl(3000)));
        tables.put("gzipped jsonl", JobFixture.table("pairs.jsonl.gz", gzip(jsonl(3000))));
        List<String> specs = List.of(
                "",
                "\"batch_size\": 7",
                "\"n_segments\": 11",
                "\"batch_size\": 1000",
                "\"batch_size\": 701, \"both_orders\": true, \"repeats\": 3",
                "\"n_segments\": 11, \"repeats\": 2, \"limit\": 500");
        return tables.entrySet().stream()
                .flatMap(table -> specs.stream()
                        .map(spec -> DynamicTest.dynamicTest(
                                table.getKey() + " " + spec, () -> compareWithStops(table.getValue(), spec))));
    }

    private static void compareWithStops(InputFile table, String spec) throws IOException {
        ResolvedJob job = JobFixture.resolved(spec);
        BatchLimits limits = new BatchLimits(400, 60_000, 5_000);
        MemoryStore once = new MemoryStore();
        List<Segment> segments = new ArrayList<>();
        SplitResult whole = new Splitter(job, table, once, limits).run(SplitCursor.START, Deadline.NONE, segments::add);

        MemoryStore stopped = new MemoryStore();
        List<Segment> again = new ArrayList<>();
        SplitCursor cursor = SplitCursor.START;
        SplitResult result;
        int calls = 0;
        do {
            result = new Splitter(job, table, stopped, limits).run(cursor, AT_ONCE, again::add);
            calls++;
            if (result instanceof SplitResult.Paused paused) {
                String json = paused.cursor().toJson();
                assertThat(json.length()).isLessThan(4000);
                cursor = SplitCursor.fromJson(json);
                assertThat(cursor).isEqualTo(paused.cursor());
            }
        } while (result instanceof SplitResult.Paused);

        assertThat(calls).isGreaterThan(2);
        assertThat(result).isEqualTo(whole);
        assertThat(again).isEqualTo(segments);
        Map<String, String> files = stopped.texts();
        files.keySet().removeIf(name -> name.matches("parts/batch_\\d+_(columns\\.json|seen\\.bin)"));
        assertThat(files).isEqualTo(once.texts());
    }

    @Test
    void aRowMakesItsComparisonsOneAfterTheOther() throws IOException {
        MemoryStore store = new MemoryStore();
        List<Segment> segments = split(
                "\"batch_size\": 5, \"both_orders\": true, \"repeats\": 2",
                store,
                LIMITS,
                "A,alpha,B,beta\n,x,Y,y\nC,c,D,d\n");
        assertThat(segments).extracting(Segment::firstRow).containsExactly(1L, 10L);
        assertThat(segments).extracting(Segment::lastRow).containsExactly(9L, 12L);
        assertThat(ids(store)).containsExactly("1AB", "2BA", "3AB", "4BA", "9CD", "10DC", "11CD", "12DC");
        String reversed = store.text("batch_01_input.jsonl").lines().toList().get(1);
        assertThat(reversed).contains("-2\"");
        assertThat(reversed.indexOf("beta")).isPositive().isLessThan(reversed.indexOf("alpha"));
        assertThat(store.text("parts/batch_01_rejected_rows.csv")).startsWith("2,");
    }

    @Test
    void ofASampleEachRowIsJudgedInFullOrNotAtAll() throws IOException {
        MemoryStore store = new MemoryStore();
        split(
                "\"batch_size\": 5, \"both_orders\": true, \"limit\": 2",
                store,
                LIMITS,
                "A,a,B,b\nC,c,D,d\nE,e,F,f\nG,g,H,h\n");
        List<String> ids =
                ids(store).stream().map(id -> id.replaceAll("[^A-Z]", "")).toList();
        assertThat(ids).hasSize(4);
        assertThat(ids.stream().map(SplitterTest::sorted).distinct()).hasSize(2);
    }

    @Test
    void aRowOfWhichAnyRequestIsTooLargeIsRejectedOnce() throws IOException {
        String rows = "A,a,B,b\n";
        MemoryStore one = new MemoryStore();
        split("", one, LIMITS, rows);
        int line = one.text("batch_01_input.jsonl").length();
        MemoryStore store = new MemoryStore();
        // The number of the tenth comparison has a digit more.
        assertThat(split("\"repeats\": 9", store, new BatchLimits(100, 1 << 20, line), rows))
                .hasSize(1);
        assertThat(split("\"repeats\": 10", store, new BatchLimits(100, 1 << 20, line), rows))
                .isEmpty();
        assertThat(store.text("parts/batch_00_rejected_rows.csv").lines()).hasSize(1);
    }

    @Test
    void theCountPausesHoweverManyComparisonsARowMakes() throws IOException {
        InputFile table = JobFixture.table("pairs.csv", "ID1,text1,ID2,text2\n" + "A,a,B,b\n".repeat(3000));
        for (String more : List.of("", ", \"both_orders\": true", ", \"repeats\": 3")) {
            SplitResult result = new Splitter(JobFixture.resolved("\"n_segments\": 2" + more), table, new MemoryStore())
                    .run(SplitCursor.START, AT_ONCE, s -> {});
            assertThat(result).as(more).isInstanceOf(SplitResult.Paused.class);
            SplitCursor cursor = ((SplitResult.Paused) result).cursor();
            assertThat(cursor.counting()).as(more).isTrue();
            assertThat(cursor.counted()).as(more).isEqualTo(1024);
        }
    }

    @Test
    void failedPairsAreComparisonsAlready() {
        String failed = "ID1,text1,ID2,text2,order,repeat,judge,error_code,error_detail\nA,a,B,b,2,3,1,no_tag,\n";
        assertThat(sizesOf("\"batch_size\": 1", failed)).containsExactly(1);
        assertThatThrownBy(() -> sizesOf("\"repeats\": 2", failed))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("which is one comparison already");
        String line = "{\"ID1\":\"A\",\"text1\":\"a\",\"ID2\":\"B\",\"text2\":\"b\",\"order\":\"1\",\"repeat\":\"1\","
                + "\"judge\":\"1\",\"error_code\":\"no_tag\",\"error_detail\":null}\n";
        assertThat(sizesOf("\"batch_size\": 1", line)).containsExactly(1);
        assertThat(sizesOf("\"repeats\": 2", line)).isEmpty();
    }

    private static List<Integer> sizesOf(String spec, String table) {
        List<Integer> sizes = new ArrayList<>();
        try {
            new Splitter(JobFixture.resolved(spec), JobFixture.table("pairs.csv", table), new MemoryStore(), LIMITS)
                    .run(SplitCursor.START, Deadline.NONE, segment -> sizes.add(segment.rows()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return sizes;
    }

    private static String sorted(String ids) {
        return ids.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
    }

    /// Number and IDs of each comparison that is sent, such as `1AB`.
    private static List<String> ids(MemoryStore store) {
        return store.texts().entrySet().stream()
                .filter(file -> file.getKey().endsWith("_pairs.jsonl"))
                .flatMap(file -> file.getValue().lines())
                .map(line -> Json.MAPPER.readTree(line))
                .map(pair -> pair.path("row").asString()
                        + pair.at("/pair/ID1").asString()
                        + pair.at("/pair/ID2").asString())
                .toList();
    }

    @Test
    void aRepeatedCallReturnsTheSameSegments() throws IOException {
        ResolvedJob job = JobFixture.resolved("\"batch_size\": 700");
        InputFile table = JobFixture.table("pairs.jsonl", jsonl(3000));
        MemoryStore store = new MemoryStore();
        SplitCursor cursor = ((SplitResult.Paused)
                        new Splitter(job, table, store).run(SplitCursor.START, AT_ONCE, s -> {}))
                .cursor();
        List<Segment> first = new ArrayList<>();
        List<Segment> second = new ArrayList<>();
        SplitResult once = new Splitter(job, table, store).run(cursor, Deadline.NONE, first::add);
        Map<String, String> files = store.texts();
        SplitResult twice = new Splitter(job, table, store).run(cursor, Deadline.NONE, second::add);
        assertThat(twice).isEqualTo(once);
        assertThat(second).isEqualTo(first);
        assertThat(store.texts()).isEqualTo(files);
    }

    @Test
    void aSegmentDescribesItsFile() throws IOException {
        MemoryStore store = new MemoryStore();
        List<Segment> segments = split("\"batch_size\": 2", store, LIMITS, "A,a,B,b\n,a,B,b\nA,a,B,b\nA,a,B,b\n");
        String input = store.text("batch_01_input.jsonl");
        assertThat(segments.getFirst())
                .isEqualTo(new Segment(1, 1, 3, 2, input.getBytes(StandardCharsets.UTF_8).length, Hex.sha256(input)));
        assertThat(segments.get(1).firstRow()).isEqualTo(4);
    }

    @Test
    void aSegmentEndsAtTheProvidersLimitsAndTheNextOneContinues() throws IOException {
        String rows = "A,a,B,b\n".repeat(12);
        assertThat(sizes("\"batch_size\": 5", new BatchLimits(3, 1 << 20, 1 << 20), rows))
                .containsExactly(3, 2, 3, 2, 2);
        assertThat(sizes("\"n_segments\": 2", new BatchLimits(4, 1 << 20, 1 << 20), rows))
                .containsExactly(4, 2, 4, 2);
        assertThat(sizes("", new BatchLimits(5, 1 << 20, 1 << 20), rows)).containsExactly(5, 5, 2);
    }

    @Test
    void noFileIsLargerThanTheProviderAccepts() throws IOException {
        MemoryStore store = new MemoryStore();
        String rows = "A,a,B,b\n".repeat(20);
        long line = line(rows);
        List<Segment> segments = split("", store, new BatchLimits(1000, line * 3, 1 << 20), rows);
        // The IDs of rows 10 to 20 are one digit longer, so only two fit.
        assertThat(segments.stream().map(Segment::rows)).containsExactly(3, 3, 3, 2, 2, 2, 2, 2, 1);
        assertThat(segments).allMatch(segment -> segment.inputBytes() <= line * 3);
    }

    @Test
    void aSingleRequestThatIsTooLargeIsARejectedRow() throws IOException {
        MemoryStore store = new MemoryStore();
        String rows = "A,a,B,b\nA," + "x".repeat(5000) + ",B,b\nA,a,B,b\n";
        assertThat(split("\"n_segments\": 2", store, new BatchLimits(10, 1 << 20, 4000), rows))
                .extracting(Segment::rows)
                .containsExactly(1, 1);
        assertThat(store.text("parts/batch_01_rejected_rows.csv"))
                .isEqualTo("2,request_too_large,its request has more than 4000 bytes\n");
    }

    @Test
    void aChainedPromptThatGrowsTooLargeIsARejectedRow() throws IOException {
        MemoryStore store = new MemoryStore();
        String rows = "A,a,B,b\nA," + "{SAMPLE_2}".repeat(50) + ",B," + "y".repeat(500) + "\nA," + "x".repeat(5000)
                + ",B,b\n";
        assertThat(split("\"substitution\": \"chained\"", store, new BatchLimits(10, 1 << 20, 4000), rows))
                .extracting(Segment::rows)
                .containsExactly(1);
        assertThat(store.text("parts/batch_01_rejected_rows.csv")).isEqualTo("""
                        2,request_too_large,its request has more than 4000 bytes
                        3,request_too_large,its request has more than 4000 bytes
                        """);
    }

    @Test
    void nothingOfARejectedRowIsWritten() throws IOException {
        MemoryStore store = new MemoryStore();
        split("", store, LIMITS, ",SECRET,B,SECRET\n\"SECRET\" SECRET,a,B,b\nSECRET\nA,\"SECRET\n");
        assertThat(store.text("parts/batch_00_rejected_rows.csv").lines()).hasSize(4);
        assertThat(store.texts().toString()).doesNotContain("SECRET");
    }

    @Test
    void theRowsAreCountedInSeveralCallsWhenTimeIsShort() throws IOException {
        Clock clock = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
        Deadline soon = new Deadline(clock.instant().plus(Duration.ofSeconds(8)), clock);
        ResolvedJob job = JobFixture.resolved("\"n_segments\": 3");
        Splitter splitter = new Splitter(job, JobFixture.table("pairs.csv", csv(3000)), new MemoryStore());
        SplitResult result = splitter.run(SplitCursor.START, soon, s -> {
            throw new IllegalStateException("nothing is written while rows are counted");
        });
        assertThat(result).isInstanceOfSatisfying(SplitResult.Paused.class, paused -> {
            assertThat(paused.cursor().counting()).isTrue();
            assertThat(paused.cursor().position().rows()).isEqualTo(1024);
        });
    }

    @Test
    void aStreamThatEndsEarlyIsAnOutageAndNotTheEndOfTheTable() throws IOException {
        InputFile whole = JobFixture.table("pairs.csv", csv(100));
        InputFile cut = new InputFile("pairs.csv", whole.size() + 1, whole.opener());
        MemoryStore store = new MemoryStore();
        Splitter splitter = new Splitter(JobFixture.resolved(""), cut, store);
        assertThatThrownBy(() -> splitter.run(SplitCursor.START, Deadline.NONE, s -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the stream ended at byte");
        assertThat(store.texts()).isEmpty();
    }

    @Test
    void tooManyNamesOfColumnsAreRefused() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10_001; i++) {
            lines.append("{\"ID1\":\"A\",\"text1\":\"a\",\"ID2\":\"B\",\"text2\":\"b\",\"c%d\":1}\n".formatted(i));
        }
        Splitter splitter = new Splitter(
                JobFixture.resolved(""), JobFixture.table("pairs.jsonl", lines.toString()), new MemoryStore());
        assertThatThrownBy(() -> splitter.run(SplitCursor.START, Deadline.NONE, s -> {}))
                .isInstanceOfSatisfying(
                        JobRejectedException.class,
                        e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.INPUT_COLUMNS));
    }

    private static List<Segment> split(String spec, MemoryStore store, BatchLimits limits, String rows)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        InputFile table = JobFixture.table("pairs.csv", "ID1,text1,ID2,text2\n" + rows);
        new Splitter(JobFixture.resolved(spec), table, store, limits)
                .run(SplitCursor.START, Deadline.NONE, segments::add);
        return segments;
    }

    private static List<Integer> sizes(String spec, BatchLimits limits, String rows) throws IOException {
        return split(spec, new MemoryStore(), limits, rows).stream()
                .map(Segment::rows)
                .toList();
    }

    private static long line(String rows) throws IOException {
        MemoryStore store = new MemoryStore();
        split("", store, LIMITS, rows);
        return store.text("batch_01_input.jsonl")
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .length()
                + 1L;
    }

    private static String csv(int rows) {
        StringBuilder csv = new StringBuilder("\uFEFFID1,text1,ID2,text2,note\r\n");
        for (int i = 1; i <= rows; i++) {
            csv.append(
                    switch (i % 13) {
                        case 1 -> ",no id,B,b,\r\n";
                        case 2 -> "\r\nA,ragged\r\n";
                        case 3 -> "A,\"several\nlines, with \"\"quotes\"\"\",B,é" + i + ",\n";
                        case 4 -> "A,\"never closes \" x,B,b,\n";
                        default -> "A" + i + ",text " + "x".repeat(i % 50) + ",B,b,NA\r\n";
                    });
        }
        return csv.toString();
    }

    private static String jsonl(int rows) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= rows; i++) {
            lines.append(
                    switch (i % 13) {
                        case 2 -> "{\"ID1\":\"\",\"text1\":\"a\",\"ID2\":\"B\",\"text2\":\"b\"}\n";
                        case 3 -> "\n{broken\n";
                        default ->
                            "{\"ID1\":\"A%d\",\"text1\":\"é\",\"ID2\":\"B\",\"text2\":\"b\",\"c%d\":%d}\n"
                                    .formatted(i, i % 40, i);
                    });
        }
        return lines.toString();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        int half = plain.length / 2;
        for (int[] part : new int[][] {{0, half}, {half, plain.length - half}}) {
            try (GZIPOutputStream member = new GZIPOutputStream(bytes)) {
                member.write(plain, part[0], part[1]);
            }
        }
        return bytes.toByteArray();
    }
}
