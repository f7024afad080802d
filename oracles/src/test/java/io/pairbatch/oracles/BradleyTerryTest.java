package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.analysis.Analysis;
import io.pairbatch.analysis.AnalysisFiles;
import io.pairbatch.analysis.counts.Cells;
import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Flag;
import io.pairbatch.analysis.model.Pairs;
import io.pairbatch.analysis.model.PositionEffects;
import io.pairbatch.analysis.model.Ranking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random tables, fitted here and by a script in base R: sizes from two items on, few pairs and all of them, ties,
/// and abilities so far apart that many tables are separated. `-Dpairbatch.tables=1000` takes as many.
class BradleyTerryTest {

    private static final int TABLES = Integer.getInteger("pairbatch.tables", 200);
    private static final double TOLERANCE = 1e-8;

    @TempDir
    private Path work;

    private int separated;
    private int disconnected;
    private int positions;
    /// Items of tables with two maxima of the same height, of which R has found the other one.
    private int twins;

    @Test
    void abilitiesAndStandardErrorsAreThoseOfBaseR() throws Exception {
        Programs programs = new Programs(work);
        String rscript = programs.rscript();
        List<Judgements> tables = tables();
        Files.copy(
                Path.of("src/test/resources/ranking/fits.R"),
                work.resolve("fits.R"),
                StandardCopyOption.REPLACE_EXISTING);
        write(tables);
        String said = programs.run(rscript, "fits.R");
        Map<String, NamedCsvRecord> theirs = new HashMap<>();
        try (CsvReader<NamedCsvRecord> fits = CsvReader.builder().ofNamedCsvRecord(work.resolve("fits.csv"))) {
            fits.forEach(fit -> theirs.put(fit.getField("table") + " " + fit.getField("item"), fit));
        }
        double worst = 0;
        for (int table = 0; table < tables.size(); table++) {
            worst = Math.max(worst, compare(table, tables.get(table), theirs));
        }
        try (CsvReader<NamedCsvRecord> fits = CsvReader.builder().ofNamedCsvRecord(work.resolve("positions.csv"))) {
            for (NamedCsvRecord fit : fits) {
                int table = Integer.parseInt(fit.getField("table"));
                worst = Math.max(worst, comparePosition(table, tables.get(table), fit));
            }
        }
        System.out.println(TABLES + " tables, " + separated + " separated, " + disconnected + " disconnected, "
                + positions + " with an effect of position, " + twins + " items with a twin; the largest difference is "
                + worst + " standard errors; " + said.strip());
        assertThat(separated).isGreaterThan(TABLES / 10);
        assertThat(disconnected).isGreaterThan(TABLES / 20);
        assertThat(twins).isLessThan(TABLES / 10);
    }

    /// What docs/RESULTS.md says of the files, read by R: an ID `NA` is quoted, and what is missing is not.
    @Test
    void rReadsTheFilesOfAnAnalysis() throws Exception {
        Programs programs = new Programs(work);
        String rscript = programs.rscript();
        Judgements judgements = new Judgements();
        for (String better : List.of("007", "007", "a,b", "NA")) {
            for (String worse : List.of("a,b", "NA", "c")) {
                judgements.add("1", better, worse, 1, 1);
            }
        }
        Analysis analysis = Analysis.of(judgements, 1);
        new AnalysisFiles(analysis).write(work, new AnalysisFiles.Origin(List.of("it"), "judge", "0"));
        String said = programs.run(rscript, "-e", """
                library(readr)
                ranking <- with_edition(1, read_csv("ranking.csv", na = "NA", quoted_na = FALSE,
                  col_types = cols(ID = col_character(), flag = col_character(), .default = col_double())))
                for (name in c("consistency", "position_bias", "agreement")) read.csv(paste0(name, ".csv"))
                cat("\n", ranking$ID, sum(is.na(ranking$ability)), sprintf("%.9f", ranking$ability_br[1]), ranking$flag[1])
                """);
        assertThat(said.lines().toList().getLast().strip())
                .isEqualTo(String.format(
                        Locale.ROOT,
                        "007 a,b NA c 2 %.9f never lost",
                        analysis.ranking().places().getFirst().reduced()));
    }

