package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.estimate.Estimate;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.split.SplitTotals;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is done before a job costs money: the key is checked, what will be sent is shown, and the user is asked.
///
/// @param agreed whether the command line agrees already
record Expense(App app, boolean agreed) {

    private static final String WITH_PRICE = "./pairbatch models lists those with a price";
    /// Before the problems of files that are not dropped.
    static final String REJECTED = "The job would be rejected. Nothing was dropped.";

    /// Checks what can be checked before a stack is started.
    ///
    /// @return null if nothing is wrong; otherwise the exit code, and the reason is printed
    /// @throws CliException when the provider's key is missing, or there is no terminal to ask on
    @Nullable
    Integer check(Drop drop, LiveOptions live) throws IOException {
        try {
            Backend backend = Estimator.glance(drop, live.service()).backend();
            if (!LiveOptions.keys(app.live().environment()).containsKey(backend)) {
                throw CliException.usage(
                        "The job's provider is " + backend.code() + ", but its key is missing.",
                        "Put it into the environment variable " + LiveOptions.variable(backend) + ".");
            }
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), REJECTED, e);
        }
        needsSomebody();
        return null;
    }

    void needsSomebody() {
        if (!agreed && !app.live().canAsk()) {
            throw CliException.usage("This costs money, and there is no terminal to ask on.", "Give --yes to agree.");
        }
    }

    /// Shows what the job will send, and asks.
    ///
    /// @return whether the job may be dropped
    boolean settle(Estimate estimate, Session session) {
        Deployment.Providers providers =
                Objects.requireNonNull(session.deployment().providers());
        lines(estimate, providers).forEach(line -> app.console().out().println(Cells.harmless(line)));
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
                "  segments   " + estimate.segments() + (estimate.segments() == 1 ? " batch" : " batches"),
                "  cost       " + cost(estimate)));
        SplitTotals totals = estimate.totals();
        totals.table()
                .sentences(estimate.judged(), totals.accepted())
                .forEach(note -> lines.add("  note       " + note));
        service.format()
                .notices(estimate.spec().model(), estimate.spec().options())
                .forEach(notice -> lines.add("  note       " + notice));
        return lines;
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

    /// That the price of a job's model is not known, where nobody is asked to pay; empty if it is.
    static Optional<String> unknown(Estimate estimate) {
        return estimate.price() != null
                ? Optional.empty()
                : Optional.of("the price table has no " + estimate.spec().model()
                        + ", so what the job would cost with a real provider is not known (" + WITH_PRICE + ")");
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
