package io.pairbatch.cli.pilot;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.JudgeReport;
import io.pairbatch.estimate.Spend;
import io.pairbatch.store.Csv;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// The summary of contract 9.6: two lines for each judge, in batches and live.
public final class SummaryCsv {

    private static final List<String> COLUMNS = List.of(
            "judge",
            "backend",
            "mode",
            "model",
            "endpoint",
            "n_total",
            "n_test",
            "n_remaining",
            "cost_per_million_input",
            "cost_per_million_output",
            "batch_discount",
            "budget_quantile",
            "pilot_prompt_tokens",
            "pilot_completion_tokens",
            "est_remaining_prompt_tokens",
            "est_remaining_completion_tokens_expected",
            "est_remaining_completion_tokens_budget",
            "expected_total_prompt_tokens",
            "expected_total_completion_tokens",
            "budget_total_completion_tokens",
            "expected_cost_input",
            "expected_cost_output",
            "expected_cost_total",
            "budget_cost_input",
            "budget_cost_output",
            "budget_cost_total");

    private SummaryCsv() {}

    /// The whole file. What is unknown is `NA`.
    public static String of(EstimateReport report, double quantile) {
        StringBuilder csv = new StringBuilder();
        Csv.line(csv, COLUMNS);
        for (JudgeReport judge : report.judges()) {
            Csv.line(csv, line(judge, report.prices(), quantile, "batch", judge.batch()));
            Csv.line(csv, line(judge, report.prices(), quantile, "live", judge.live()));
        }
        return csv.toString();
    }

    private static List<@Nullable String> line(
            JudgeReport judge, PriceTable prices, double quantile, String mode, @Nullable Spend spend) {
        String model = judge.estimate().spec().model();
        Optional<PriceTable.PerMillion> live = prices.livePerMillion(model);
        BigDecimal discount = mode.equals("live") ? BigDecimal.ONE : discount(prices.perMillion(model), live);
        JsonNode pilot = judge.pilot() == null ? MissingNode.getInstance() : judge.pilot();
        long judged = judge.estimate().judged();
        JudgeReport.Tokens tokens = judge.tokens();
        BigDecimal input = spend == null ? null : spend.input();
        BigDecimal budget = spend == null ? null : spend.budget();
        List<@Nullable Object> values = Arrays.asList(
                judge.judge(),
                judge.estimate().spec().backend().code(),
                mode,
                model,
                judge.estimate().endpoint(),
                judged,
                pilot.path("pairs").longValue(0),
                pilot.path("remaining_pairs").longValue(judged),
                live.map(PriceTable.PerMillion::input).orElse(null),
                live.map(PriceTable.PerMillion::output).orElse(null),
                discount,
                BigDecimal.valueOf(quantile),
                pilot.path("prompt_tokens").longValue(0),
                pilot.path("completion_tokens").longValue(0),
                pilot.path("remaining_prompt_tokens").longValue(tokens.input()),
                known(pilot.path("remaining_completion_tokens")),
                known(pilot.path("remaining_completion_tokens_budget")),
                tokens.input(),
                tokens.output(),
                tokens.outputBudget(),
                input,
                spend == null ? null : spend.output(),
                spend == null ? null : spend.expected(),
                input,
                budget == null || input == null ? null : budget.subtract(input),
                budget);
        List<@Nullable String> fields = new ArrayList<>();
        values.forEach(value -> fields.add(
                value instanceof BigDecimal number
                        ? number.round(MathContext.DECIMAL64)
                                .stripTrailingZeros()
                                .toPlainString()
                        : value == null ? null : value.toString()));
        return fields;
    }

    private static @Nullable Long known(JsonNode tokens) {
        return tokens.isIntegralNumber() ? tokens.longValue() : null;
    }

    /// What a batch's prices are of those live; null where that is not one number.
    private static @Nullable BigDecimal discount(
            Optional<PriceTable.PerMillion> batch, Optional<PriceTable.PerMillion> live) {
        if (batch.isEmpty() || live.isEmpty() || live.get().input().signum() == 0) {
            return null;
        }
        BigDecimal discount = batch.get().input().divide(live.get().input(), MathContext.DECIMAL64);
        return live.get().output().multiply(discount).compareTo(batch.get().output()) == 0 ? discount : null;
    }
}
