package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.estimate.Estimate;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.split.SplitTotals;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is done before a job costs money: the key is checked, what will be sent is shown, and the user is asked.
///
/// @param agreed whether the command line agrees already
record Expense(App app, boolean agreed) {

    private static final String WITH_PRICE = "./pairbatch models lists those with a price";
    private static final String NOTE = "  note       ";
    /// Before the problems of files that are not dropped.
    static final String REJECTED = "The job would be rejected. Nothing was dropped.";

    /// Checks what can be checked before a stack is started.
    ///
    /// @return null if nothing is wrong; otherwise the exit code, and the reason is printed
    /// @throws CliException when the provider's key is missing, or there is no terminal to ask on
    @Nullable
    Integer check(Drop drop, LiveOptions live) throws IOException {
        try {
            JobSpec spec = Estimator.glance(drop, live.service());
            checkKeys(spec);
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REJECTED, e);
        }
        needsSomebody();
        return null;
    }

    /// Checks that the environment has a key of each provider of a job.
    ///
    /// @throws CliException when one is missing
    void checkKeys(JobSpec spec) {
        Set<Backend> keys = LiveOptions.keys(app.live().environment()).keySet();
        List<Backend> missing = spec.backends().stream()
                .filter(backend -> !keys.contains(backend))
                .toList();
        if (!missing.isEmpty()) {
            throw missing(spec, missing);
        }
    }

    private static CliException missing(JobSpec spec, List<Backend> missing) {
        String codes = missing.stream().map(Backend::code).collect(Collectors.joining(" and "));
        String variables = missing.stream().map(LiveOptions::variable).collect(Collectors.joining(" and "));
        boolean one = missing.size() == 1;
        return CliException.usage(
                spec.isPanel()
                        ? "Judges of the job are of " + codes + ", but " + (one ? "its key is" : "their keys are")
                                + " missing."
                        : "The job's provider is " + codes + ", but its key is missing.",
                one
                        ? "Put it into the environment variable " + variables + "."
                        : "Put them into the environment variables " + variables + ".");
    }

    void needsSomebody() {
        if (!agreed && !app.live().canAsk()) {
            throw CliException.usage("This costs money, and there is no terminal to ask on.", "Give --yes to agree.");
        }
    }

    /// Shows what the job will send, and asks.
    ///
    /// @param twins the jobs that judge what judges of it would judge
    /// @return whether the job may be dropped
    boolean settle(Estimate estimate, List<Before.Twin> twins, Session session) {
        Deployment.Providers providers =
                Objects.requireNonNull(session.deployment().providers());
        List<String> lines =
                estimate.judges().isEmpty() ? lines(estimate, providers) : ofJudges(estimate, twins, providers);
        lines.forEach(line -> app.console().out().println(Cells.harmless(line)));
        app.console().out().flush();
        if (agreed || app.live().agrees("Continue? [y/N]")) {
            return true;
        }
        PrintWriter out = app.console().out();
        out.println("Nothing was dropped.");
        out.flush();
        return false;
    }

    private static List<String> lines(Estimate estimate, Deployment.Providers providers) {
        Backend backend = estimate.spec().backend();
        Service service = Providers.service(
                backend, Providers.service(providers.service()).orElseThrow());
        String path = estimate.endpoint().isEmpty() ? "" : ", requests to " + estimate.endpoint();
        List<String> lines = new ArrayList<>(List.of(
                "This costs money:",
                "  provider   " + backend.code() + (service.isItself() ? "" : ", served by " + service.code()) + " at "
                        + providers.baseUrl(backend) + path,
                "  model      " + estimate.spec().model(),
                "  pairs      " + pairs(estimate),
                "  prompts    " + Sizes.of(estimate.promptBytes()) + ", about " + grouped(estimate.tokens())
                        + " tokens (estimated as a quarter of the bytes)",
                "  segments   " + batches(estimate.segments()),
                "  cost       " + cost(estimate)));
        SplitTotals totals = estimate.totals();
        totals.table().sentences(estimate.judged(), totals.accepted()).forEach(note -> lines.add(NOTE + note));
        service.format()
                .notices(estimate.spec().model(), estimate.spec().options())
                .forEach(notice -> lines.add(NOTE + notice));
        return lines;
    }

    /// What each judge costs, and all together. What is judged already costs nothing.
    private static List<String> ofJudges(Estimate estimate, List<Before.Twin> twins, Deployment.Providers providers) {
        Set<String> judged =
                twins.stream().filter(Before.Twin::done).map(Before.Twin::judge).collect(Collectors.toSet());
        List<Estimate> paid = new ArrayList<>();
        List<String> lines = new ArrayList<>(List.of("This costs money:"));
        for (Estimate.OfJudge one : estimate.judges()) {
            lines.add("  judge " + one.judge() + (judged.contains(one.judge()) ? ": nothing is sent" : ""));
            if (!judged.contains(one.judge())) {
                paid.add(one.estimate());
                lines(one.estimate(), providers).stream()
                        .skip(1)
                        .map(line -> "  " + line)
                        .filter(line -> !line.startsWith(NOTE, 2) || !lines.contains(line))
                        .forEach(lines::add);
            }
        }
        lines.add("  in all, " + Plural.of(paid.size(), "judge") + " with " + grouped(requests(paid)) + " requests in "
                + batches(paid.stream().mapToLong(Estimate::segments).sum()));
        lines.add("    cost       " + sum(paid));
        return lines;
    }

    private static String batches(long number) {
        return number + (number == 1 ? " batch" : " batches");
    }

    private static long requests(List<Estimate> estimates) {
        return estimates.stream().mapToLong(Estimate::comparisons).sum();
    }

    private static String sum(List<Estimate> estimates) {
        List<Estimate.Price> prices =
                estimates.stream().map(Estimate::price).filter(Objects::nonNull).toList();
        int unknown = estimates.size() - prices.size();
        if (prices.isEmpty()) {
            return "unknown";
        }
        BigDecimal input = prices.stream().map(Estimate.Price::input).reduce(BigDecimal.ZERO, BigDecimal::add);
        return "about " + NanoUsd.words(input) + " for the prompts"
                + (unknown == 0
                        ? ""
                        : ", without those of " + Plural.of(unknown, "judge") + " whose price is not known")
                + "; answers and reasoning are extra";
    }

    private static String pairs(Estimate estimate) {
        long accepted = estimate.totals().accepted();
        long rejected = estimate.totals().rejected();
        String limited = estimate.judged() < accepted
                ? grouped(estimate.judged()) + " of " + grouped(accepted)
                        + " (limited; the figures below are extrapolated)"
                : grouped(accepted);
        String each = estimate.perRow() == 1
                ? ""
                : ", each " + estimate.perRow() + " times: " + grouped(estimate.comparisons()) + " requests";
        return limited + each + (rejected == 0 ? "" : "; rejected rows: " + grouped(rejected));
    }

    private static String cost(Estimate estimate) {
        Estimate.Price price = estimate.price();
        return price == null
                ? "unknown: the price table has no " + estimate.spec().model() + " (" + WITH_PRICE + ")"
                : "about " + NanoUsd.words(price.input()) + " for the prompts at batch prices of " + price.date()
                        + "; answers and reasoning are extra, at "
                        + NanoUsd.words(price.outputPerMillion())
                        + " per million tokens";
    }

    /// That the prices of models are not known, where nobody is asked to pay; empty if they are.
    static List<String> unknown(Estimate estimate) {
        return estimate.ofEach(one -> unknownPrice(one).stream());
    }

    private static Optional<String> unknownPrice(Estimate estimate) {
        return estimate.price() != null
                ? Optional.empty()
                : Optional.of("the price table has no " + estimate.spec().model()
                        + ", so what the job would cost with a real provider is not known (" + WITH_PRICE + ")");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
