package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.prices.UserPrices;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.cost.PriceTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "prices",
        description = "Shows the prices that estimates count with, and takes others. Needs no stack and no key.",
        mixinStandardHelpOptions = true)
final class PricesCommand implements Callable<Integer> {

    private final App app;

    @Option(
            names = "--update",
            paramLabel = "FILE",
            description = "Count with the prices of this file instead; it has the shape of what --json prints.")
    private @Nullable Path update;

    @Option(names = "--reset", description = "Count with the prices of this version again.")
    private boolean reset;

    @Option(names = "--json", description = "Print the table as a file of prices.")
    private boolean json;

    PricesCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        if (update != null && reset) {
            throw CliException.usage("--update and --reset exclude each other.", "Give one of them.");
        }
        UserPrices prices = UserPrices.of(app.home());
        if (update != null && !isTaken(update, prices)) {
            return ExitStatus.JOB_FAILED;
        }
        if (reset) {
            prices.reset();
        }
        PriceTable table = prices.table();
        if (json) {
            app.console().out().println(text(prices).strip());
            app.console().out().flush();
        } else {
            show(table, prices.exist());
        }
        return ExitStatus.DONE;
    }

    private boolean isTaken(Path file, UserPrices prices) throws IOException {
        GivenFile.check(file, "Give a file of prices; ./pairbatch prices --json prints the present ones.");
        if (Files.size(file) > UserPrices.MOST_BYTES) {
            throw CliException.refused(
                    file + " has " + Files.size(file) + " bytes; 4 MiB at most.", "Give a file of prices.");
        }
        List<String> problems = prices.update(Files.readAllBytes(file));
        PrintWriter err = app.console().err();
        if (!problems.isEmpty()) {
            err.println("pairbatch: " + file + " cannot be taken; the prices are as they were.");
            problems.forEach(problem -> err.println("  " + Cells.harmless(problem)));
            err.flush();
        }
        return problems.isEmpty();
    }

    private static String text(UserPrices prices) throws IOException {
        return prices.exist()
                ? Files.readString(prices.file())
                : new String(PriceTable.bundledFile(), StandardCharsets.UTF_8);
    }

    private void show(PriceTable table, boolean own) {
        PrintWriter out = app.console().out();
        for (Backend backend : Backend.values()) {
            if (!table.models(backend).isEmpty()) {
                List<List<String>> rows = new ArrayList<>();
                rows.add(List.of(backend.code(), "batch prompts", "answers", "live prompts", "answers"));
                for (String model : table.models(backend)) {
                    List<String> row = new ArrayList<>(List.of(Cells.harmless(model)));
                    row.addAll(cells(table.perMillion(model)));
                    row.addAll(cells(table.livePerMillion(model)));
                    rows.add(row);
                }
                Grid.lines(rows, Set.of(1, 2, 3, 4)).forEach(out::println);
                out.println();
            }
        }
        say("USD per million tokens, as of " + table.date() + ", from " + Cells.harmless(table.source()) + ". "
                + (own
                        ? "They are your own (" + UserPrices.of(app.home()).file()
                                + "): ./pairbatch estimate counts with them. Stacks count with the table of their version."
                        : "They are those of this version; ./pairbatch prices --update FILE takes others."));
        out.flush();
    }

    private static List<String> cells(Optional<PriceTable.PerMillion> price) {
        Function<PriceTable.PerMillion, List<String>> both =
                known -> List.of(known.input().toPlainString(), known.output().toPlainString());
        return price.map(both).orElse(List.of("-", "-"));
    }

    private void say(String text) {
        FaultText.wrapped(text, app.console().width(), 0).forEach(app.console().out()::println);
    }
}
