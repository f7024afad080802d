package io.pairbatch.analysis;

import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Flag;
import io.pairbatch.analysis.model.PositionEffects;
import io.pairbatch.analysis.model.Ranking;
import io.pairbatch.analysis.model.Reliability;
import io.pairbatch.analysis.trust.Agreement;
import io.pairbatch.analysis.trust.Consistency;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The files of an analysis, whose columns docs/RESULTS.md describes. They hold IDs and figures, and no text that
/// anybody has written.
public final class AnalysisFiles {

    public static final String RANKING = "ranking.csv";
    public static final String CONSISTENCY = "consistency.csv";
    public static final String POSITION = "position_bias.csv";
    public static final String AGREEMENT = "agreement.csv";
    public static final String FIT = "fit.json";
    /// All of them. The last one is written last: without it a folder holds no analysis.
    public static final List<String> ALL = List.of(RANKING, CONSISTENCY, POSITION, AGREEMENT, FIT);

    private static final String MADE_BY = "made_by";
    private static final String PAIRBATCH = "pairbatch analyze";
    /// How many IDs, and how many components, `fit.json` names.
    private static final int NAMED = 100;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Analysis analysis;
    private final Judgements judgements;
    private final List<String> items;

    public AnalysisFiles(Analysis analysis) {
        this.analysis = analysis;
        this.judgements = analysis.judgements();
        this.items = judgements.items();
    }

    /// What the analysis was made of and by.
    ///
    /// @param files names of the files that were read
    /// @param judgeColumn the column that names the judge
    /// @param version of Pairbatch
    public record Origin(List<String> files, String judgeColumn, String version) {}

    /// Whether a folder has none of the files, or those of an earlier analysis, which may be replaced.
    public static boolean mayBeWritten(Path folder) throws IOException {
        if (ALL.stream().noneMatch(name -> Files.exists(folder.resolve(name)))) {
            return true;
        }
        Path fit = folder.resolve(FIT);
        if (!Files.isRegularFile(fit)) {
            return false;
        }
        try {
            JsonNode json = JSON.readTree(fit.toFile());
            return json.path(MADE_BY).asString("").equals(PAIRBATCH);
        } catch (JacksonException e) {
            return false;
        }
    }