    private double compare(int table, Judgements judgements, Map<String, NamedCsvRecord> theirs) {
        Ranking ranking = Ranking.of(Pairs.of(judgements));
        separated += ranking.places().stream().anyMatch(place -> Double.isNaN(place.ability())) ? 1 : 0;
        disconnected += ranking.components().size() > 1 ? 1 : 0;
        assertThat(ranking.components()).as("table " + table).allMatch(Ranking.Component::converged);
        double worst = 0;
        for (Ranking.Place place : ranking.places()) {
            String id = judgements.items().get(place.item());
            String where = "table " + table + ", item " + id;
            NamedCsvRecord fit = Objects.requireNonNull(theirs.get(table + " " + id), where);
            assertThat(Double.isNaN(place.ability()))
                    .as(where)
                    .isEqualTo(fit.getField("ability").equals("NA"));
            assertThat(place.flags().isEmpty() || place.flags().contains(Flag.NOT_CONNECTED))
                    .as(where)
                    .isEqualTo(place.component() > 1 || !Double.isNaN(place.ability()));
            Ranking.Component component = ranking.components().get(place.component() - 1);
            assertThat(component.size()).as(where).isEqualTo(Integer.parseInt(fit.getField("size")));
            worst = Math.max(worst, same(where, "ability", place.ability(), fit, "ability", "se"));
            worst = Math.max(worst, same(where, "its error", place.abilityError(), fit, "se", "se"));
            double height = component.penalised() - Double.parseDouble(fit.getField("height"));
            assertThat(height).as(where).isCloseTo(0, within(1e-6));
            if (component.ambiguous()
                    && Math.abs(place.reduced() - Double.parseDouble(fit.getField("reduced"))) > 1e-3) {
                twins++;
                continue;
            }
            worst = Math.max(worst, same(where, "reduced", place.reduced(), fit, "reduced", "se_reduced"));
            worst = Math.max(worst, same(where, "its error", place.error(), fit, "se_reduced", "se_reduced"));
            worst = Math.max(
                    worst, same(where, "clustered", place.clusteredError(), fit, "se_clustered", "se_reduced"));
        }
        return worst;
    }

    private double comparePosition(int table, Judgements judgements, NamedCsvRecord fit) {
        PositionEffects.Effect effect =
                PositionEffects.of(judgements, Pairs.of(judgements)).effects().getFirst();
        String where = "table " + table + ", position";
        assertThat(effect.status().equals("ok"))
                .as(where)
                .isEqualTo(!fit.getField("effect").equals("NA"));
        positions += effect.status().equals("ok") ? 1 : 0;
        return Math.max(
                same(where, "effect", effect.effect(), fit, "effect", "se"),
                Math.max(
                        same(where, "its error", effect.error(), fit, "se", "se"),
                        same(where, "clustered", effect.clusteredError(), fit, "se_clustered", "se")));
    }

    private static double same(String where, String what, double ours, NamedCsvRecord fit, String column, String unit) {
        if (fit.getField(column).equals("NA")) {
            return 0;
        }
        double error = Double.parseDouble(fit.getField(unit));
        double theirs = Double.parseDouble(fit.getField(column));
        assertThat(ours).as("%s: %s", where, what).isCloseTo(theirs, within(TOLERANCE * error));
        return Math.abs(ours - theirs) / error;
    }

    private void write(List<Judgements> tables) throws IOException {
        StringBuilder csv = new StringBuilder("table,a,b,share,count\n");
        for (int table = 0; table < tables.size(); table++) {
            Judgements judgements = tables.get(table);
            Pairs pairs = Pairs.of(judgements);
            for (int pair = 0; pair < pairs.size(); pair++) {
                csv.append(table).append(',').append(judgements.items().get(pairs.low()[pair]));
                csv.append(',').append(judgements.items().get(pairs.high()[pair]));
                csv.append(',').append(pairs.share()[pair]).append(',').append(pairs.count()[pair]);
                csv.append('\n');
            }
        }
        Files.writeString(work.resolve("tables.csv"), csv);
        csv.setLength(0);
        csv.append("table,a,b,share,count\n");
        for (int table = 0; table < tables.size(); table++) {
            Judgements judgements = tables.get(table);
            Cells cells = judgements.of(0);
            for (int cell = 0; cell < cells.size(); cell++) {
                csv.append(table).append(',').append(judgements.items().get(cells.first(cell)));
                csv.append(',').append(judgements.items().get(cells.second(cell)));
                csv.append(',').append(cells.share(cell)).append(',').append(cells.count(cell));
                csv.append('\n');
            }
        }
        Files.writeString(work.resolve("cells.csv"), csv);
    }

    private static List<Judgements> tables() {
        Random random = new Random(16);
        List<Judgements> tables = new ArrayList<>();
        while (tables.size() < TABLES) {
            Judgements judgements = table(random);
            if (judgements.used() > 0) {
                tables.add(judgements);
            }
        }
        return tables;
    }

    private static Judgements table(Random random) {
        int items = 2 + random.nextInt(random.nextInt(10) == 0 ? 60 : 14);
        double density = Math.pow(random.nextDouble(), 2) + 1.5 / items;
        double spread = 4 * random.nextDouble();
        int most = 1 + random.nextInt(8);
        double ties = random.nextInt(4) == 0 ? 0.2 : 0;
        boolean preferences = random.nextInt(8) == 0;
        double[] quality = random.doubles(items, -spread, spread).toArray();
        Judgements judgements = new Judgements();
        for (int i = 0; i < items; i++) {
            for (int j = 0; j < items; j++) {
                if (i != j && random.nextDouble() < density / 2) {
                    int times = 1 + random.nextInt(most);
                    double chance = 1 / (1 + Math.exp(quality[j] - quality[i]));
                    for (int k = 0; k < times; k++) {
                        int winner = random.nextDouble() < ties ? 0 : random.nextDouble() < chance ? 1 : 2;
                        double share = preferences ? random.nextDouble() : winner == 0 ? 0.5 : 2 - winner;
                        judgements.add("1", "" + (i + 1), "" + (j + 1), winner, share);
                    }
                }
            }
        }
        return judgements;
    }
}
