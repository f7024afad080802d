package io.pairbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExamplesTest {

    private static final Path ESSAYS = Path.of(System.getProperty("pairbatch.home"), "examples/essays");

    @Test
    void pairsAreEveryPairOfTheSamplesOnce() throws IOException {
        List<List<String>> samples = rows("samples.csv");
        List<List<String>> expected = new ArrayList<>();
        expected.add(List.of("ID1", "text1", "ID2", "text2"));
        for (int i = 1; i < samples.size(); i++) {
            for (int j = i + 1; j < samples.size(); j++) {
                List<String> pair = new ArrayList<>(samples.get(i));
                pair.addAll(samples.get(j));
                expected.add(pair);
            }
        }

        assertThat(samples).hasSize(21);
        assertThat(rows("pairs.csv")).isEqualTo(expected);
    }

    @Test
    void theSimulatorKnowsHowGoodEachTextIs() throws IOException {
        List<String> known = new ArrayList<>();
        for (String line : Files.readAllLines(ESSAYS.resolve("qualities.jsonl"))) {
            JsonNode quality = JsonMapper.shared().readTree(line);
            assertThat(quality.path("quality").isNumber()).isTrue();
            known.add(quality.path("text").stringValue());
        }

        assertThat(known)
                .containsExactlyElementsOf(
                        rows("samples.csv").stream().skip(1).map(List::getLast).toList());
    }

    private static List<List<String>> rows(String name) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(ESSAYS.resolve(name))) {
            return reader.stream().map(CsvRecord::getFields).toList();
        }
    }
}
