package io.pairbatch.cli.pilot;

import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.JudgeReport;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairing.Repetition;
import io.pairbatch.pairs.InputRow;
import io.pairbatch.prompt.PromptSize;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.provider.LiveRequest;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.RequestRows;
import io.pairbatch.store.JsonLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A pilot: pairs that are sent live, each request once, to know what the others come to. Holds the numbers of its
/// pairs, and of all pairs each size of a prompt once.
public final class Pilot {

    /// More pairs say hardly more, and cost twice what a batch does.
    public static final int MOST_PAIRS = 1_000;

    /// A model may think for long.
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /// After so many requests in a row without an answer no more are sent.
    private static final int MOST_UNANSWERED = 3;

    private final Estimator.Opened opened;
    private final Wish wish;
    private final List<Part> parts = new ArrayList<>();
    private final Set<Long> rows = new HashSet<>();

    /// What the user wants.
    ///
    /// @param pairs how many are sent; all of a table that has fewer
    /// @param seed of what is drawn
    /// @param quantile of the answers' tokens that the budget counts with
    public record Wish(int pairs, TestStrategy strategy, int seed, double quantile) {}

    /// A judge's part of it.
    ///
    /// @param sizes of the prompts of all its pairs
    /// @param requests that are sent
    /// @param bytes of their lines
    public record Part(JudgeReport judge, SizeCounts sizes, long requests, long bytes) {

        /// What they cost at most; empty where the model has no price.
        public Optional<CostBounds.Bound> atMost(PriceTable prices) {
            return CostBounds.ofLive(prices, judge.estimate().spec())
                    .map(bounds -> bounds.of(bytes, requests, CostBounds.Seen.NOTHING));
        }
    }

    private Pilot(Estimator.Opened opened, Wish wish) {
        this.opened = opened;
        this.wish = wish;
    }

    /// Chooses the pairs: the same ones for each judge, by the prompts of the first.
    public static Pilot of(Estimator.Opened opened, EstimateReport report, Wish wish) throws IOException {
        Pilot pilot = new Pilot(opened, wish);
        JobSpec first = report.judges().getFirst().estimate().spec();
        TestStrategy.Sizes sizes = each -> pilot.visit(first, pair -> {
            if (pair.isLast()) {
                each.accept(pair.bytes());
            }
            return true;
        });
        SizeCounts counts = new SizeCounts();
        sizes.each(counts::add);
        int pairs = (int) Math.min(wish.pairs(), counts.pairs());
        SortedSet<Long> places = wish.strategy().choose(sizes, counts, pairs, wish.seed());
        pilot.chooseRows(first, places);
        for (JudgeReport judge : report.judges()) {
            pilot.parts.add(pilot.part(judge));
        }
        return pilot;
    }

    private void chooseRows(JobSpec spec, SortedSet<Long> places) throws IOException {
        long[] place = {0};
        visit(spec, pair -> {
            if (pair.isLast() && places.contains(place[0]++)) {
                rows.add(pair.row());
            }
            return true;
        });
    }

    private Part part(JudgeReport judge) throws IOException {
        SizeCounts sizes = new SizeCounts();
        long[] sent = new long[2];
        visit(judge.estimate().spec(), pair -> {
            if (pair.isLast()) {
                sizes.add(pair.bytes());
            }
            if (rows.contains(pair.row())) {
                sent[0]++;
                sent[1] += pair.request().size();
            }
            return true;
        });
        return new Part(judge, sizes, sent[0], sent[1]);
    }

    /// The judges' parts.
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /// What the user wants.
    public Wish wish() {
        return wish;
    }

    /// The requests of all judges.
    public long requests() {
        return parts.stream().mapToLong(Part::requests).sum();
    }

    /// A comparison of a pair.
    ///
    /// @param row the pair's number in the table
    /// @param isLast whether it is the last one of its pair
    /// @param bytes of the prompts of its pair, as far as they were read
    private record Comparison(long row, boolean isLast, long bytes, JsonLine request) {}

    /// Sees comparisons.
    @FunctionalInterface
    private interface Visitor {

        /// Looks at one; false when it has seen enough.
        boolean visit(Comparison comparison) throws IOException;
    }

    private void visit(JobSpec spec, Visitor visitor) throws IOException {
        ResolvedJob job = opened.tables().job(spec);
        PromptSize size = PromptSize.of(spec.prompt().template(), spec.prompt().trait());
        Repetition repetition = spec.batching().repetition();
        long bytes = 0;
        try (RequestRows all = RequestRows.open(
                opened.pairs(),
                job,
                Providers.format(spec.backend(), opened.tables().service()))) {
            for (InputRow row = all.read(); row != null; row = all.read()) {
                if (row instanceof InputRow.Accepted accepted) {
                    long number = accepted.pair().row();
                    bytes = (repetition.isFirst(number) ? 0 : bytes)
                            + size.with(accepted.pair().text1(), accepted.pair().text2());
                    boolean last = number % repetition.perPair() == 0;
                    if (!visitor.visit(new Comparison(all.row().row(), last, bytes, all.request()))) {
                        return;
                    }
                }
            }
        }
    }

