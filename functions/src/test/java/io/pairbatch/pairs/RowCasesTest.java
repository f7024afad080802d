package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.problem.JobRejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Each folder under `rows/` is a table and, in `expected.jsonl`, the result of each of its rows, or the error that
/// refuses the table. Each table is read three times: at once, byte by byte, and with a new reader for each row.
class RowCasesTest {

    private static final JsonMapper JSON = new JsonMapper();

    private enum How {
        AT_ONCE,
        BYTE_BY_BYTE,
        RESUMED
    }

    @TestFactory
    Stream<DynamicTest> everyTableIsReadAsItsCaseSays() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources/rows"))) {
            for (Path folder : folders.sorted().toList()) {
                for (How how : How.values()) {
                    tests.add(DynamicTest.dynamicTest(folder.getFileName() + " " + how, () -> check(folder, how)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static void check(Path folder, How how) throws IOException {
        Path expected = folder.resolve("expected.jsonl");
        List<String> wanted = Files.readAllLines(expected).stream()
                .map(line -> JSON.readTree(line).toString())
                .toList();
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            Path table =
                    files.filter(file -> !file.equals(expected)).findFirst().orElseThrow();
            read(file(table, how), how, rows);
        } catch (JobRejectedException e) {
            ObjectNode error = JSON.createObjectNode();
            error.put("error", e.problems().getFirst().code().name());
            error.put("message", e.getMessage());
            rows.add(error.toString());
        }
        assertThat(rows).containsExactlyElementsOf(wanted);
    }

    private static void read(InputFile file, How how, List<String> rows) throws IOException {
        Position position = Position.START;
        boolean more = true;
        while (more) {
            try (PairReader reader = PairReader.open(file, position)) {
                InputRow row = reader.read();
                while (row != null && how != How.RESUMED) {
                    rows.add(json(row));
                    row = reader.read();
                }
                if (row != null) {
                    rows.add(json(row));
                }
                more = row != null;
                position = reader.position();
            }
        }
    }

    private static String json(InputRow row) {
        ObjectNode json = JSON.createObjectNode();
        json.put("row", row.row());
        switch (row) {
            case InputRow.Accepted accepted -> {
                ObjectNode pair = json.putObject("pair");
                accepted.pair().columns().forEach(pair::put);
                assertThat(pair.get("ID1").stringValue())
                        .isEqualTo(accepted.pair().id1());
                assertThat(pair.get("text2").stringValue())
                        .isEqualTo(accepted.pair().text2());
            }
            case InputRow.Rejected rejected -> {
                json.put("rejected", rejected.reason().code());
                json.put("detail", rejected.detail());
            }
        }
        return json.toString();
    }

    private static InputFile file(Path table, How how) throws IOException {
        return new InputFile(table.getFileName().toString(), Files.size(table), offset -> {
            InputStream in = Files.newInputStream(table);
            in.skipNBytes(offset);
            return how == How.BYTE_BY_BYTE ? new SlowStream(in) : in;
        });
    }
}
