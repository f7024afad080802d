package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.offline.OfflineCollect;
import io.pairbatch.offline.OfflineSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The analyses that docs/RESULTS.md links to, run on a job's files. Without R or pandas, a test is skipped with a
/// message; `.ci/run` installs both.
class AnalysisTest {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path SCRIPTS = HOME.resolve("examples/analysis");
    private static final String R_SCRIPT = "bradley_terry.R";
    private static final String PYTHON_SCRIPT = "bradley_terry.py";
    private static final Pattern LINK = Pattern.compile("\\]\\(\\.\\./examples/analysis/([^)]*)\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^``` *(r|R|python|py)\n(.*?)^```$");
    private static final List<String> IDS = List.of("007", "NA", "a,b", "=x", "Ünal", "Z", "b\"c", "nan");
    private static final int ROUNDS = 4;
    private static final int COMPARISONS = ROUNDS * IDS.size() * (IDS.size() - 1);
    private static final int UNANSWERED = 3;

    @TempDir
    private Path work;

    private Path results;
    private Programs programs;
    private final double[][] wins = new double[IDS.size()][IDS.size()];

    /// Every pair of IDs in both orders, four times, in segments of 50; three answers are missing, two rows are bad.
    /// The topic is in turn a text, the text NA, or missing.
    @BeforeEach
    void aJobIsSplitAnsweredAndCollected() throws IOException {
        StringBuilder table = new StringBuilder("ID1,text1,ID2,text2,topic\n");
        List<int[]> pairs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < IDS.size(); i++) {
                for (int j = 0; j < IDS.size(); j++) {
                    if (i != j) {
                        pairs.add(new int[] {i, j});
                        String topic = List.of("sea", "\"NA\"", "NA").get(pairs.size() % 3);
                        table.append(quoted(IDS.get(i)) + ",=1+1,").append(quoted(IDS.get(j)) + ",\"two\nlines\",");
                        table.append(topic).append('\n');
                    }
                }
            }
        }
        table.append("too,few\n,no id,b,x,sea\n");
        Path job = Files.createDirectories(work.resolve("essays"));
        Path file = Files.writeString(job.resolve("pairs.csv"), table);
        Path spec = Files.writeString(
                job.resolve("job.json"),
                "{\"model\":\"gpt-4.1\",\"trait_name\":\"overall_quality\",\"batch_size\":50,"
                        + "\"texts_per_id\":\"any\"}");
        results = work.resolve("results");
        programs = new Programs(results);
        String token = new OfflineSplit("0.1.0", InstantSource.fixed(Instant.parse("2026-11-22T17:00:00Z")))
                .run(file, spec, results)
                .job()
                .token();
        answer(pairs, token);
        assertThat(new OfflineCollect(PriceTable.bundled()).run(results).missing())
                .isEmpty();
    }

    private void answer(List<int[]> pairs, String token) throws IOException {
        Random random = new Random(7);
        StringBuilder output = new StringBuilder();
        for (int k = 0; k < pairs.size(); k++) {
            int i = pairs.get(k)[0];
            int j = pairs.get(k)[1];
            boolean first = random.nextDouble() < 1 / (1 + Math.exp(-0.4 * (i - j)));
            if (k % 60 != 59) {
                wins[first ? i : j][first ? j : i]++;
                output.append(line(token, k + 1, first ? 1 : 2));
            }
            if ((k + 1) % 50 == 0 || k + 1 == pairs.size()) {
                Files.writeString(results.resolve(JobFiles.output(k / 50 + 1)), output);
                output.setLength(0);
            }
        }
    }

    /// The tests run what the documents tell users to run: the documents link to these files, and hold no other code
    /// than the lines that are run here too.
    @Test
    void theDocumentsLinkToTheScriptsThatAreRunHereAndHoldNoCodeThatIsNot() throws IOException {
        String results = Files.readString(HOME.resolve("docs/RESULTS.md"));
        assertThat(LINK.matcher(results).results().map(link -> link.group(1)))
                .containsExactlyInAnyOrder(R_SCRIPT, PYTHON_SCRIPT);
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder(R_SCRIPT, PYTHON_SCRIPT);
        }
        assertThat(CODE.matcher(results).results().map(code -> code.group(1))).containsExactly("r", "python");
        assertThat(Files.readString(HOME.resolve("README.md"))).doesNotContainPattern(CODE);
    }

    @Test
    void theLinesOfRInTheDocumentReadTheCountsAndTheWinners() throws Exception {
        String rscript = programs.rscript();
        Path lines = Files.writeString(results.resolve("lines.R"), lines("r") + """
                cat("\\n", counts, wins[["007"]], wins[["NA"]], wins[['b"c']], sum(wins))
                """);
        assertThat(run(rscript, lines.toString()).lines().toList().getLast().strip())
                .isEqualTo(counted());
    }

    @Test
    void theLinesOfPythonInTheDocumentReadTheCountsAndTheWinners() throws Exception {
        assumeTrue(Programs.isOnPath("python3"), "skipped: no Python");
        Path lines = Files.writeString(results.resolve("lines.py"), lines("python") + """
                print(counts["input_rows"], counts["observed"], counts["failed"],
                      wins["007"], wins["NA"], wins['b"c'], sum(wins.values()))
                """);
        String said = run("python3", lines.toString());
        assertThat(said).startsWith(COMPARISONS + 2 + " rows, " + (COMPARISONS - UNANSWERED) + " judged, 3 failed\n");
        assertThat(said.lines().toList().getLast()).isEqualTo(counted());
    }

    private static String lines(String language) throws IOException {
        return CODE.matcher(Files.readString(HOME.resolve("docs/RESULTS.md")))
                .results()
                .filter(code -> code.group(1).equals(language))
                .map(code -> code.group(2))
                .findFirst()
                .orElseThrow();
    }

    /// Rows, judged, failed; the wins of three texts, and of all.
    private String counted() {
        return COMPARISONS + 2 + " " + (COMPARISONS - UNANSWERED) + " " + UNANSWERED + " " + won("007") + " "
                + won("NA") + " " + won("b\"c") + " " + (COMPARISONS - UNANSWERED);
    }

    private int won(String id) {
        return (int) Arrays.stream(wins[IDS.indexOf(id)]).sum();
    }

    @Test
    void rReadsEveryRowDistinguishesNaFromTheTextNaAndFitsTheModel() throws Exception {
        String rscript = rscript();
        String said = run(rscript, "-e", "source('" + R_SCRIPT + "')", "-e", """
                cat("\\n", nrow(results), sum(results$ID1 == "NA"), sum(is.na(results$topic)),
                  sum(results$topic == "NA", na.rm = TRUE), sum(results$text2 == "two\\nlines"),
                  sprintf("%.6f", sum(results$cost)), sum(is.na(results$ID1)), nrow(problems(results)))
                """);
        assertThat(said.lines().toList().getLast().strip()).isEqualTo(figures() + " 0 0");
        assertAbilities();

        runOnJudgements(R_SCRIPT, rscript);
        assertAbilities();
    }

    @Test
    void pandasReadsEveryRowAndFitsTheModelAndTreatsTheTextNaAsConfigured() throws Exception {
        String python = python();
        Files.writeString(results.resolve("check.py"), """
                exec(open("bradley_terry.py").read())
                everywhere = pd.read_csv("combined_results.csv", dtype=str, keep_default_na=False, na_values=["NA"])
                print(len(results), (results["ID1"] == "NA").sum(), everywhere["topic"].isna().sum(),
                      (results["topic"] == "NA").sum(), (results["text2"] == "two\\nlines").sum(),
                      f'{results["cost"].sum():.6f}', everywhere["ID1"].isna().sum())
                """);
        String[] said = run(python, "check.py").lines().toList().getLast().split(" ", -1);
        String[] figures = figures().split(" ", -1);
        // Both kinds of NA look the same to pandas.
        String either = Integer.toString(Integer.parseInt(figures[2]) + Integer.parseInt(figures[3]));
        assertThat(said).containsExactly(figures[0], figures[1], either, either, figures[4], figures[5], figures[1]);
        assertAbilities();

        runOnJudgements(PYTHON_SCRIPT, python);
        assertAbilities();
    }

    /// Texts of which the comparisons alone say only in which direction they stand, or nothing.
    @Test
    void rFlagsWhatIsNotEstimableAndStillGivesFiniteAbilities() throws Exception {
        String rscript = rscript();
        oneSided();
        assertFlags(run(rscript, R_SCRIPT));
    }

    @Test
    void pythonFlagsWhatIsNotEstimableAndStillGivesFiniteAbilities() throws Exception {
        String python = python();
        oneSided();
        assertFlags(run(python, PYTHON_SCRIPT));
    }

    @Test
    void whatIsEstimableIsNotFlagged() throws Exception {
        String python = python();
        assertThat(run(python, PYTHON_SCRIPT)).doesNotContain("Not estimable");
        assertThat(abilitiesFile().values()).allMatch(row -> row.flag().isEmpty());
    }

    /// Without the prior it is the usual model, as others have written it.
    @Test
    void withoutThePriorTheAbilitiesAreThoseOfBradleyTerry2() throws Exception {
        String rscript = rscript();
        assumeTrue(programs.succeeds(rscript, "-e", "library(BradleyTerry2)"), "skipped: R has no BradleyTerry2");
        String script = Files.readString(results.resolve(R_SCRIPT)).replace("prior_sd <- 5", "prior_sd <- 1e5");
        assertThat(script).contains("1e5");
        Files.writeString(results.resolve("flat.R"), script);
        String said = run(rscript, "-e", "source('flat.R'); library(BradleyTerry2)", "-e", """
                fit <- BTm(cbind(win1, win2), player1, player2, data = countsToBinomial(as.table(wins)))
                theirs <- BTabilities(fit)[ids, "ability"]
                ours <- abilities$ability[match(ids, abilities$ID)]
                cat("\n", max(abs(ours - mean(ours) - theirs + mean(theirs))) < 1e-4)
                """);
        assertThat(said.lines().toList().getLast().strip()).isEqualTo("TRUE");
    }

    /// A, B and C beat each other; one text loses to all three, another beats them. D and E beat each other and lose to
    /// A and B. X and Y met nobody else. The last pair, of a text with itself, says nothing.
    private void oneSided() throws IOException {
        String wins = "AB BA AC CA BC CB An Bn Cn wA wB wC DE ED AD BE XY YX";
        StringBuilder csv = new StringBuilder("ID1,ID2,better_id,winner_pos,row,cost\n");
        int row = 0;
        for (String win : wins.split(" ", -1)) {
            row++;
            String winner = win.substring(0, 1);
            String loser = win.substring(1);
            boolean first = row % 2 == 0;
            csv.append(first ? winner + "," + loser : loser + "," + winner);
            csv.append("," + winner + "," + (first ? 1 : 2) + "," + row + ",NA\n");
        }
        csv.append("S,S,S,1,19,NA\n");
        Files.writeString(results.resolve(JobFiles.COMBINED), csv);
    }

    private void assertFlags(String said) throws IOException {
        Map<String, Ability> rows = abilitiesFile();
        Map<String, String> flags = new TreeMap<>();
        rows.forEach((id, row) -> flags.put(id, row.flag()));
        assertThat(flags)
                .isEqualTo(Map.of(
                        "A",
                        "",
                        "B",
                        "",
                        "C",
                        "",
                        "n",
                        "never won",
                        "w",
                        "never lost",
                        "D",
                        "one-sided",
                        "E",
                        "one-sided",
                        "X",
                        "not connected",
                        "Y",
                        "not connected"));
        assertThat(rows.values()).allMatch(row -> Math.abs(row.ability()) < 10 && row.se() > 0 && row.se() < 10);
        assertThat(ability(rows, "n")).isLessThan(ability(rows, "C"));
        assertThat(ability(rows, "w")).isGreaterThan(ability(rows, "A"));
        assertThat(rows.get("n"))
                .isNotNull()
                .satisfies(never -> assertThat(never.se())
                        .isGreaterThan(Objects.requireNonNull(rows.get("A")).se()));
        assertThat(said).contains("Not estimable from the comparisons alone", "n: never won", "X: not connected");
        assertThat(said).doesNotContain("A: ");
    }

    private static double ability(Map<String, Ability> rows, String id) {
        return Objects.requireNonNull(rows.get(id)).ability();
    }

    private record Ability(double ability, double se, String flag) {}

    private Map<String, Ability> abilitiesFile() throws IOException {
        Map<String, Ability> rows = new TreeMap<>();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(results.resolve("abilities.csv"))) {
            csv.forEach(row -> rows.put(
                    row.getField("ID"),
                    new Ability(
                            Double.parseDouble(row.getField("ability")),
                            Double.parseDouble(row.getField("se")),
                            row.getField("flag"))));
        }
        return rows;
    }

    @Test
    void gunzipReadsAllMembersOfTheJudgements() throws Exception {
        assumeTrue(Programs.isOnPath("gunzip"), "skipped: no gunzip");
        List<String> lines = run("gunzip", "-c", JobFiles.JUDGEMENTS).lines().toList();
        assertThat(lines).hasSize(1 + COMPARISONS - UNANSWERED);
        assertThat(lines.getFirst()).isEqualTo("row,ID1,ID2,better_id,winner_pos,judge,attempt,cost");
        assertThat(lines.getLast()).startsWith(COMPARISONS + ",nan,\"b\"\"c\",");
    }

    /// Rows, rows whose ID1 is the ID NA, missing topics, topics that are the text NA, second texts, cost: counted here
    /// from the raw file.
    private String figures() throws IOException {
        int rows = 0;
        int idNa = 0;
        int missing = 0;
        int texts = 0;
        for (int k = 0; k < COMPARISONS; k++) {
            if (k % 60 != 59) {
                rows++;
                int i = k / (IDS.size() - 1) % IDS.size();
                idNa += IDS.get(i).equals("NA") ? 1 : 0;
                missing += (k + 1) % 3 == 2 ? 1 : 0;
                texts += (k + 1) % 3 == 1 ? 1 : 0;
            }
        }
        assertThat(rows).isEqualTo(COMPARISONS - UNANSWERED);
        return rows + " " + idNa + " " + missing + " " + texts + " " + rows + " "
                + String.format(java.util.Locale.ROOT, "%.6f", rows * 0.000848);
    }

    private void runOnJudgements(String script, String program) throws Exception {
        Files.delete(results.resolve("abilities.csv"));
        String text = Files.readString(SCRIPTS.resolve(script)).replace("combined_results.csv", "judgements.csv.gz");
        run(
                program,
                Files.writeString(results.resolve("judgements_" + script), text).toString());
    }

    private void assertAbilities() throws IOException {
        Map<String, Ability> fitted = abilitiesFile();
        assertThat(fitted.keySet()).containsExactlyInAnyOrderElementsOf(IDS);
        double[] expected = abilities();
        for (int i = 0; i < IDS.size(); i++) {
            assertThat(ability(fitted, IDS.get(i)))
                    .as("ability of %s", IDS.get(i))
                    .isCloseTo(expected[i], within(1e-6));
        }
    }

    /// The most probable abilities by gradient ascent: another method than in both scripts. The prior's standard
    /// deviation is 5.
    private double[] abilities() {
        double[] ability = new double[IDS.size()];
        for (int step = 0; step < 20_000; step++) {
            double[] next = ability.clone();
            for (int i = 0; i < IDS.size(); i++) {
                for (int j = 0; j < IDS.size(); j++) {
                    double games = wins[i][j] + wins[j][i];
                    next[i] += 0.01 * (wins[i][j] - games / (1 + Math.exp(ability[j] - ability[i])));
                }
            }
            for (int i = 0; i < IDS.size(); i++) {
                next[i] -= 0.01 * ability[i] / 25;
            }
            ability = next;
        }
        return ability;
    }

    private String rscript() throws Exception {
        String rscript = programs.rscript();
        assumeTrue(programs.succeeds(rscript, "-e", "library(readr)"), "skipped: R has no readr");
        copyScripts();
        return rscript;
    }

    private String python() throws Exception {
        String python = programs.pandas();
        copyScripts();
        return python;
    }

    private void copyScripts() throws IOException {
        for (String script : List.of(R_SCRIPT, PYTHON_SCRIPT)) {
            Files.copy(SCRIPTS.resolve(script), results.resolve(script));
        }
    }

    private String run(String... command) throws Exception {
        return programs.run(command);
    }

    private static String quoted(String id) {
        return "\"" + id.replace("\"", "\"\"") + "\"";
    }

    private static String line(String token, int row, int winner) {
        return "{\"custom_id\":\"" + token + "-" + row + "\",\"response\":{\"status_code\":200,\"body\":{\"object\":"
                + "\"chat.completion\",\"model\":\"gpt-4.1-2025-04-14\",\"choices\":[{\"message\":{\"content\":"
                + "\"<BETTER_SAMPLE>SAMPLE_" + winner + "</BETTER_SAMPLE>\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":800,\"completion_tokens\":12,\"total_tokens\":812}}}}\n";
    }
}
