package io.pairbatch.cli.command;

import io.pairbatch.analysis.Analysis;
import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Flag;
import io.pairbatch.analysis.model.PositionEffects;
import io.pairbatch.analysis.model.Ranking;
import io.pairbatch.analysis.model.Reliability;
import io.pairbatch.analysis.trust.Agreement;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.text.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the console says of an analysis.
final class AnalysisWords {

    /// Places at the top, and as many at the bottom.
    private static final int SHOWN = 5;

    private static final int NAMED = 5;

    private final Analysis analysis;
    private final Judgements judgements;
    private final Ranking ranking;
    private final Console console;

    AnalysisWords(Analysis analysis, Console console) {
        this.analysis = analysis;
        this.judgements = analysis.judgements();
        this.ranking = analysis.ranking();
        this.console = console;
    }

    void print() {
        say(counts());
        printPlaces();
        printFlags();
        printTrust();
    }

    private String counts() {
        List<String> left = new ArrayList<>();
        if (judgements.withoutWinner() > 0) {
            left.add(judgements.withoutWinner() + " without a winner");
        }
        if (judgements.withItself() > 0) {
            left.add(judgements.withItself() + " of a sample with itself");
        }
        return Plural.of(judgements.used(), "judgement") + " of "
                + Plural.of(judgements.items().size(), "sample") + " in " + Plural.of(analysis.pairs(), "pair")
                + ", by "
                + Plural.of(judgements.judges().size(), "judge")
                + (left.isEmpty() ? "" : "; left out: " + String.join(", ", left));
    }

    private void printPlaces() {
        List<Ranking.Place> places = ranking.places().stream()
                .filter(place -> place.component() == 1)
                .toList();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RANK", "ID", "ABILITY", "95% INTERVAL", "RANK BETWEEN", "WON"));
        boolean cut = places.size() > 2 * SHOWN + 1;
        for (Ranking.Place place : cut ? places.subList(0, SHOWN) : places) {
            rows.add(row(place));
        }
        if (cut) {
            rows.add(List.of("…", "…", "", "", "", ""));
            places.subList(places.size() - SHOWN, places.size()).forEach(place -> rows.add(row(place)));
        }
        Grid.lines(rows, Set.of(0, 2), console.width(), "…").forEach(console.out()::println);
    }

    private List<String> row(Ranking.Place place) {
        return List.of(
                Integer.toString(place.rank()),
                Cells.harmless(judgements.items().get(place.item())),
                number(place.reduced()),
                number(place.low()) + " to " + number(place.high()),
                place.rankLow() + " and " + place.rankHigh(),
                amount(place.wins()) + " of " + amount(place.count()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String amount(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
    }

    private void printFlags() {
        for (Flag flag : Flag.values()) {
            List<String> ids = ranking.flagged(flag).stream()
                    .map(item -> Cells.harmless(judgements.items().get(item)))
                    .toList();
            if (!ids.isEmpty()) {
                say(flag.words() + ": " + ids.size() + " ("
                        + ids.stream().limit(NAMED).collect(Collectors.joining(", "))
                        + (ids.size() > NAMED ? ", …" : "") + "); " + meaning(flag));
            }
        }
        if (ranking.components().stream().anyMatch(Ranking.Component::ambiguous)) {
            say("note: so few pairs connect the samples that other abilities explain the judgements about as well.");
        }
        if (!ranking.components().stream().allMatch(Ranking.Component::converged)) {
            say("warning: the fit did not converge; do not use the abilities.");
        }
        Ranking.Component largest = ranking.components().getFirst();
        if (!largest.exact()) {
            say(String.format(
                    Locale.ROOT,
                    "note: of %d samples standard errors are approximate; where they were computed exactly too, they"
                            + " differ by %.1f%% at most.",
                    largest.size(),
                    100 * largest.error()));
        }
    }

    private static String meaning(Flag flag) {
        return switch (flag) {
            case NEVER_WON -> "the judgements set no lower bound to their ability.";
            case NEVER_LOST -> "the judgements set no upper bound to their ability.";
            case ONE_SIDED -> "groups that won, or lost, everything against the others.";
            case NOT_CONNECTED -> "no chain of judgements leads to the others; they are ranked apart.";
        };
    }

    private void printTrust() {
        Reliability reliability = analysis.reliability();
        if (Double.isNaN(reliability.separation())) {
            say("reliability: " + reliability.status());
        } else {
            say("reliability: separation " + number(reliability.separation())
                    + "; coin flips in this design stay below "
                    + number(reliability.limit()) + " in 95% of cases"
                    + (reliability.separation() > reliability.limit()
                            ? ""
                            : ", so nothing shows that the judge sees a difference")
                    + (Double.isNaN(reliability.splitHalf())
                            ? ""
                            : "; split halves " + number(reliability.splitHalf())));
        }
        for (int judge = 0; judge < judgements.judges().size(); judge++) {
            say(position(judge));
        }
        for (Agreement row : analysis.agreement()) {
            if (row.units() > 0) {
                say(agreement(row));
            }
        }
    }

    private String position(int judge) {
        PositionEffects.Effect effect = analysis.position().effects().get(judge);
        String name = "position, judge " + name(judge) + ": ";
        if (Double.isNaN(effect.effect())) {
            return name + effect.status();
        }
        Ranking.Interval chance = effect.chances();
        return name
                + String.format(
                        Locale.ROOT,
                        "of two equal samples the first wins %.0f%% of the time (95%%: %.0f%% to %.0f%%)",
                        100 * chance.estimate(),
                        100 * chance.low(),
                        100 * chance.high());
    }

    private String agreement(Agreement row) {
        String who = switch (row.kind()) {
            case "repeats" -> "judge " + name(row.judge()) + " with itself, in the same order";
            case "orders" -> "judge " + name(row.judge()) + " with itself, in the other order";
            case "judges" -> "judges " + name(row.judge()) + " and " + name(row.other());
            default -> "all judges";
        };
        return String.format(
                        Locale.ROOT,
                        "agreement, %s: %.0f%% of %s",
                        who,
                        100 * row.raw(),
                        Plural.of(row.units(), "pair"))
                + (Double.isNaN(row.alpha())
                        ? ""
                        : ", alpha " + number(row.alpha()) + " (95%: " + number(row.low()) + " to " + number(row.high())
                                + ")");
    }

    private String name(int judge) {
        return Cells.harmless(judgements.judges().get(judge));
    }

    void printChance(String one, String other, Ranking.@Nullable Interval chance) {
        say(
                chance == null
                        ? one + " and " + other + " are not on one scale: nothing says which one is better."
                        : String.format(
                                Locale.ROOT,
                                "%s beats %s with a probability of %.0f%% (95%%: %.0f%% to %.0f%%)",
                                one,
                                other,
                                100 * chance.estimate(),
                                100 * chance.low(),
                                100 * chance.high()));
    }

    private void say(String text) {
        FaultText.wrapped(text, console.width(), 0).forEach(console.out()::println);
    }
}