    /// Sends the pairs to each judge, one after the other.
    ///
    /// @param provider connects to the provider of a judge
    /// @param prices in USD
    public List<Outcome> run(Function<JobSpec, BatchProvider> provider, PriceTable prices) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Part part : parts) {
            JobSpec spec = part.judge().estimate().spec();
            Asking asking = new Asking(part, provider.apply(spec), prices);
            visit(spec, pair -> !rows.contains(pair.row()) || asking.ask(pair));
            outcomes.add(asking.outcome());
        }
        return outcomes;
    }

    /// The requests of one judge.
    private static final class Asking {

        private final Part part;
        private final JobSpec spec;
        private final BatchProvider provider;
        private final PriceTable prices;
        private final List<Observed> seen = new ArrayList<>();
        private final Set<Long> sent = new HashSet<>();
        private final SizeCounts rest;
        private int requests;
        private int answered;
        private int unansweredInARow;
        private Observed paid = new Observed(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);
        private Observed pair = new Observed(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);
        private boolean whole = true;
        private @Nullable String stopped;

        Asking(Part part, BatchProvider provider, PriceTable prices) {
            this.part = part;
            this.spec = part.judge().estimate().spec();
            this.provider = provider;
            this.prices = prices;
            this.rest = part.sizes();
        }

        /// Sends one request; false when no more are to be sent.
        boolean ask(Comparison comparison) {
            if (sent.add(comparison.row())) {
                pair = new Observed(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);
                whole = true;
            }
            requests++;
            LiveAnswer answer = provider.ask(
                    new LiveRequest(
                            spec.model(),
                            part.judge().estimate().endpoint(),
                            ByteBuffer.wrap(comparison.request().toBytes())),
                    TIMEOUT);
            read(answer);
            if (comparison.isLast()) {
                rest.remove(comparison.bytes());
                if (whole) {
                    seen.add(new Observed(comparison.bytes(), pair.input(), pair.output(), pair.live(), pair.batch()));
                }
            }
            return stopped == null;
        }

        private void read(LiveAnswer answer) {
            switch (answer) {
                case LiveAnswer.Answered it -> {
                    unansweredInARow = 0;
                    read(it.answer());
                }
                case LiveAnswer.Refused it ->
                    unanswered(it.reason().describe(), it.reason().kind());
                case LiveAnswer.Lost it -> unanswered(it.reason(), RefusedException.Kind.LATER);
            }
        }

        private void read(Answer answer) {
            Provider.Charge charge = Providers.of(spec.backend()).charge(answer.tokens());
            Integer status = answer.statusCode();
            if (charge == null || (status != null && status != 200)) {
                whole = false;
                return;
            }
            answered++;
            Observed one = new Observed(0, charge.input(), charge.output(), cost(answer, false), cost(answer, true));
            pair = pair.plus(one);
            paid = paid.plus(one);
        }

        /// By the model that answered, or else by the job's.
        private @Nullable BigDecimal cost(Answer answer, boolean batch) {
            for (String model : new String[] {answer.model(), spec.model()}) {
                BigDecimal usd = batch ? prices.batchCost(model, answer) : prices.standardCost(model, answer);
                if (usd != null) {
                    return usd;
                }
            }
            return null;
        }

        /// What a key, a model or an option is refused for is refused for every request. One without an answer may have
        /// been paid, so it is not sent again.
        private void unanswered(String reason, RefusedException.Kind kind) {
            whole = false;
            unansweredInARow++;
            if (kind != RefusedException.Kind.LATER || unansweredInARow == MOST_UNANSWERED) {
                stopped = reason;
            }
        }

        Outcome outcome() {
            return new Outcome(part, Set.copyOf(sent), requests, answered, List.copyOf(seen), rest, paid, stopped);
        }
    }

    /// What a judge's requests gave.
    ///
    /// @param rows the pairs of which a request was sent, by their numbers in the table
    /// @param requests that were sent
    /// @param answered of these, with tokens
    /// @param seen pairs whose requests were all answered
    /// @param rest prompts of the pairs that were not sent
    /// @param paid for all answers
    /// @param stopped why the others were not sent; null where all were
    public record Outcome(
            Part part,
            Set<Long> rows,
            int requests,
            int answered,
            List<Observed> seen,
            SizeCounts rest,
            Observed paid,
            @Nullable String stopped) {}
}
