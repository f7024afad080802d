package io.pairbatch.cli.pilot;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.JudgeReport;
import io.pairbatch.estimate.Spend;
import io.pairbatch.text.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An estimate that knows what a pilot has shown.
public final class PilotReport {

    private final Pilot.Wish wish;
    private final PriceTable prices;

    public PilotReport(Pilot.Wish wish, PriceTable prices) {
        this.wish = wish;
        this.prices = prices;
    }

    /// The same with each judge's pilot.
    public EstimateReport of(EstimateReport before, List<Pilot.Outcome> outcomes) {
        List<JudgeReport> judges = new ArrayList<>();
        outcomes.forEach(outcome -> judges.add(of(outcome)));
        return before.with(judges);
    }

    private JudgeReport of(Pilot.Outcome outcome) {
        JudgeReport before = outcome.part().judge();
        Forecast forecast = Forecast.of(outcome.seen(), outcome.rest(), wish.quantile());
        String model = before.estimate().spec().model();
        List<String> remarks = new ArrayList<>(before.remarks());
        if (outcome.stopped() != null) {
            remarks.add("the pilot stopped after " + outcome.requests() + " of "
                    + outcome.part().requests() + " requests: " + outcome.stopped());
        }
        int lost = outcome.requests() - outcome.answered();
        if (lost > 0) {
            remarks.add(lost + " of the pilot's requests have no answer with tokens; they are not sent again, and may"
                    + " have been paid");
        }
        return new JudgeReport(
                before.judge(),
                before.service(),
                before.estimate(),
                tokens(before.tokens(), outcome, forecast),
                spend(before.batch(), prices.perMillion(model), outcome, forecast, Observed::batch),
                spend(before.live(), prices.livePerMillion(model), outcome, forecast, Observed::live),
                remarks,
                json(outcome, forecast));
    }

    private static JudgeReport.Tokens tokens(JudgeReport.Tokens before, Pilot.Outcome outcome, Forecast forecast) {
        return new JudgeReport.Tokens(
                outcome.paid().input() + Math.round(forecast.input()),
                before.inputAtMost(),
                plus(outcome.paid().output(), forecast.output()),
                plus(outcome.paid().output(), forecast.budget()),
                before.outputAtMost());
    }

    private static @Nullable Long plus(long sent, @Nullable Double rest) {
        return rest == null ? null : Long.valueOf(sent + Math.round(rest));
    }

    private @Nullable Spend spend(
            @Nullable Spend before,
            Optional<PriceTable.PerMillion> price,
            Pilot.Outcome outcome,
            Forecast forecast,
            Function<Observed, @Nullable BigDecimal> cost) {
        BigDecimal paid = outcome.paid().live();
        Optional<PriceTable.PerMillion> live =
                prices.livePerMillion(outcome.part().judge().estimate().spec().model());
        if (before == null || price.isEmpty() || live.isEmpty() || paid == null) {
            return null;
        }
        BigDecimal output = Spend.usd(
                BigDecimal.valueOf(outcome.paid().output()), live.get().output());
        return forecast.spend(price.get(), new Forecast.Paid(paid.subtract(output), output), cost, before.atMost());
    }

    private ObjectNode json(Pilot.Outcome outcome, Forecast forecast) {
        Calibration line = forecast.calibration();
        BigDecimal paid = outcome.paid().live();
        return Json.MAPPER
                .createObjectNode()
                .put("pairs", outcome.rows().size())
                .put("strategy", wish.strategy().code())
                .put("seed", wish.seed())
                .put("requests", outcome.requests())
                .put("answered", outcome.answered())
                .put("stopped", outcome.stopped())
                .put("prompt_tokens", outcome.paid().input())
                .put("completion_tokens", outcome.paid().output())
                .put("usd", paid == null ? null : paid.toPlainString())
                .put("pairs_used", line.used())
                .put("intercept", line.intercept())
                .put("slope", line.slope())
                .put("r2", line.r2())
                .put("rmse", line.rmse())
                .put("confidence", Forecast.CONFIDENCE)
                .put("budget_quantile", wish.quantile())
                .put("remaining_pairs", outcome.rest().pairs())
                .put("remaining_prompt_tokens", Math.round(forecast.input()))
                .put("remaining_completion_tokens", rounded(forecast.output()))
                .put("remaining_completion_tokens_budget", rounded(forecast.budget()));
    }

    private static @Nullable Long rounded(@Nullable Double tokens) {
        return tokens == null ? null : Long.valueOf(Math.round(tokens));
    }
}
