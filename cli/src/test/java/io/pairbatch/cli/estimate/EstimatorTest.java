package io.pairbatch.cli.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.job.Version;
import io.pairbatch.offline.OfflineSplit;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.step.DeployedProviders;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said before a job is what the job will send.
class EstimatorTest {

    private static final Deployment.Providers PROVIDERS = new Deployment.Providers(false, "openai", Map.of(), "{}");

    @TempDir
    private Path folder;

    private Estimate estimate(String spec) throws IOException {
        Files.writeString(folder.resolve("job.json"), spec);
        Drop drop = DropBuilder.build(folder.resolve("pairs.csv"), null, Map.of(), null);
        return new Estimator(PROVIDERS, DeployedProviders.ALL, new MemoryBucket())
                .of(drop, Deadline.NONE)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pairing={\"design\": \"per_sample\", \"k\": 9} | --set pairing",
                "pairing.k=9 | --set pairing.k",
                "trait_name=organization | job.json, field `pairing`",
            })
    void whatASettingMakesOfTheSamplesIsToldByIt(String setting, String where) throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID,text\na,x\nb,y\nc,z\n");
        Files.writeString(
                folder.resolve("job.json"),
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"pairing\": {\"design\":"
                        + " \"per_sample\", \"k\": 8}}");
        String[] parts = setting.split("=", 2);
        Drop drop = DropBuilder.build(folder.resolve("pairs.csv"), null, Map.of(parts[0], parts[1]), null);
        Estimator estimator = new Estimator(PROVIDERS, DeployedProviders.ALL, new MemoryBucket());
        JobRejectedException refused =
                catchThrowableOfType(JobRejectedException.class, () -> estimator.look(drop, Deadline.NONE));
        assertThat(refused.problems())
                .extracting(problem -> problem.where().replace(folder + "/", ""))
                .containsExactly(where);
    }

    /// Of a table of samples it takes as long to read it as it takes to estimate: a second time costs the answer.
    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl"})
    void samplesAreReadOnceForAllThatIsSaidOfThem(String kind) throws IOException {
        String samples = IntStream.range(0, 5)
                .mapToObj(i ->
                        kind.equals("csv") ? "s" + i + ",text " + i : "{\"ID\":\"s" + i + "\",\"text\":\"t" + i + "\"}")
                .collect(Collectors.joining("\n", kind.equals("csv") ? "ID,text\n" : "", "\n"));
        Path table = Files.writeString(folder.resolve("samples." + kind), samples);
        Files.writeString(
                folder.resolve("job.json"),
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"n_segments\": 2, \"limit\": 8, \"pairing\":"
                        + " {\"design\": \"all\"}}");
        Drop drop = DropBuilder.build(table, null, Map.of(), null);
        InputFile file = OfflineSplit.input(table);
        AtomicInteger opened = new AtomicInteger();
        InputFile counted = new InputFile(file.name(), file.size(), offset -> {
            opened.incrementAndGet();
            return file.opener().open(offset);
        });

        Estimator.Look look =
                new Estimator(PROVIDERS, DeployedProviders.ALL, new MemoryBucket()).look(drop, counted, Deadline.NONE);

        assertThat(look.design()).contains("5 samples, all: 10 comparisons, connected, 4 each");
        assertThat(look.estimate().orElseThrow().judged()).isEqualTo(8);
        // Once for the names of the columns, which objects each have their own of.
        assertThat(opened).hasValue(2);
    }

    /// No text is read for it, and it is the same as of a table of these pairs.
    @Test
    void thePromptsOfSamplesAreAsLongAsThoseOfTheirPairs() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), "ID,text\na,x\nb,naïve 🎈\nc,Das Café\n");
        String spec = "{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\"";
        Estimate samples = estimate(spec + ", \"pairing\": {\"design\": \"all\"}}");
        Files.writeString(
                folder.resolve("pairs.csv"),
                "ID1,text1,ID2,text2\na,x,b,naïve 🎈\na,x,c,Das Café\nb,naïve 🎈,c,Das Café\n");
        Estimate pairs = estimate(spec + "}");
        assertThat(samples.promptBytes()).isEqualTo(pairs.promptBytes());
        assertThat(samples.tokens()).isEqualTo(pairs.tokens());
    }

    private void table(int rows) throws IOException {
        Files.writeString(
                folder.resolve("pairs.csv"),
                "ID1,text1,ID2,text2\n"
                        + IntStream.range(0, rows)
                                .mapToObj(i -> i % 10 == 9 ? "a,,,b" : "a" + i + ",text " + i + ",b" + i + ",naïve 🎈")
                                .collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @CsvSource({"'\"batch_size\": 7'", "'\"n_segments\": 3'", "'\"verbose\": false'"})
    void itIsCutAsTheSplitterCuts(String splitting) throws IOException {
        table(100);
        String spec = "{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"max_bad_rows\": 10, " + splitting
                + "}";

        Estimate estimate = estimate(spec);

        OfflineSplit.Report split = new OfflineSplit(Version.CURRENT, InstantSource.system())
                .run(folder.resolve("pairs.csv"), folder.resolve("job.json"), folder.resolve("out"));
        assertThat(estimate.segments()).isEqualTo(split.segments().size());
        assertThat(estimate.totals()).isEqualTo(split.totals());
        assertThat(estimate.judged()).isEqualTo(90);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1000     | "max_completion_tokens": 10                   |
            1000     |                                               | goes alone
            0.000001 | "max_completion_tokens": 10                   | nothing would be sent
            0.1      | "max_completion_tokens": 10, "batch_size": 45 | lets one batch go at a time
            0.02     | "max_completion_tokens": 10, "batch_size": 5  | is below the estimate
            """)
    void whatALimitLetsThroughIsSaidBeforehand(String limit, String fields, String said) throws IOException {
        table(100);
        String more = fields == null ? "" : ", " + fields;
        Estimate estimate =
                estimate("{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"max_bad_rows\": 10,"
                        + " \"max_cost_usd\": " + limit + (more.contains("batch_size") ? "" : ", \"batch_size\": 10")
                        + more + "}");
        if (said == null) {
            assertThat(estimate.doubtedLimits()).isEmpty();
        } else {
            assertThat(estimate.doubtedLimits().getFirst()).contains(said);
        }
    }

    @Test
    void promptsAreCountedAsTheyWillBeSent() throws IOException {
        table(1);
        Estimate estimate = estimate("{\"model\": \"gpt-4.1\", \"trait_name\": \"T\", \"trait_description\": \"é\"}");

        String prompt = BuiltIns.template("default")
                .orElseThrow()
                .replace("{TRAIT_NAME}", "T")
                .replace("{TRAIT_DESCRIPTION}", "é")
                .replace("{SAMPLE_1}", "text 0")
                .replace("{SAMPLE_2}", "naïve 🎈");
        int bytes = prompt.getBytes(StandardCharsets.UTF_8).length;
        assertThat(estimate.promptBytes()).isEqualTo(bytes);
        assertThat(estimate.tokens()).isEqualTo((long) Math.rint(bytes / 4.0));
    }

    @Test
    void nothingIsLeftBeside() throws IOException {
        table(100);
        estimate(
                "{\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\", \"batch_size\": 7, \"max_bad_rows\": 10}");

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("job.json", "pairs.csv");
        }
    }

    @Test
    void theStacksDefaultsCount() throws IOException {
        table(1);
        Files.writeString(folder.resolve("job.json"), "{}");
        Drop drop = DropBuilder.build(folder.resolve("pairs.csv"), null, Map.of(), null);
        Deployment.Providers providers = new Deployment.Providers(
                false, "openai", Map.of(), "{\"model\": \"gpt-5.1\", \"trait_name\": \"organization\"}");

        assertThat(new Estimator(providers, DeployedProviders.ALL, new MemoryBucket())
                        .of(drop, Deadline.NONE)
                        .orElseThrow()
                        .spec()
                        .model())
                .isEqualTo("gpt-5.1");
    }
}
