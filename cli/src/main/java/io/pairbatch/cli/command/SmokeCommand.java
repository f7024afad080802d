package io.pairbatch.cli.command;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Pause;
import io.pairbatch.cli.job.StackFunction;
import io.pairbatch.cli.smoke.AwsWorkings;
import io.pairbatch.cli.smoke.Bench;
import io.pairbatch.cli.smoke.Judge;
import io.pairbatch.cli.smoke.SmokeTest;
import io.pairbatch.cli.smoke.Workings;
import io.pairbatch.cli.stack.Folders;
import io.pairbatch.cli.view.Cells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "smoke",
        description = {
            "Tests a deployed stack once, with a few small jobs: whether rows are conserved, large files go in parts, a"
                    + " function that is ended is followed by another, and rights are enough and no more.",
            "Says first what it does and costs, and asks. The same command again goes on with the same jobs."
        },
        mixinStandardHelpOptions = true)
final class SmokeCommand implements Callable<Integer> {

    private static final double SECONDS_PER_HOUR = 3_600;

    private final App app;
    private final BiFunction<Deployment, Pause, Workings> workings;
    private final Function<Deployment, StackFunction> revivers;

    @Option(
            names = "--only",
            paramLabel = "CASE",
            split = ",",
            description =
                    "Only these cases: job, large-table, copied-parts, paused-split, policies, killed-function. Can"
                            + " be given several times, or with commas.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--provider",
            paramLabel = "PROVIDER",
            description = "The provider to ask: " + Backend.CODES + " (default: the stack's).")
    private @Nullable Backend provider;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The model to ask (default: the provider's cheapest of the price table).")
    private @Nullable String model;

    @Option(
            names = "--run",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of the test (default: ${DEFAULT-VALUE}). Another one judges everything anew.")
    private int run;

    @Option(
            names = "--wait",
            paramLabel = "HOURS",
            defaultValue = "24",
            description = "How long to wait for batches, in all (default: ${DEFAULT-VALUE}).")
    private double hours;

    @Option(
            names = "--researcher",
            paramLabel = "PROFILE",
            description = "An AWS profile of a user who has the researcher's policy of docs/DEPLOYING.md.")
    private @Nullable String researcher;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private StackOption stack = new StackOption();

    SmokeCommand(App app) {
        this(app, AwsWorkings::of, Sessions::reviver);
    }

    SmokeCommand(
            App app, BiFunction<Deployment, Pause, Workings> workings, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.workings = workings;
        this.revivers = revivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Path folder = Files.createTempDirectory("pairbatch-smoke-");
        // The tables are large, and Ctrl-C ends no `finally`.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(folder), "smoke-tables"));
        try (Session session = app.open(stack.name);
                Workings inside = workings.apply(session.deployment(), app.pause())) {
            Path example = app.home().resolve("examples/essays/pairs.csv");
            Bench bench = new Bench(
                    session,
                    stack.name,
                    inside,
                    () -> revivers.apply(session.deployment()),
                    Judge.of(session.deployment(), provider, model, run, example),
                    app.home(),
                    folder,
                    app.clock(),
                    app.pause(),
                    this::say,
                    app.console().width(),
                    app.clock().instant().plus(Duration.ofSeconds(Math.round(hours * SECONDS_PER_HOUR))),
                    researcher);
            SmokeTest test = SmokeTest.of(bench, only);
            test.prepare();
            if (!yes && !app.live().agrees("Continue? [y/N]")) {
                say("Nothing was done.");
                return ExitStatus.DONE;
            }
            return test.run();
        } finally {
            Folders.delete(folder);
        }
    }

    private void check() {
        if (run < 1 || run > Judge.MOST) {
            throw CliException.usage("--run is " + run + ".", "Give a number from 1 to " + Judge.MOST + ".");
        }
        if (!(hours >= 0 && hours <= Judge.MOST)) {
            throw CliException.usage("--wait is " + hours + ".", "Give a number of hours.");
        }
        if (!yes && !app.live().canAsk()) {
            throw CliException.usage("There is no terminal to ask on.", "Give --yes to agree.");
        }
    }

    private void say(String line) {
        app.console().out().println(Cells.harmless(line));
        app.console().out().flush();
    }
}
