package io.pairbatch.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.Segment;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.openai.OpenAiService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Each folder under `contract/` is a job: a table, job.json, and the expected results: `segments.txt` (sizes),
/// `service.txt` (the service used in place of OpenAI), `problems.txt` (messages) and `expected/` (files; JSONL is
/// compared as JSON; TOKEN is the job's).
class ContractCasesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path out;

    @TestFactory
    Stream<DynamicTest> everyCaseGivesWhatTheContractSays() throws IOException {
        Path cases = Path.of("src/test/resources/contract");
        try (Stream<Path> folders = Files.list(cases)) {
            List<Path> sorted = folders.sorted().toList();
            assertThat(sorted).isNotEmpty();
            return sorted.stream()
                    .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
        }
    }

    private void check(Path folder) throws IOException {
        Path files = out.resolve(folder.getFileName());
        Path problems = folder.resolve("problems.txt");
        String token = "";
        try {
            OfflineSplit.Report report = new OfflineSplit("0.1.0", InstantSource.system(), service(folder))
                    .run(table(folder), folder.resolve("job.json"), files);
            assertThat(problems).as("a refusal").doesNotExist();
            token = report.job().token();
            checkSegments(folder, report.segments());
        } catch (JobRejectedException e) {
            // A file is told by its path as it was given.
            String told = String.valueOf(e.getMessage()).replace(folder + "/", "") + "\n";
            assertThat(told).isEqualTo(Files.exists(problems) ? Files.readString(problems) : "nothing");
        }
        Path expected = folder.resolve("expected");
        if (Files.exists(expected)) {
            try (Stream<Path> paths = Files.walk(expected)) {
                for (Path path : paths.filter(Files::isRegularFile).toList()) {
                    compare(path, files.resolve(expected.relativize(path)), token);
                }
            }
        }
    }

    private static OpenAiService service(Path folder) throws IOException {
        Path named = folder.resolve("service.txt");
        return OpenAiService.of(Files.exists(named) ? Files.readString(named).strip() : OpenAiService.OPENAI);
    }

    private static Path table(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> path.getFileName().toString().startsWith("pairs."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void checkSegments(Path folder, List<Segment> segments) throws IOException {
        Path sizes = folder.resolve("segments.txt");
        if (Files.exists(sizes)) {
            assertThat(segments.stream().map(s -> Integer.toString(s.rows())).collect(Collectors.joining(" ")))
                    .isEqualTo(Files.readString(sizes).strip());
        }
    }

    private static void compare(Path expected, Path actual, String token) throws IOException {
        String want = Files.readString(expected).replace("TOKEN", token);
        String have = Files.readString(actual);
        if (!expected.toString().endsWith(".jsonl")) {
            assertThat(have).as(expected.toString()).isEqualTo(want);
            return;
        }
        List<String> wanted = want.lines().toList();
        List<String> lines = have.lines().toList();
        assertThat(lines).as(expected.toString()).hasSameSizeAs(wanted);
        assertThat(have).endsWith("\n");
        for (int i = 0; i < wanted.size(); i++) {
            // As text after parsing, so that the order of keys matters and the escapes do not.
            assertThat(JSON.readTree(lines.get(i)).toString())
                    .isEqualTo(JSON.readTree(wanted.get(i)).toString());
        }
    }
}
