package io.pairbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.pairbatch.backend.Backend;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

    @Test
    void severalJudgesJudgeAsTheOneDoes() throws IOException {
        OfflineSplit reader = new OfflineSplit("0.2.0", InstantSource.system());
        JobSpec one = reader.readSpec(OfflineSplit.JobFile.of(ESSAYS.resolve("job.json")));
        ObjectNode file = (ObjectNode) JsonMapper.shared().readTree(Files.readString(ESSAYS.resolve("judges.json")));
        JobSpec several =
                StandardRules.reader().read(List.of(new SpecLayer("judges.json", file)), name -> Optional.empty());

        assertThat(several.backends()).containsExactly(Backend.values());
        assertThat(several.prompt()).isEqualTo(one.prompt());
    }

    private static List<List<String>> rows(String name) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(ESSAYS.resolve(name))) {
            return reader.stream().map(CsvRecord::getFields).toList();
        }
    }
}