    /// Writes all files; each appears as a whole or not at all.
    public void write(Path folder, Origin origin) throws IOException {
        Files.createDirectories(folder);
        write(folder, RANKING, this::writeRanking);
        write(folder, CONSISTENCY, this::writeConsistency);
        write(folder, POSITION, this::writePosition);
        write(folder, AGREEMENT, this::writeAgreement);
        write(
                folder,
                FIT,
                file -> Files.writeString(
                        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fit(origin)) + "\n"));
    }

    private interface Body {

        void writeTo(Path file) throws IOException;
    }

    private static void write(Path folder, String name, Body body) throws IOException {
        Path draft = Files.createTempFile(folder, name, ".tmp");
        try {
            body.writeTo(draft);
            Files.move(draft, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private void writeRanking(Path file) throws IOException {
        try (CsvFile csv = new CsvFile(
                file,
                "rank",
                "ID",
                "component",
                "ability",
                "ability_se",
                "ability_br",
                "se",
                "se_clustered",
                "lwr",
                "upr",
                "rank_lwr",
                "rank_upr",
                "comparisons",
                "wins",
                "infit",
                "outfit",
                "flag")) {
            for (Ranking.Place place : analysis.ranking().places()) {
                int item = place.item();
                csv.row(
                        place.rank(),
                        items.get(item),
                        place.component(),
                        place.ability(),
                        place.abilityError(),
                        place.reduced(),
                        place.error(),
                        place.clusteredError(),
                        place.low(),
                        place.high(),
                        place.rankLow(),
                        place.rankHigh(),
                        place.count(),
                        place.wins(),
                        analysis.misfit().itemInfit()[item],
                        analysis.misfit().itemOutfit()[item],
                        flags(place));
            }
        }
    }

    private static @Nullable String flags(Ranking.Place place) {
        String words = place.flags().stream().map(Flag::words).collect(Collectors.joining(", "));
        return words.isEmpty() ? null : words;
    }

    private void writeConsistency(Path file) throws IOException {
        try (CsvFile csv = new CsvFile(
                file,
                "judge",
                "key",
                "better_id_main",
                "ID1_main",
                "ID2_main",
                "n_main_votes",
                "n_main_A",
                "n_main_B",
                "is_main_tie",
                "better_id_rev",
                "ID1_rev",
                "ID2_rev",
                "n_rev_votes",
                "n_rev_A",
                "n_rev_B",
                "is_rev_tie",
                "is_consistent",
                "winner_pos_main",
                "winner_pos_rev",
                "is_pos1_bias",
                "is_pos2_bias")) {
            for (int judge = 0; judge < judgements.judges().size(); judge++) {
                List<Consistency.Detail> details = Consistency.details(judgements, judge);
                boolean all = details.stream().allMatch(Consistency.Detail::consistent);
                for (Consistency.Detail detail : details) {
                    List<@Nullable Object> row = new ArrayList<>();
                    row.add(judgements.judges().get(judge));
                    row.add(detail.key());
                    for (Consistency.Side side : List.of(detail.main(), detail.reverse())) {
                        row.add(items.get(side.better()));
                        row.add(items.get(side.first()));
                        row.add(items.get(side.second()));
                        row.add(side.firstVotes() + side.secondVotes());
                        row.add(side.firstVotes());
                        row.add(side.secondVotes());
                        row.add(side.tie());
                    }
                    row.add(detail.consistent());
                    row.add("pos" + detail.main().position());
                    row.add("pos" + detail.reverse().position());
                    // NA for consistent pairs; all FALSE where there are no others (contract 9.3).
                    boolean known = all || !detail.consistent();
                    row.add(known ? detail.favours(1) : null);
                    row.add(known ? detail.favours(2) : null);
                    csv.row(row.toArray());
                }
            }
        }
    }

    private void writePosition(Path file) throws IOException {
        try (CsvFile csv = new CsvFile(
                file,
                "judge",
                "n_pairs",
                "prop_consistent",
                "boot_mean",
                "boot_lwr",
                "boot_upr",
                "p_sample1_main",
                "p_sample1_rev",
                "p_sample1_overall",
                "total_pos1_wins",
                "total_comparisons",
                "n_inconsistent",
                "n_inconsistent_pos1_bias",
                "n_inconsistent_pos2_bias",
                "p_sign_test",
                "consistency_status",
                "effect",
                "effect_se",
                "effect_se_clustered",
                "effect_lwr",
                "effect_upr",
                "p_first_of_equals",
                "effect_status")) {
            for (int judge = 0; judge < judgements.judges().size(); judge++) {
                List<@Nullable Object> row = new ArrayList<>();
                row.add(judgements.judges().get(judge));
                Consistency.Summary summary = summary(judge);
                row.addAll(summary == null ? Collections.nCopies(14, null) : figures(summary));
                row.add(summary == null ? "not scoreable: no pair has a winner in both orders" : "ok");
                PositionEffects.Effect effect = analysis.position().effects().get(judge);
                row.add(effect.effect());
                row.add(effect.error());
                row.add(effect.clusteredError());
                row.add(effect.low());
                row.add(effect.high());
                row.add(effect.chance());
                row.add(effect.status());
                csv.row(row.toArray());
            }
        }
    }

    /// What a judge's pairs in both orders add up to; null where there are none.
    private Consistency.@Nullable Summary summary(int judge) {
        return Consistency.summary(Consistency.details(judgements, judge), Ranking.LEVEL, analysis.seed());
    }

    private static List<Object> figures(Consistency.Summary summary) {
        return List.of(
                summary.pairs(),
                summary.consistent(),
                summary.bootMean(),
                summary.bootLow(),
                summary.bootHigh(),
                summary.pMain(),
                summary.pReverse(),
                summary.pOverall(),
                summary.firstWins(),
                summary.comparisons(),
                summary.inconsistent(),
                summary.favourFirst(),
                summary.favourSecond(),
                summary.signTest());
    }

    private void writeAgreement(Path file) throws IOException {
        try (CsvFile csv = new CsvFile(
                file, "kind", "judge", "judge_2", "n", "raw", "kappa", "alpha", "alpha_lwr", "alpha_upr", "status")) {
            for (Agreement row : analysis.agreement()) {
                csv.row(
                        row.kind(),
                        name(row.judge()),
                        name(row.other()),
                        row.units(),
                        row.raw(),
                        row.kappa(),
                        row.alpha(),
                        row.low(),
                        row.high(),
                        row.status());
            }
        }
    }

    private @Nullable String name(int judge) {
        return judge < 0 ? null : judgements.judges().get(judge);
    }

    private ObjectNode fit(Origin origin) {
        Ranking ranking = analysis.ranking();
        ObjectNode json = JSON.createObjectNode();
        json.put(MADE_BY, PAIRBATCH);
        json.put("pairbatch_version", origin.version());
        json.put("model", "Bradley-Terry: P(i beats j) = 1 / (1 + exp(ability_j - ability_i))");
        ArrayNode files = json.putArray("files");
        origin.files().forEach(files::add);
        ObjectNode options = json.putObject("options");
        options.put("judge_column", origin.judgeColumn());
        options.put("seed", analysis.seed());
        options.put("level", Ranking.LEVEL);
        ObjectNode counts = json.putObject("counts");
        counts.put("rows", judgements.rows());
        counts.put("used", judgements.used());
        counts.put("without_winner", judgements.withoutWinner());
        counts.put("with_itself", judgements.withItself());
        counts.put("ties", judgements.ties());
        counts.put("preferences", judgements.fractional());
        counts.put("items", items.size());
        counts.put("judges", judgements.judges().size());
        counts.put("pairs", analysis.pairs());
        addComponents(json, ranking);
        addFlags(json, ranking);
        addTrust(json);
        return json;
    }

    private static void addComponents(ObjectNode json, Ranking ranking) {
        json.put("components_in_all", ranking.components().size());
        ArrayNode array = json.putArray("components");
        for (Ranking.Component component : ranking.components()
                .subList(0, Math.min(NAMED, ranking.components().size()))) {
            ObjectNode object = array.addObject();
            object.put("items", component.size());
            object.put("pairs", component.pairs());
            object.put("finite_abilities", component.core());
            put(object, "log_likelihood", component.logLikelihood());
            put(object, "penalised_log_likelihood", component.penalised());
            put(object, "dispersion", component.dispersion());
            object.put("steps", component.steps());
            object.put("converged", component.converged());
            object.put("another_maximum", component.ambiguous());
            object.put("exact_errors", component.exact());
            put(object, "largest_relative_error", component.error());
        }
    }

    private void addFlags(ObjectNode json, Ranking ranking) {
        ObjectNode flagged = json.putObject("flagged");
        for (Flag flag : Flag.values()) {
            List<String> ids = ranking.flagged(flag).stream().map(items::get).toList();
            ObjectNode object = flagged.putObject(flag.name().toLowerCase(Locale.ROOT));
            object.put("items", ids.size());
            ArrayNode first = object.putArray("first");
            ids.stream().limit(NAMED).forEach(first::add);
        }
    }

    private void addTrust(ObjectNode json) {
        Reliability reliability = analysis.reliability();
        ObjectNode object = json.putObject("reliability");
        put(object, "separation", reliability.separation());
        put(object, "coin_flip_limit", reliability.limit());
        object.put("coin_flip_jobs", reliability.flips());
        put(object, "copies_agree", reliability.copies());
        put(object, "split_half", reliability.splitHalf());
        object.put("splits", reliability.splits());
        object.put("status", reliability.status());
        ObjectNode triads = json.putObject("triads");
        triads.put("in_all", analysis.triads().triads());
        triads.put("circular", analysis.triads().circular());
        triads.put("status", analysis.triads().status());
        ArrayNode judges = json.putArray("judges");
        for (int judge = 0; judge < judgements.judges().size(); judge++) {
            ObjectNode one = judges.addObject();
            one.put("judge", judgements.judges().get(judge));
            put(one, "infit", analysis.misfit().judgeInfit()[judge]);
            put(one, "outfit", analysis.misfit().judgeOutfit()[judge]);
        }
        json.put(
                "fit_status",
                judgements.fractional() ? "infit and outfit are not scoreable: judgements are preferences" : "ok");
        double moved = 0;
        double[] placed = analysis.position().ability();
        Ranking.Component largest = analysis.ranking().components().getFirst();
        for (int i = 0; i < placed.length; i++) {
            moved = Math.max(moved, Math.abs(placed[i] - largest.abilities()[i]));
        }
        put(json, "largest_change_of_ability_br_with_position", moved);
    }

    private static void put(ObjectNode object, String name, double value) {
        object.put(name, Double.isFinite(value) ? BigDecimal.valueOf(value) : null);
    }
}
