package io.pairbatch.cli.command;

import io.pairbatch.cli.view.Sizes;
import io.pairbatch.cli.view.Spans;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.JudgeReport;
import io.pairbatch.estimate.Spend;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.text.Plural;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An estimate for people.
record EstimateLines(EstimateReport report) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        report.design().ifPresent(lines::add);
        Set<String> remarks = new LinkedHashSet<>();
        for (JudgeReport judge : report.judges()) {
            String indent = judge.judge() == null ? "" : "  ";
            if (judge.judge() != null) {
                lines.add("judge " + judge.judge());
            }
            ofJudge(judge).forEach(line -> lines.add(indent + line));
            judge.remarks().stream().filter(remarks::add).forEach(said -> lines.add(indent + "note       " + said));
        }
        if (report.judges().size() > 1) {
            lines.addAll(total());
        }
        boolean sent = report.judges().stream().anyMatch(judge -> judge.pilot() != null);
        lines.add((sent ? "Only the pilot was sent." : "Nothing was sent.") + " Prices are of "
                + report.prices().date() + ".");
        return lines;
    }

    private List<String> ofJudge(JudgeReport judge) {
        Estimate estimate = judge.estimate();
        JobSpec spec = estimate.spec();
        List<String> lines = new ArrayList<>();
        lines.add("provider   " + spec.backend().code()
                + (judge.service().isItself()
                        ? ""
                        : ", served by " + judge.service().code())
                + (estimate.endpoint().isEmpty() ? "" : ", requests to " + estimate.endpoint()));
        lines.add("model      " + spec.model());
        lines.add("pairs      " + pairs(estimate));
        lines.add("requests   " + number(estimate.comparisons()) + " in " + batches(estimate.segments()));
        lines.add("prompts    " + Sizes.of(estimate.promptBytes()) + ", about "
                + number(judge.tokens().input()) + " tokens (" + basis(judge) + "), at most "
                + number(judge.tokens().inputAtMost()));
        String pilot = PilotLines.of(judge.pilot());
        if (pilot != null) {
            lines.add("pilot      " + pilot);
        }
        lines.add("answers    " + answers(judge.tokens(), "nothing in the requests limits them"));
        lines.add("in batches " + cost(judge.batch(), report.prices().perMillion(spec.model()), spec.model()));
        lines.add("live       " + cost(judge.live(), report.prices().livePerMillion(spec.model()), spec.model()));
        lines.add("window     " + Spans.of(judge.window()) + " for each batch, then it expires");
        lines.add("time       " + time(judge.wallTime()) + ": the first look at the batches, to "
                + Plural.of(spec.polling().maxAttempts(), "round")
                + " (max_attempts) of the whole window; waiting for room at the provider comes on top");
        return lines;
    }

    private List<String> total() {
        List<String> lines = new ArrayList<>();
        lines.add("in all, " + report.judges().size() + " judges");
        lines.add("  requests   " + number(report.requests()) + " in " + batches(report.segments()));
        lines.add("  prompts    about " + number(report.tokens().input()) + " tokens, at most "
                + number(report.tokens().inputAtMost()));
        lines.add("  answers    " + answers(report.tokens(), "not every judge's are limited"));
        String without = report.unpriced() == 0
                ? ""
                : ", without those of " + Plural.of(report.unpriced(), "judge") + " whose price is not known";
        lines.add("  in batches " + cost(report.batch(), Optional.empty(), "") + without);
        lines.add("  live       " + cost(report.live(), Optional.empty(), "") + without);
        lines.add("  time       " + time(report.wallTime()) + ": the judges are at work at the same time");
        return lines;
    }

    private static String pairs(Estimate estimate) {
        long accepted = estimate.totals().accepted();
        long rejected = estimate.totals().rejected();
        return (estimate.judged() < accepted
                        ? number(estimate.judged()) + " of " + number(accepted) + " (limited; prompts are extrapolated)"
                        : number(accepted))
                + (estimate.perRow() == 1 ? "" : ", each " + estimate.perRow() + " times")
                + (rejected == 0 ? "" : "; rejected rows: " + number(rejected));
    }

    private static String basis(JudgeReport judge) {
        return judge.pilot() == null || judge.pilot().path("pairs_used").intValue() == 0
                ? "a quarter of the bytes"
                : String.format(
                        Locale.ROOT,
                        "%.4g for each byte and %.1f more, of the pilot",
                        judge.pilot().path("slope").doubleValue(),
                        judge.pilot().path("intercept").doubleValue());
    }

    /// @param unlimited said where nothing limits them
    private static String answers(JudgeReport.Tokens tokens, String unlimited) {
        String expected = tokens.output() == null || tokens.outputBudget() == null
                ? "their tokens are not known without a pilot"
                : "about " + number(tokens.output()) + " tokens, budget " + number(tokens.outputBudget());
        return expected
                + (tokens.outputAtMost() == null ? "; " + unlimited : ", at most " + number(tokens.outputAtMost()));
    }

    /// What is not known is said to be, and is never shown as nothing.
    private static String cost(@Nullable Spend spend, Optional<PriceTable.PerMillion> price, String model) {
        if (spend == null) {
            return model.isEmpty()
                    ? "unknown"
                    : "unknown: the price table has no " + model + " (./pairbatch prices lists those with a price)";
        }
        String extra = price.map(known -> ", at " + NanoUsd.words(known.output()) + " per million tokens")
                .orElse("");
        String expected = spend.expected() == null
                ? "about " + NanoUsd.words(spend.input()) + " for the prompts; answers and reasoning are extra" + extra
                : "about " + NanoUsd.words(spend.expected())
                        + (spend.interval() == null
                                ? ""
                                : ", with 90% confidence "
                                        + NanoUsd.words(spend.interval().low()) + " to "
                                        + NanoUsd.words(spend.interval().high()))
                        + (spend.budget() == null ? "" : "; budget " + NanoUsd.words(spend.budget()));
        return expected + (spend.atMost() == null ? "" : "; at most " + NanoUsd.words(spend.atMost()) + " in all");
    }

    private static String time(JudgeReport.WallTime time) {
        return Spans.of(time.from()) + " to " + Spans.of(time.to());
    }

    private static String batches(long number) {
        return number + (number == 1 ? " batch" : " batches");
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
