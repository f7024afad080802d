package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.openai.OpenAiOptions;
import io.pairbatch.text.Hex;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class JobSpecReaderTest {

    private static final String MINIMAL = "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}";

    /// Beside each `spec/x.json` there is `x.txt` with the messages; an empty one means that the specification is
    /// accepted.
    @TestFactory
    Stream<DynamicTest> everyCaseIsAnsweredWithAllItsProblems() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/spec"))) {
            List<Path> specs = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            assertThat(specs).isNotEmpty();
            return specs.stream()
                    .map(spec -> DynamicTest.dynamicTest(
                            spec.getFileName().toString(),
                            () -> assertThat(problems(spec))
                                    .isEqualTo(Files.readString(
                                            Path.of(spec.toString().replace(".json", ".txt"))))));
        }
    }

    private static String problems(Path spec) throws IOException {
        try {
            SpecTexts.read(Files.readString(spec));
            return "";
        } catch (JobRejectedException e) {
            return e.getMessage() + "\n";
        }
    }

    @Test
    void aMinimalSpecificationHasTheContractsDefaults() throws IOException {
        assertThat(JobSpecJson.canonical(SpecTexts.read(MINIMAL))).isEqualTo("""
                {"backend":"openai","model":"gpt-4.1","trait_name":"Organization","trait_description":"Order.",\
                "prompt_template":"built in {TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}",\
                "substitution":"single","batch_size":null,"n_segments":null,"keep_jsonl":true,"write_registry":true,\
                "write_results_csv":true,"write_combined_csv":true,"interval_seconds":60,"per_job_delay":2.0,\
                "openai_max_retries":3,"tag_prefix":"<BETTER_SAMPLE>","tag_suffix":"</BETTER_SAMPLE>",\
                "tag_mode":"exact","verbose":false,"endpoint":null,"include_thoughts":false,"include_raw":false,\
                "temperature":null,"top_p":null,"logprobs":null,"reasoning":null,"request_id_prefix":"EXP",\
                "metadata":{},"provider_options":{},"run":1,"max_attempts":1,"max_bad_rows":null,\
                "max_stall":"PT24H","include_texts":true}""");
    }

    /// A frozen job does not hold these.
    @Test
    void laterFieldsAreOffUnlessRequested() throws IOException {
        JobSpec spec = SpecTexts.read(MINIMAL);
        assertThat(spec.batching().sample()).isEqualTo(Sample.ALL);
        assertThat(spec.batching().preflight()).isNull();
        assertThat(spec.output().providerRetention()).isEqualTo(ProviderRetention.KEEP);
        assertThat(spec.output().formulaGuard()).isFalse();
    }

    @Test
    void theNearestLayerWins() throws IOException {
        JobSpec spec = SpecTexts.read(
                "{\"trait_name\": \"organization\", \"verbose\": null}",
                "{\"model\": \"near\", \"n_segments\": 4}",
                "{\"model\": \"far\", \"batch_size\": 5, \"verbose\": true}");
        assertThat(spec.model()).isEqualTo("near");
        assertThat(spec.batching().splitting()).isEqualTo(new Splitting.SegmentCount(4));
        assertThat(spec.output().verbose()).isTrue();
    }

    @Test
    void aProblemNamesTheLayerThatSetTheField() {
        assertThatThrownBy(() -> SpecTexts.read(MINIMAL, "{\"run\": \"x\", \"batch_size\": 1, \"n_segments\": 1}"))
                .hasMessageContaining("layer 2, field `run`")
                .hasMessageContaining("SPEC_CONFLICT: layer 2, field `batch_size`");
    }

    @Test
    void numbersAreKeptAsTheyWereWritten() throws IOException {
        JobSpec spec = SpecTexts.read("{\"model\": \"m\", \"trait_name\": \"organization\", \"temperature\": 0.10,"
                + " \"top_p\": 0.00012345, \"per_job_delay\": 0.25}");
        OpenAiOptions options = (OpenAiOptions) spec.options();
        assertThat(options.temperature()).isEqualTo(new BigDecimal("0.10"));
        assertThat(options.topP()).isEqualTo(new BigDecimal("0.00012345"));
        assertThat(spec.polling().perJobDelay()).isEqualTo(0.25);
    }

    @Test
    void durationsAndPercentagesAreReadInAllTheirFormats() throws IOException {
        assertThat(stall("90m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(stall("2d")).isEqualTo(Duration.ofDays(2));
        assertThat(stall("PT36H")).isEqualTo(Duration.ofHours(36));
        assertThat(SpecTexts.read(MINIMAL, "{\"max_bad_rows\": \"2.5 %\"}")
                        .batching()
                        .maxBadRows())
                .isEqualTo(new BadRowLimit.Percent(2.5));
        assertThat(SpecTexts.read(MINIMAL, "{\"max_bad_rows\": 0}").batching().maxBadRows())
                .isEqualTo(new BadRowLimit.Rows(0));
    }

    private static Duration stall(String value) throws IOException {
        return SpecTexts.read(MINIMAL, "{\"max_stall\": \"" + value + "\"}")
                .polling()
                .maxStall();
    }

    @Test
    void theFilesThatASpecificationNamesAreKnownBeforeItIsRead() throws IOException {
        assertThat(needed("mine.txt")).containsExactly("mine.txt");
        assertThat(needed("default")).isEmpty();
        assertThat(needed("{SAMPLE_1}")).isEmpty();
        assertThat(needed("../other/job.json")).isEmpty();
        assertThat(SpecTexts.reader().filesNeeded(SpecTexts.layers(MINIMAL))).isEmpty();
    }

    private static Iterable<String> needed(String template) throws IOException {
        return SpecTexts.reader().filesNeeded(SpecTexts.layers("{\"prompt_template\": \"" + template + "\"}"));
    }

    @Test
    void aFileOverridesABuiltInTemplateOfTheSameName() throws IOException {
        String mine = "mine {TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}";
        JobSpec spec =
                SpecTexts.reader().read(SpecTexts.layers(MINIMAL), SpecTexts.files(Map.of("default", mine + "\n\n")));
        assertThat(spec.prompt().template()).isEqualTo(mine + "\n");
    }

    @Test
    void noFileOutsideTheFolderIsEverRequested() {
        SpecFiles none = name -> {
            throw new IllegalStateException("asked for " + name);
        };
        for (String name : List.of("../x", "/etc/passwd", "a/b", "..", ".hidden", "a\\\\b", "C:x", " ")) {
            assertThatThrownBy(() -> SpecTexts.reader()
                            .read(SpecTexts.layers("{\"prompt_template\": \"" + name + "\"}", MINIMAL), none))
                    .isInstanceOf(JobRejectedException.class)
                    .hasMessageContaining("SPEC_INVALID_VALUE: job.json, field `prompt_template`");
        }
    }

    @Test
    void aTemplateThatIsNotUtf8OrTooLargeIsRefused() {
        SpecFiles latin = name -> java.util.Optional.of(new ByteArrayInputStream(new byte[] {(byte) 0xE9}));
        SpecFiles large = name -> java.util.Optional.of(new ByteArrayInputStream(new byte[(1 << 20) + 1]));
        for (SpecFiles files : List.of(latin, large)) {
            assertThatThrownBy(() ->
                            SpecTexts.reader().read(SpecTexts.layers("{\"prompt_template\": \"t\"}", MINIMAL), files))
                    .hasMessageContaining("TEMPLATE_INVALID");
        }
    }

    @Test
    void valuesOfUnknownFieldsAreNeverShown() {
        assertThatThrownBy(() -> SpecTexts.read(MINIMAL, "{\"api_key\": \"sk-secret\", \"openai_key\": \"sk-secret\"}"))
                .hasMessageNotContaining("sk-secret");
    }

    @Test
    void brokenJsonIsNeverQuoted() {
        assertThatThrownBy(() -> SpecTexts.read("{\"api_key\": sk-secret}"))
                .hasMessageContaining("line 1, column")
                .hasMessageNotContaining("sk-secret")
                .hasMessageNotContaining("sk");
    }

    @Test
    void metadataOfAnObjectIsReadByTheTypeOfTheField() throws IOException {
        SpecLayer layer = SpecLayer.ofMetadata(
                "object metadata",
                Map.of("model", "4", "trait-name", "organization", "batch-size", "50", "max-bad-rows", "5%"),
                Providers::options);
        JobSpec spec = SpecTexts.reader().read(List.of(layer), SpecTexts.files(Map.of()));
        assertThat(spec.model()).isEqualTo("4");
        assertThat(spec.batching().splitting()).isEqualTo(new Splitting.BatchSize(50));
        assertThat(spec.batching().maxBadRows()).isEqualTo(new BadRowLimit.Percent(5));
    }

    @Test
    void whatWasFrozenIsReadBackExactly() throws IOException {
        JobSpec full = SpecTexts.read("""
                {"model": "gpt-5.1", "trait_name": "Ü \\ud800", "trait_description": "d", "n_segments": 3,
                 "endpoint": "responses", "include_thoughts": true, "include_raw": true, "temperature": 0.10, "top_p": 1e-3,
                 "logprobs": false, "reasoning": "none", "request_id_prefix": "X", "metadata": {"b": "1", "a": "é"},
                 "keep_jsonl": false, "write_registry": false, "write_results_csv": false, "write_combined_csv": false,
                 "interval_seconds": 7, "per_job_delay": 0.1, "openai_max_retries": 9, "tag_prefix": "", "tag_suffix": ">",
                 "verbose": true, "run": 2, "max_bad_rows": "2.5%", "max_stall": "90m", "include_texts": false}
                """);
        List<JobSpec> specs = List.of(
                full,
                SpecTexts.read(MINIMAL),
                SpecTexts.read(MINIMAL, "{\"batch_size\": 5, \"max_bad_rows\": 3, \"temperature\": 1E+0}"));
        for (JobSpec spec : specs) {
            ResolvedJob job = new ResolvedJob(
                    "a-0123abcd",
                    Instant.parse("2026-11-22T10:00:00.123Z"),
                    "0.1.0",
                    new ResolvedJob.Source("b", "inbox/a/pairs.csv", null, "\"e\"", 5),
                    spec);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            job.write(bytes);
            assertThat(ResolvedJob.read(new ByteArrayInputStream(bytes.toByteArray()), Providers::options))
                    .isEqualTo(job);
            assertThat(bytes.toString(StandardCharsets.UTF_8))
                    .contains(Hex.sha256(spec.prompt().template()))
                    .endsWith("}\n");
        }
        assertThat(full.prompt().trait().name()).isEqualTo("Ü \uFFFD");
    }
}
