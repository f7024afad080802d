package io.pairbatch.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.text.Hex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OfflineCollectTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:00:00Z");

    @TempDir
    private Path work;

    private Path folder;
    private String token = "";

    /// Five rows, one of them bad, in segments of two.
    @BeforeEach
    void splitATable() throws IOException {
        folder = work.resolve("out");
        Path table = Files.writeString(
                work.resolve("pairs.csv"),
                "ID1,text1,ID2,text2\n,x,b,y\na2,x,b2,y\na3,x,b3,\"quoted, \"\"text\"\"\"\na4,x,b4,y\na5,x,b5,y\n");
        Path spec = Files.writeString(work.resolve("job.json"), """
                {"backend":"openai","model":"gpt-4.1","trait_name":"Clarity","trait_description":"How clear it is.",
                "batch_size":2}""");
        OfflineSplit.Report report = new OfflineSplit("0.1.0", InstantSource.fixed(NOW)).run(table, spec, folder);
        token = report.job().token();
    }

    @Test
    void everyAnsweredPairIsCollectedAndMissingSegmentsAreNamed() throws IOException {
        receive(1, answer(3, 1) + answer(2, 2), "2026-11-22T18:00:00Z");

        OfflineCollect.Report report = run();

        assertThat(report.missing()).containsExactly(2);
        assertThat(report.merged().sentence())
                .isEqualTo("5 rows = 4 accepted + 1 rejected; 4 comparisons = 2 observed + 0 failed + 2 open");
        assertThat(Files.readString(folder.resolve(JobFiles.COMBINED)))
                .contains("x,y,a2,b2,")
                .contains("x,\"quoted, \"\"text\"\"\",a3,b3,")
                .contains("2026-11-22T18:00:00Z");
        assertThat(Files.readString(folder.resolve(JobFiles.REJECTED_ROWS)))
                .startsWith("row,reason,detail\n1,missing_id,");
    }

    @Test
    void theRestIsCollectedOnceItIsThere() throws IOException {
        receive(1, answer(3, 1) + answer(2, 2), "2026-11-22T18:00:00Z");
        run();
        receive(2, answer(5, 1), "2026-11-22T19:00:00Z");

        OfflineCollect.Report report = run();

        assertThat(report.missing()).isEmpty();
        assertThat(report.merged().sentence())
                .isEqualTo("5 rows = 4 accepted + 1 rejected; 4 comparisons = 3 observed + 1 failed");
        assertThat(Files.readString(folder.resolve(JobFiles.FAILED_PAIRS)))
                .endsWith("a4,x,b4,y,1,1,1,backend_missing_fields,missing raw result for pair\n");
    }

    @Test
    void collectingAgainWritesTheSameBytes() throws IOException {
        receive(1, answer(3, 1) + answer(2, 2), "2026-11-22T18:00:00Z");
        receive(2, answer(4, 1) + answer(5, 1), "2026-11-22T18:00:01Z");
        run();
        Map<String, String> first = everyFile();
        run();
        assertThat(everyFile()).isEqualTo(first);
    }

    @Test
    void theSummaryKnowsTheTableByItsBytes() throws IOException {
        receive(1, answer(3, 1) + answer(2, 2), "2026-11-22T18:00:00Z");
        run();
        JsonNode summary = JsonMapper.shared().readTree(folder.resolve(JobFiles.SUMMARY));
        assertThat(summary.at("/table/sha256").asString())
                .isEqualTo(Hex.of(Hex.sha256().digest(Files.readAllBytes(work.resolve("pairs.csv")))));
        assertThat(summary.at("/judge/service").isNull()).isTrue();
        assertThat(summary.at("/resolved/batch_size").asInt()).isEqualTo(2);
    }

    @Test
    void ofASampleItIsSaidWhatIsAboutItAndWhatIsAboutTheWholeTable() throws IOException {
        Path spec = Files.writeString(work.resolve("sample.json"), """
                {"backend":"openai","model":"gpt-4.1","trait_name":"Clarity","trait_description":"How clear it is.",
                "limit":1}""");
        folder = work.resolve("sample");
        OfflineSplit.Report split =
                new OfflineSplit("0.1.0", InstantSource.fixed(NOW)).run(work.resolve("pairs.csv"), spec, folder);
        token = split.job().token();
        String both = "<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE> or <BETTER_SAMPLE>SAMPLE_2</BETTER_SAMPLE>";
        StringBuilder lines = new StringBuilder();
        for (int row = 2; row <= 5; row++) {
            lines.append(answer(row, 1));
        }
        String sent = Files.readString(folder.resolve(JobFiles.input(1)));
        receive(
                1,
                lines.toString()
                        .lines()
                        .filter(line -> sent.contains(line.substring(0, line.indexOf(','))))
                        .map(line -> line.replace("<BETTER_SAMPLE>SAMPLE_1</BETTER_SAMPLE>", both) + "\n")
                        .collect(Collectors.joining()),
                "2026-11-22T18:00:00Z");

        run();

        JsonNode notices =
                JsonMapper.shared().readTree(folder.resolve(JobFiles.SUMMARY)).path("notices");
        assertThat(notices.valueStream().map(JsonNode::stringValue))
                .containsSubsequence(
                        "what is noted of answers here is about the sample: 3 rows of the table are not in it",
                        "what is noted of rows here is about the whole table, not only about the 1 row of the sample",
                        "1 row rejected: 1 missing_id (row 1)");
    }

    @Test
    void answersThatWereRemovedAreNoLongerCounted() throws IOException {
        receive(1, answer(3, 1) + answer(2, 2), "2026-11-22T18:00:00Z");
        run();
        Files.delete(folder.resolve(JobFiles.output(1)));
        assertThat(run().merged().openPairs()).isEqualTo(4);
        assertThat(Files.readString(folder.resolve(JobFiles.COMBINED))).doesNotContain("a2");
    }

    @Test
    void aFolderThatIsNotAJobIsRefused() {
        assertThatThrownBy(() -> new OfflineCollect(PriceTable.bundled()).run(work.resolve("elsewhere")))
                .isInstanceOf(JobRejectedException.class)
                .hasMessageContaining("job.json");
    }

    private OfflineCollect.Report run() throws IOException {
        return new OfflineCollect(PriceTable.bundled()).run(folder);
    }

    private void receive(int segment, String lines, String when) throws IOException {
        Path file = Files.writeString(folder.resolve(JobFiles.output(segment)), lines);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(when)));
    }

    private String answer(int row, int winner) {
        return "{\"custom_id\":\"" + token + "-" + row + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":"
                + "\"chat.completion\",\"choices\":[{\"message\":{\"content\":\"<BETTER_SAMPLE>SAMPLE_" + winner
                + "</BETTER_SAMPLE>\"}}]}}}\n";
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
}
