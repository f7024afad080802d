package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What `estimate` says of a table without sending anything.
class EstimateCommandTest {

    private static final String HEADER = "ID1,text1,ID2,text2\n";
    private static final String JUDGES =
            "judges=[{\"model\": \"gpt-4.1\"}, {\"backend\": \"anthropic\", \"model\": \"claude-sonnet-4-5\"},"
                    + " {\"model\": \"gpt-99-new\"}]";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path pairs;

    @BeforeEach
    void aTableAndItsJob() throws IOException {
        pairs = Files.writeString(
                folder.resolve("pairs.csv"),
                HEADER
                        + IntStream.range(0, 20)
                                .mapToObj(i -> "a" + i + "," + "x".repeat(100 + i) + ",b" + i + ",y\n")
                                .collect(Collectors.joining()));
        Files.writeString(folder.resolve("job.json"), "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}");
    }

    private int estimate(Path file, String... options) {
        List<String> all = new ArrayList<>(List.of("estimate", file.toString()));
        all.addAll(List.of(options));
        return new NoStack(folder, out, err, new FakeLive(Deployed.STACK)).execute(all.toArray(String[]::new));
    }

    private JsonNode json(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--json");
        assertThat(estimate(pairs, all.toArray(String[]::new)))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        return Json.MAPPER.readTree(out.toString());
    }

    private static BigDecimal usd(JsonNode of, String kind, String part) {
        return new BigDecimal(of.path("usd").path(kind).path(part).stringValue());
    }

    @Test
    void itSaysWhatIsSentAndWhatThatCosts() {
        assertThat(estimate(pairs, "--set", "max_completion_tokens=100", "--set", "batch_size=8"))
                .as(err.toString())
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("model      gpt-4.1\n", "requests   20 in 3 batches\n", ", at most 2,000\n")
                .contains("answers    their tokens are not known beforehand, at most 2,000")
                .contains("window     24 h for each batch", "time       60 s to 48 h: ")
                .endsWith("Nothing was sent. Prices are of 2026-11-22.\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theFiguresFollowFromPromptsAndPrices() {
        JsonNode judge =
                json("--set", "max_completion_tokens=100").path("judges").path(0);
        long tokens = judge.path("input_tokens").path("expected").longValue();
        // A quarter of each prompt's bytes, each rounded.
        assertThat(tokens)
                .isBetween(
                        judge.path("prompt_bytes").longValue() / 4 - 10,
                        judge.path("prompt_bytes").longValue() / 4 + 10);
        assertThat(usd(judge, "batch", "input")).isEqualByComparingTo(BigDecimal.valueOf(tokens, 6));
        assertThat(usd(judge, "live", "input")).isEqualByComparingTo(BigDecimal.valueOf(2 * tokens, 6));
        // At USD 4.00 a million, 100 tokens each; and a token for each byte of the prompts at the least.
        assertThat(usd(judge, "batch", "at_most"))
                .isGreaterThan(BigDecimal.valueOf(
                        4 * 20 * 100 + judge.path("prompt_bytes").longValue(), 6));
        assertThat(judge.path("output_tokens").path("at_most").longValue()).isEqualTo(2_000);
        assertThat(judge.path("output_tokens").path("expected").isNull()).isTrue();
        assertThat(judge.path("usd").path("batch").path("expected").isNull()).isTrue();
        assertThat(judge.path("judge").isNull()).isTrue();
        assertThat(judge.path("pilot").isNull()).isTrue();
    }

    @Test
    void whatIsNotKnownIsNoZero() {
        JsonNode unknown = json("--set", "model=gpt-99-new");
        assertThat(unknown.path("judges").path(0).path("usd").path("batch").isNull())
                .isTrue();
        assertThat(unknown.path("total").path("usd").path("live").isNull()).isTrue();
        assertThat(unknown.path("total").path("unpriced_judges").intValue()).isEqualTo(1);
        assertThat(estimate(pairs, "--set", "model=gpt-99-new")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString()).contains("in batches unknown: the price table has no gpt-99-new");
        assertThat(err.toString()).contains("gpt-99-new");
    }

    @Test
    void theSumsOfJudgesAddUpWithoutThoseWhosePriceIsNotKnown() {
        JsonNode all = json("--set", JUDGES, "--set", "model=null", "--set", "both_orders=true");
        JsonNode judges = all.path("judges");
        JsonNode total = all.path("total");
        assertThat(judges.size()).isEqualTo(3);
        assertThat(total.path("requests").longValue()).isEqualTo(120);
        long tokens = 0;
        for (JsonNode judge : judges) {
            assertThat(judge.path("requests").longValue()).isEqualTo(40);
            tokens += judge.path("input_tokens").path("expected").longValue();
        }
        assertThat(total.path("input_tokens").path("expected").longValue()).isEqualTo(tokens);
        assertThat(usd(total, "batch", "input"))
                .isEqualByComparingTo(usd(judges.path(0), "batch", "input").add(usd(judges.path(1), "batch", "input")));
        assertThat(total.path("unpriced_judges").intValue()).isEqualTo(1);
        assertThat(estimate(pairs, "--set", JUDGES, "--set", "model=null")).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("judge claude-sonnet-4-5\n", "in all, 3 judges\n", "  requests   60 in 3 batches\n")
                .contains("without those of 1 judge whose price is not known");
    }

    @Test
    void aFolderOfTextsIsEstimatedAsItsDesignComparesThem() throws IOException {
        Path texts = Files.createDirectory(folder.resolve("essays"));
        for (int i = 0; i < 6; i++) {
            Files.writeString(texts.resolve("s" + i + ".txt"), "Text " + i);
        }
        String[] options = {"--set", "pairing.design=per_sample", "--set", "pairing.k=2"};
        assertThat(estimate(texts, options)).as(err.toString()).isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .startsWith("6 samples, per_sample k=2: 6 comparisons")
                .contains("requests   6 in 1 batch\n");
    }

    /// A program reads standard output: what is said on the way is not there.
    @Test
    void nothingButTheObjectIsOnStandardOutput() throws IOException {
        Files.write(pairs, (HEADER + "a,café,b,y\n").getBytes(StandardCharsets.ISO_8859_1));
        JsonNode json = json("--convert-from", "windows-1252");
        assertThat(json.path("rows").longValue()).isEqualTo(1);
        assertThat(out.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains("is a copy in UTF-8");
    }

    @Test
    void whatWouldBeRejectedIsToldWithItsCode() throws IOException {
        Files.writeString(pairs, "ID1,text1,ID2\na,x,b\n");
        assertThat(estimate(pairs, "--set", "temperature=9")).isEqualTo(ExitStatus.JOB_FAILED);
        assertThat(err.toString())
                .startsWith("The job would be rejected. Nothing was sent.\n")
                .contains("temperature", "INPUT_COLUMNS");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aLimitUnderWhichNothingIsSentIsSaid() {
        assertThat(estimate(pairs, "--set", "max_cost_usd=0.000001", "--set", "max_completion_tokens=10"))
                .isEqualTo(ExitStatus.DONE);
        assertThat(out.toString())
                .contains("note       max_cost_usd of USD 0.0000010")
                .contains("nothing would be sent");
    }
}
