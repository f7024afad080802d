package io.pairbatch.estimate;

import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What one judge's requests come to.
///
/// @param judge its name; null in a job without several judges
/// @param service that answers
/// @param batch what they cost in batches; null where the model has no price
/// @param live what they would cost one by one; null likewise
/// @param remarks what is to be said of table, options and limits, in sentences
/// @param pilot what was learned from live requests; null without a pilot
public record JudgeReport(
        @Nullable String judge,
        Service service,
        Estimate estimate,
        Tokens tokens,
        @Nullable Spend batch,
        @Nullable Spend live,
        List<String> remarks,
        @Nullable ObjectNode pilot) {

    public JudgeReport {
        remarks = List.copyOf(remarks);
    }

    /// Tokens; null is unknown.
    ///
    /// @param input of the prompts: without a pilot a quarter of their bytes (contract 9.6)
    /// @param inputAtMost one for each byte of the requests, and what the provider adds
    /// @param output of answers and reasoning; null without a pilot
    /// @param outputBudget the same where each is as long as the budget's quantile of the pilot's; null likewise
    /// @param outputAtMost null where nothing in the requests limits it
    public record Tokens(
            long input,
            long inputAtMost,
            @Nullable Long output,
            @Nullable Long outputBudget,
            @Nullable Long outputAtMost) {

        private static Tokens of(Estimate estimate) {
            OptionalLong cap = Providers.of(estimate.spec().backend()).outputCap(estimate.spec());
            long requests = estimate.comparisons();
            return new Tokens(
                    estimate.tokens(),
                    CostBounds.mostInputTokens(estimate.requestBytes(), requests),
                    null,
                    null,
                    cap.isEmpty() ? null : Long.valueOf(cap.getAsLong() * requests));
        }
    }

    /// How long a job takes.
    ///
    /// @param from where each batch has ended at the first look at it
    /// @param to where each round of sending takes the provider's whole window
    public record WallTime(Duration from, Duration to) {}

    /// That of a judge without a pilot.
    static JudgeReport of(@Nullable String judge, Estimate estimate, Service copied, PriceTable prices) {
        JobSpec spec = estimate.spec();
        Service service = Providers.service(spec.backend(), copied);
        List<String> remarks = new ArrayList<>(estimate.totals()
                .table()
                .sentences(estimate.judged(), estimate.totals().accepted()));
        remarks.addAll(service.format().notices(spec.model(), spec.options()));
        remarks.addAll(estimate.doubtedLimits());
        return new JudgeReport(
                judge,
                service,
                estimate,
                Tokens.of(estimate),
                spend(prices.perMillion(spec.model()), CostBounds.ofBatches(prices, spec), estimate),
                spend(prices.livePerMillion(spec.model()), CostBounds.ofLive(prices, spec), estimate),
                remarks,
                null);
    }

    private static @Nullable Spend spend(
            Optional<PriceTable.PerMillion> price, Optional<CostBounds> bounds, Estimate estimate) {
        return price.map(known -> Spend.ofPrompts(estimate.tokens(), known, bounds, estimate))
                .orElse(null);
    }

    /// How long a batch may take until it expires.
    public Duration window() {
        return provider().window();
    }

    /// How long the job takes, without waiting for room in the provider's queue: how much there is nobody says before.
    public WallTime wallTime() {
        if (estimate.comparisons() == 0) {
            return new WallTime(Duration.ZERO, Duration.ZERO);
        }
        int rounds = estimate.spec().polling().maxAttempts();
        return new WallTime(
                Duration.ofSeconds(estimate.spec().polling().intervalSeconds()), window().multipliedBy(rounds));
    }

    private Provider provider() {
        return Providers.of(estimate.spec().backend());
    }

    void put(ObjectNode json, PriceTable prices) {
        JobSpec spec = estimate.spec();
        json.put("judge", judge)
                .put("provider", spec.backend().code())
                .put("service", service.code())
                .put("model", spec.model())
                .put("endpoint", estimate.endpoint().isEmpty() ? null : estimate.endpoint())
                .put("accepted", estimate.totals().accepted())
                .put("rejected", estimate.totals().rejected())
                .put("judged", estimate.judged())
                .put("requests", estimate.comparisons())
                .put("segments", estimate.segments())
                .put("prompt_bytes", estimate.promptBytes());
        put(json, tokens);
        ObjectNode perMillion = json.putObject("usd_per_million_tokens");
        put(perMillion, "batch", prices.perMillion(spec.model()));
        put(perMillion, "live", prices.livePerMillion(spec.model()));
        put(json.putObject("usd"), batch, live);
        json.put("window_hours", window().toHours());
        put(json, wallTime());
        remarks.forEach(json.putArray("remarks")::add);
        json.set("pilot", pilot);
    }

    static void put(ObjectNode json, Tokens tokens) {
        json.putObject("input_tokens").put("expected", tokens.input()).put("at_most", tokens.inputAtMost());
        json.putObject("output_tokens")
                .put("expected", tokens.output())
                .put("budget", tokens.outputBudget())
                .put("at_most", tokens.outputAtMost());
    }

    static void put(ObjectNode json, @Nullable Spend batch, @Nullable Spend live) {
        if (batch == null) {
            json.putNull("batch");
        } else {
            batch.put(json.putObject("batch"));
        }
        if (live == null) {
            json.putNull("live");
        } else {
            live.put(json.putObject("live"));
        }
    }

    static void put(ObjectNode json, WallTime time) {
        json.putObject("wall_time_seconds")
                .put("from", time.from().toSeconds())
                .put("to", time.to().toSeconds());
    }

    private static void put(ObjectNode json, String name, Optional<PriceTable.PerMillion> price) {
        if (price.isEmpty()) {
            json.putNull(name);
            return;
        }
        json.putObject(name)
                .put("input", price.get().input().toPlainString())
                .put("output", price.get().output().toPlainString());
    }
}
