package io.pairbatch.collect;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.pairbatch.backend.Backend;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.results.BatchEnd;
import io.pairbatch.results.EndedSegment;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.Table;
import io.pairbatch.results.Tallies;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;
import io.pairbatch.spec.VerdictLabels;
import io.pairbatch.store.FolderStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The contract as test cases. A folder under `contract-of-answers/` holds `pairs.jsonl`, what the provider wrote
/// (`output.jsonl`, `errors.jsonl`), `case.json` (settings that differ from the ones below) and the expected files:
/// `expect-<table>.csv` compares the columns that its header names, `exact-<table>.csv` every byte.
class ContractCasesTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-22T17:25:43.678Z");
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path work;

    @TestFactory
    Stream<DynamicTest> everyCaseOfTheContractHolds() throws IOException, URISyntaxException {
        Path cases = Path.of(Objects.requireNonNull(getClass().getResource("/contract-of-answers"))
                .toURI());
        List<Path> folders;
        try (Stream<Path> listed = Files.list(cases)) {
            folders = listed.filter(Files::isDirectory).sorted().toList();
        }
        assertThat(folders).hasSizeGreaterThan(25);
        return folders.stream().map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
    }

    private void check(Path folder) throws IOException {
        JsonNode given = JSON.readTree(folder.resolve("case.json"));
        Path jobFolder = Files.createDirectories(work.resolve(folder.getFileName()));
        copy(folder.resolve("pairs.jsonl"), jobFolder.resolve(JobFiles.pairs(1)));
        copy(folder.resolve("output.jsonl"), jobFolder.resolve(JobFiles.output(1)));
        copy(folder.resolve("errors.jsonl"), jobFolder.resolve(JobFiles.errors(1)));
        ResultSettings settings = settings(given);
        FolderStore store = new FolderStore(jobFolder);
        SegmentTally tally = new SegmentCollector(store, settings, PriceTable.bundled()).collect(segment(given));

        assertThat(Tallies.read(store, 1)).isEqualTo(tally);
        ResultTables tables = new ResultTables(settings);
        Map<String, Table<?>> files = Map.of(
                "failed_pairs", tables.failedPairs(),
                "failed_attempts", tables.failedAttempts(),
                "batch_failures", tables.batchFailures(),
                "unmatched_lines", tables.unmatchedLines());
        int compared = compare(folder, "results", Files.readString(jobFolder.resolve(JobFiles.results(1))));
        for (Map.Entry<String, Table<?>> file : files.entrySet()) {
            StringBuilder whole = new StringBuilder();
            file.getValue().header(whole);
            whole.append(Files.readString(jobFolder.resolve(JobFiles.part(file.getKey() + ".csv", 1))));
            compared += compare(folder, file.getKey(), whole.toString());
        }
        assertThat(compared).as("expected files in %s", folder).isPositive();
    }

    private static int compare(Path folder, String table, String actual) throws IOException {
        Path exact = folder.resolve("exact-" + table + ".csv");
        Path expected = folder.resolve("expect-" + table + ".csv");
        int compared = 0;
        if (Files.exists(exact)) {
            assertThat(actual).as(table).isEqualTo(Files.readString(exact));
            compared++;
        }
        if (Files.exists(expected)) {
            List<List<String>> wanted = records(Files.readString(expected));
            assertThat(select(records(actual), wanted.getFirst())).as(table).isEqualTo(wanted);
            compared++;
        }
        return compared;
    }

    private static List<List<String>> select(List<List<String>> table, List<String> columns) {
        List<String> header = table.getFirst();
        List<Integer> places = columns.stream().map(header::indexOf).toList();
        assertThat(places).as("columns %s of %s", columns, header).doesNotContain(-1);
        List<List<String>> selected = new ArrayList<>();
        for (List<String> row : table) {
            assertThat(row).hasSameSizeAs(header);
            selected.add(places.stream().map(row::get).toList());
        }
        return selected;
    }

    private static List<List<String>> records(String csv) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(csv)) {
            return reader.stream().map(CsvRecord::getFields).toList();
        }
    }

    private static ResultSettings settings(JsonNode given) {
        List<String> columns = new ArrayList<>();
        given.path("columns").forEach(c -> columns.add(c.asString()));
        return new ResultSettings(
                "0a1b2c3d",
                Backend.of(given.path("backend").asString("openai")),
                given.path("model").asString("gpt-4.1"),
                new AnswerRules(
                        given.path("tag_prefix").asString("<BETTER_SAMPLE>"),
                        given.path("tag_suffix").asString("</BETTER_SAMPLE>"),
                        TagMode.valueOf(given.path("tag_mode").asString("exact").toUpperCase(Locale.ROOT)),
                        Ambiguous.valueOf(
                                given.path("ambiguous").asString("take").toUpperCase(Locale.ROOT)),
                        labels(given.path("verdict_labels"))),
                given.path("id_prefix").asString("EXP"),
                given.path("include_texts").asBoolean(true),
                given.path("include_raw").asBoolean(false),
                true,
                given.path("formula_guard").asBoolean(false),
                columns.isEmpty() ? List.of("ID1", "text1", "ID2", "text2") : columns,
                given.path("rescued").asBoolean(false),
                Repetition.NONE,
                ResultSettings.ONLY_JUDGE);
    }

    private static Optional<VerdictLabels> labels(JsonNode given) {
        return given.isMissingNode()
                ? Optional.empty()
                : Optional.of(new VerdictLabels(
                        given.path("first").stringValue(),
                        given.path("second").stringValue(),
                        given.path("tie").asString(null)));
    }

    private static EndedSegment segment(JsonNode given) {
        String status = given.path("status").asString("completed");
        String detail = given.has("detail") ? given.path("detail").asString() : null;
        BatchEnd end = switch (status) {
            case "completed" -> new BatchEnd.Completed();
            case "batch_lost" -> new BatchEnd.Lost(Objects.requireNonNull(detail));
            case "not_submitted" -> new BatchEnd.NotSubmitted(Objects.requireNonNull(detail));
            default -> new BatchEnd.Broken(status, detail);
        };
        return new EndedSegment(1, 1, status.equals("not_submitted") ? null : "batch_1", end, RECEIVED);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.copy(from, to);
        }
    }
}
