package io.pairbatch.estimate;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.JudgeReport.Tokens;
import io.pairbatch.estimate.JudgeReport.WallTime;
import io.pairbatch.provider.Service;
import io.pairbatch.text.Json;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a job comes to: each judge's part, and all of them together.
///
/// @param design what its design compares, on one line; empty for a table of pairs
/// @param rows of its table, or pairs of its design
public record EstimateReport(Optional<String> design, long rows, PriceTable prices, List<JudgeReport> judges) {

    public EstimateReport {
        judges = List.copyOf(judges);
    }

    /// That of a job without a pilot.
    ///
    /// @param copied the service that stands for the provider that others copy
    public static EstimateReport of(Optional<String> design, Estimate estimate, Service copied, PriceTable prices) {
        List<JudgeReport> judges = estimate.judges().isEmpty()
                ? List.of(JudgeReport.of(null, estimate, copied, prices))
                : estimate.judges().stream()
                        .map(one -> JudgeReport.of(one.judge(), one.estimate(), copied, prices))
                        .toList();
        return new EstimateReport(design, estimate.totals().rows(), prices, judges);
    }

    /// The same with judges of which more is known.
    public EstimateReport with(List<JudgeReport> known) {
        return new EstimateReport(design, rows, prices, known);
    }

    /// The requests of all judges.
    public long requests() {
        return judges.stream().mapToLong(one -> one.estimate().comparisons()).sum();
    }

    /// Their segments.
    public long segments() {
        return judges.stream().mapToLong(one -> one.estimate().segments()).sum();
    }

    /// Their tokens.
    public Tokens tokens() {
        return new Tokens(
                judges.stream().mapToLong(one -> one.tokens().input()).sum(),
                judges.stream().mapToLong(one -> one.tokens().inputAtMost()).sum(),
                sum(Tokens::output),
                sum(Tokens::outputBudget),
                sum(Tokens::outputAtMost));
    }

    private @Nullable Long sum(Function<Tokens, @Nullable Long> which) {
        long sum = 0;
        for (JudgeReport judge : judges) {
            Long part = which.apply(judge.tokens());
            if (part == null) {
                return null;
            }
            sum += part;
        }
        return sum;
    }

    /// What those cost together in batches whose price is known; null where that is none's.
    public @Nullable Spend batch() {
        return spend(JudgeReport::batch);
    }

    /// What the same would cost live.
    public @Nullable Spend live() {
        return spend(JudgeReport::live);
    }

    private @Nullable Spend spend(Function<JudgeReport, @Nullable Spend> which) {
        Spend sum = null;
        for (JudgeReport judge : judges) {
            Spend part = which.apply(judge);
            if (part != null) {
                sum = sum == null ? part : sum.plus(part);
            }
        }
        return sum;
    }

    /// How many judges' batch price is not known, so that the sums leave them out.
    public long unpriced() {
        return judges.stream().filter(one -> one.batch() == null).count();
    }

    /// How long all of them take: they are at work at the same time.
    public WallTime wallTime() {
        return new WallTime(longest(WallTime::from), longest(WallTime::to));
    }

    private Duration longest(Function<WallTime, Duration> which) {
        return judges.stream()
                .map(one -> which.apply(one.wallTime()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /// As one JSON object.
    public ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("rows", rows).put("design", design.orElse(null));
        json.putObject("prices").put("date", prices.date().toString()).put("source", prices.source());
        ArrayNode array = json.putArray("judges");
        judges.forEach(judge -> judge.put(array.addObject(), prices));
        ObjectNode total = json.putObject("total");
        total.put("requests", requests()).put("segments", segments());
        JudgeReport.put(total, tokens());
        JudgeReport.put(total.putObject("usd"), batch(), live());
        total.put("unpriced_judges", unpriced());
        JudgeReport.put(total, wallTime());
        return json;
    }
}
