package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.provider.KnownModels;
import io.pairbatch.provider.catalog.Providers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "models",
        description = "Lists the models that are known by name, and what those with a price cost. Needs no stack and no"
                + " key.",
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {

    private final App app;

    @Parameters(paramLabel = "PROVIDER", arity = "0..1", description = Backend.CODES + " (default: all of them).")
    private @Nullable String provider;

    ModelsCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() {
        PriceTable prices = PriceTable.bundled();
        PrintWriter out = app.console().out();
        for (Backend backend : backends()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of(backend.code(), "prompts", "answers"));
            for (String model : prices.models(backend)) {
                PriceTable.PerMillion price = prices.perMillion(model).orElseThrow();
                rows.add(List.of(
                        model, price.input().toPlainString(), price.output().toPlainString()));
            }
            Grid.lines(rows, Set.of(1, 2)).forEach(out::println);
            KnownModels known = Providers.of(backend).known();
            List<String> unpriced =
                    known.names().stream().filter(name -> !prices.knows(name)).toList();
            say("No price: " + (unpriced.isEmpty() ? "none of those known" : String.join(", ", unpriced)) + ".");
            out.println();
        }
        say("USD per million tokens in a batch, as of " + prices.date() + ". A name with a date, such as"
                + " …-2025-04-14, has the price of its model. Any other name can be used too: it is sent as it is.");
        say("Without a price a job runs, its cost is not known, and max_cost_usd is refused. A price is added in"
                + " functions/src/main/resources/io/pairbatch/cost/prices.json; the stack has it after the next"
                + " ./pairbatch up or deploy.");
        return ExitStatus.DONE;
    }

    private List<Backend> backends() {
        if (provider == null) {
            return Arrays.asList(Backend.values());
        }
        return List.of(Arrays.stream(Backend.values())
                .filter(backend -> backend.code().equals(provider))
                .findFirst()
                .orElseThrow(() -> CliException.usage(
                        "There is no provider \"" + provider + "\".", "Name " + Backend.CODES + ".")));
    }

    private void say(String text) {
        FaultText.wrapped(text, app.console().width(), 0).forEach(app.console().out()::println);
    }
}
