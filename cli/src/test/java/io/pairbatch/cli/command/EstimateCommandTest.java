package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.simulator.Simulator;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
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

    private final FakeLive live = new FakeLive(Deployed.STACK);

    private int estimate(Path file, String... options) {
        List<String> all = new ArrayList<>(List.of("estimate", file.toString()));
        all.addAll(List.of(options));
        return new NoStack(folder, out, err, live).execute(all.toArray(String[]::new));
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
                .contains("answers    their tokens are not known without a pilot, at most 2,000")
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
    void whatIsNotKnownIsNoZero() throws IOException {
        Path csv = folder.resolve("summary.csv");
        JsonNode unknown = json("--set", "model=gpt-99-new", "--csv", csv.toString());
        assertThat(Files.readAllLines(csv).get(1))
                .startsWith("NA,openai,batch,gpt-99-new,/v1/chat/completions,20,0,20,NA,NA,NA,0.9,0,0,")
                .endsWith(",NA,NA,NA,NA,NA,NA");
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

    /// The requests that a simulator in this process has answered live.
    private static long answered(Simulator simulator) throws IOException {
        try (InputStream journal =
                simulator.baseUrl().resolve("/_simulator/journal").toURL().openStream()) {
            return new String(journal.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("/v1/chat/completions") || line.contains("/v1/messages"))
                    .count();
        }
    }

    private String[] pilot(Simulator simulator, String... more) {
        live.environment.put("OPENAI_API_KEY", "sk-simulator");
        live.environment.put("ANTHROPIC_API_KEY", "sk-simulator");
        List<String> options = new ArrayList<>(List.of("--live", "--pilot", "6"));
        options.addAll(List.of("--live-url", "openai=" + simulator.baseUrl() + "/v1"));
        options.addAll(List.of("--live-url", "anthropic=" + simulator.baseUrl()));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private Simulator simulator() throws IOException {
        return Simulator.start(
                "--port", "0", "--data", folder.resolve("simulator").toString(), "--error-rate", "0");
    }

    @Test
    void aPilotTellsWhatTheOthersCost() throws IOException {
        Path csv = folder.resolve("summary.csv");
        Path test = folder.resolve("test.csv");
        Path rest = folder.resolve("rest.jsonl");
        try (Simulator simulator = simulator()) {
            JsonNode json = json(pilot(
                    simulator,
                    "--yes",
                    "--csv",
                    csv.toString(),
                    "--test-pairs",
                    test.toString(),
                    "--remaining-pairs",
                    rest.toString()));
            assertThat(answered(simulator)).isEqualTo(6);
            JsonNode judge = json.path("judges").path(0);
            assertThat(judge.path("pilot").path("pairs").intValue()).isEqualTo(6);
            assertThat(judge.path("pilot").path("remaining_pairs").intValue()).isEqualTo(14);
            // The simulator's answer is 46 bytes, its prompts are a quarter of their bytes.
            assertThat(judge.path("output_tokens").path("expected").longValue())
                    .isEqualTo(
                            20 * judge.path("pilot").path("completion_tokens").longValue() / 6);
            assertThat(judge.path("pilot").path("slope").doubleValue()).isBetween(0.2, 0.3);
            assertThat(usd(judge, "batch", "low")).isLessThan(usd(judge, "batch", "high"));
            // Live is twice a batch's price, but the pilot is live in both.
            assertThat(usd(judge, "live", "expected").divide(usd(judge, "batch", "expected"), MathContext.DECIMAL32))
                    .isBetween(new BigDecimal("1.5"), new BigDecimal("1.6"));
        }
        assertThat(err.toString()).contains("the pilot sends 6 live requests", "nothing in the requests limits");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).startsWith("judge,backend,mode,model,endpoint,n_total,n_test,n_remaining,");
        assertThat(lines.get(1)).startsWith("NA,openai,batch,gpt-4.1,/v1/chat/completions,20,6,14,2,8,0.5,0.9,");
        assertThat(lines.get(2)).startsWith("NA,openai,live,gpt-4.1,/v1/chat/completions,20,6,14,2,8,1,0.9,");
        // Together they are the table.
        assertThat(Files.readAllLines(test)).hasSize(7).first().isEqualTo("ID1,text1,ID2,text2");
        assertThat(Files.readAllLines(rest)).hasSize(14).allMatch(line -> line.startsWith("{\"ID1\":\"a"));
        assertThat(Files.readString(test) + Files.readString(rest))
                .contains(IntStream.range(0, 20).mapToObj(i -> "b" + i).toList());
    }

    @Test
    void thePilotIsShownAndAskedFor() throws IOException {
        live.terminal = true;
        try (Simulator simulator = simulator()) {
            assertThat(estimate(pairs, pilot(simulator, "--set", "max_completion_tokens=50")))
                    .as(err.toString())
                    .isEqualTo(ExitStatus.DONE);
            assertThat(answered(simulator)).isZero();
            assertThat(live.questions).containsExactly("Send them? [y/N]");
            assertThat(out.toString())
                    .contains("  gpt-4.1: 6, at most USD 0.0", "Nothing was sent.")
                    .doesNotContain("pilot      ");
            live.agrees = true;
            assertThat(estimate(pairs, pilot(simulator))).isEqualTo(ExitStatus.DONE);
            assertThat(out.toString())
                    .contains("pilot      6 pairs (stratified_prompt_bytes, seed 1), 6 of 6 requests answered, USD 0.0")
                    .contains(", with 90% confidence USD 0.0", "; budget USD 0.0")
                    .endsWith("Only the pilot was sent. Prices are of 2026-11-22.\n");
        }
    }

    /// Each pair is asked as often as the job would ask, and of the same pairs every judge.
    @Test
    void everyJudgeIsAskedForEachComparisonOfThePairs() throws IOException {
        String judges = "judges=[{\"model\": \"gpt-4.1\"}, {\"backend\": \"anthropic\", \"model\":"
                + " \"claude-sonnet-4-5\"}]";
        try (Simulator simulator = simulator()) {
            JsonNode json = json(pilot(
                    simulator,
                    "--yes",
                    "--test-strategy",
                    "random",
                    "--set",
                    judges,
                    "--set",
                    "model=null",
                    "--set",
                    "both_orders=true"));
            assertThat(answered(simulator)).isEqualTo(24);
            for (JsonNode judge : json.path("judges")) {
                assertThat(judge.path("pilot").path("answered").intValue()).isEqualTo(12);
                assertThat(judge.path("pilot").path("pairs_used").intValue()).isEqualTo(6);
            }
            assertThat(usd(json.path("total"), "batch", "high"))
                    .isEqualByComparingTo(usd(json.path("judges").path(0), "batch", "high")
                            .add(usd(json.path("judges").path(1), "batch", "high")));
        }
    }

    /// A key that is refused once is refused for all: one request is sent, and told.
    @Test
    void aRefusalEndsThePilot() throws IOException {
        try (Simulator simulator = simulator()) {
            String[] options = pilot(simulator, "--yes");
            live.environment.put("OPENAI_API_KEY", "sk-wrong");
            assertThat(estimate(pairs, options)).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(out.toString())
                    .contains("note       the pilot stopped after 1 of 6 requests: HTTP 401")
                    .contains("their tokens are not known without a pilot");
        }
    }

    /// What has no answer may be paid, and is never sent again; after three in a row no more is.
    @Test
    void anOutageEndsThePilotAfterThree() throws IOException {
        Path faults = Files.writeString(
                folder.resolve("faults.json"),
                "[{\"operation\": \"live\", \"action\": \"status\", \"nth\": 3, \"count\": 0}]");
        try (Simulator simulator = Simulator.start(
                "--port", "0", "--data", folder.resolve("simulator").toString(), "--faults", faults.toString())) {
            assertThat(estimate(pairs, pilot(simulator, "--yes"))).isEqualTo(ExitStatus.JOB_FAILED);
            assertThat(out.toString())
                    .contains("note       the pilot stopped after 5 of 6 requests: HTTP 500")
                    .contains("note       3 of the pilot's requests have no answer with tokens");
        }
    }

    @Test
    void whatAPilotNeedsIsSaidBeforeTheTableIsRead() throws IOException {
        live.environment.put("OPENAI_API_KEY", "sk-simulator");
        assertThat(estimate(pairs, "--pilot", "6")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("Add --live");
        assertThat(estimate(pairs, "--pilot", "6", "--live")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("there is no terminal to ask on");
        assertThat(estimate(pairs, "--pilot", "0", "--live", "--yes")).isEqualTo(ExitStatus.USAGE);
        assertThat(estimate(pairs, "--pilot", "6", "--live", "--yes", "--set", "limit=5"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("--set limit=null");
        assertThat(estimate(pairs, "--test-pairs", "x.csv")).isEqualTo(ExitStatus.USAGE);
        assertThat(estimate(pairs, "--pilot", "6", "--live", "--yes", "--test-pairs", pairs.toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("is there already");
        assertThat(estimate(pairs, "--pilot", "6", "--live", "--yes", "--live-url", "openai=/v1"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("--live-url openai=/v1 is no address.");
        live.environment.clear();
        assertThat(estimate(pairs, "--pilot", "6", "--live", "--yes")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("OPENAI_API_KEY");
    }
}
