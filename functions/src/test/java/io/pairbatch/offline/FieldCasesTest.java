package io.pairbatch.offline;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What users of such tools have reported. Each folder under `field-cases/` is a job as they had it: a table,
/// `job.json`
/// and what the provider wrote (of the ids on the wire only the row numbers count). It is split and collected in a
/// folder, and gives `expect-<table>.csv` (the columns that it names), `notices.txt` and the members of `summary.json`
/// under `results` that `summary.json` names.
class FieldCasesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T17:00:00Z");

    @TempDir
    private Path work;

    @TestFactory
    Stream<DynamicTest> everyCaseGivesItsUserWhatIsExpected() throws IOException {
        try (Stream<Path> listed = Files.list(Path.of("src/test/resources/field-cases"))) {
            List<Path> folders = listed.sorted().toList();
            assertThat(folders).isNotEmpty();
            return folders.stream()
                    .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
        }
    }

    private void check(Path folder) throws IOException {
        Path out = work.resolve(folder.getFileName());
        String token = new OfflineSplit("0.1.0", InstantSource.fixed(NOW))
                .run(folder.resolve("pairs.csv"), folder.resolve("job.json"), out)
                .job()
                .token();
        for (Path answers : files(folder, "batch_.*\\.jsonl")) {
            // Some bytes are no UTF-8.
            String written = Files.readString(answers, StandardCharsets.ISO_8859_1)
                    .replaceAll("\"[0-9a-f]{8}-(\\d+)\"", "\"" + token + "-$1\"");
            Path file = out.resolve(answers.getFileName());
            Files.writeString(file, written, StandardCharsets.ISO_8859_1);
            Files.setLastModifiedTime(file, FileTime.from(NOW));
        }

        OfflineCollect.Report report = new OfflineCollect(PriceTable.bundled()).run(out);

        List<Path> tables = files(folder, "expect-.*\\.csv");
        assertThat(tables).isNotEmpty();
        for (Path expected : tables) {
            String table = expected.getFileName().toString().replace("expect-", "");
            List<List<String>> wanted = records(expected);
            assertThat(select(records(out.resolve(table)), wanted.getFirst()))
                    .as(table)
                    .isEqualTo(wanted);
        }
        Path notices = folder.resolve("notices.txt");
        assertThat(report.notices()).isEqualTo(Files.exists(notices) ? Files.readAllLines(notices) : List.of());
        JsonNode summary = JsonMapper.shared().readTree(out.resolve(JobFiles.SUMMARY));
        assertThat(summary.path("notices").valueStream().map(JsonNode::stringValue))
                .containsAll(report.notices());
        Path counts = folder.resolve("summary.json");
        if (Files.exists(counts)) {
            JsonNode results = summary.path("results");
            JsonMapper.shared()
                    .readTree(counts)
                    .forEachEntry((name, value) ->
                            assertThat(results.path(name)).as(name).isEqualTo(value));
        }
    }

    private static List<Path> files(Path folder, String name) throws IOException {
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    private static List<List<String>> select(List<List<String>> table, List<String> columns) {
        List<Integer> places = columns.stream().map(table.getFirst()::indexOf).toList();
        assertThat(places).as("columns %s of %s", columns, table.getFirst()).doesNotContain(-1);
        List<List<String>> selected = new ArrayList<>();
        for (List<String> row : table) {
            selected.add(places.stream().map(row::get).toList());
        }
        return selected;
    }

    private static List<List<String>> records(Path csv) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(csv)) {
            return reader.stream().map(CsvRecord::getFields).toList();
        }
    }
}
