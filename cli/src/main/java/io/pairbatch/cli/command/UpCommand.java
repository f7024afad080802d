package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pairbatch up`.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts the embedded stack in the background, or deploys this version to the running one.")
final class UpCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private LiveOptions live = new LiveOptions();

    @Option(
            names = "--wait-scale",
            paramLabel = "FACTOR",
            description = "Factor for the workflow's waits; 0 skips them (default: 1).")
    private @Nullable Double waitScale;

    @Option(
            names = "--simulator-defaults",
            description = "Start without the options that the simulator was last started with.")
    private boolean simulatorDefaults;

    @Parameters(
            paramLabel = "SIMULATOR_OPTION",
            description = "After --: options for the simulator (default: those of its last start).")
    private List<String> simulatorOptions = List.of();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (waitScale != null && !(waitScale >= 0 && Double.isFinite(waitScale))) {
            throw CliException.usage("--wait-scale is " + waitScale + ".", "Give a number that is 0 or more.");
        }
        if (live.live() && !simulatorOptions.isEmpty()) {
            throw CliException.usage(
                    "The options after -- are the simulator's, and --live uses the real providers.",
                    "Leave out one of the two.");
        }
        StackOptions base = StackOptions.defaults().withWaitScale(Objects.requireNonNullElse(waitScale, 1.0));
        StackOptions options = live.live()
                ? live.applyTo(base, System.getenv())
                : base.withProvider(new StackOptions.Simulated(simulatorOptions, true));
        Project project = Project.find();
        EmbeddedStack.check(
                project,
                new EmbeddedStack.Asked(
                        asksForASimulator() && options.provider() instanceof StackOptions.Simulated simulated
                                ? simulated
                                : null,
                        waitScale,
                        typed()));
        if (simulatorDefaults) {
            EmbeddedStack.forgetSimulatorOptions(project);
        }
        EmbeddedStack stack =
                EmbeddedStack.up(project, options, spec.commandLine().getErr()::println);
        print(stack, out);
        return ExitStatus.DONE;
    }

    private boolean asksForASimulator() {
        return simulatorDefaults || !simulatorOptions.isEmpty();
    }

    private String typed() {
        return spec.root().commandLine().getParseResult().originalArgs().stream()
                .map(Shell::quoted)
                .collect(Collectors.joining(" ", "./pairbatch ", ""));
    }

    private static void print(EmbeddedStack stack, PrintWriter out) {
        Deployment deployment = stack.deployment();
        out.println("endpoint   " + deployment.endpoint());
        out.println("bucket     " + deployment.bucket());
        out.println("table      " + deployment.table());
        stack.simulatorUrl().ifPresent(url -> out.println("simulator  " + url));
        stack.judge().ifPresent(rule -> out.println("judge      " + rule));
        out.println("logs       " + stack.folder().resolve("logs"));
        out.println("It runs until ./pairbatch down.");
        out.flush();
    }
}
