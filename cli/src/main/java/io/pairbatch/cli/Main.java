package io.pairbatch.cli;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.AwsErrors;
import io.pairbatch.cli.stack.DeployCommand;
import io.pairbatch.cli.stack.DestroyCommand;
import io.pairbatch.cli.stack.DownCommand;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.SimulateCommand;
import io.pairbatch.cli.stack.StackOptions;
import io.pairbatch.cli.stack.SynthCommand;
import io.pairbatch.cli.stack.UpCommand;
import io.pairbatch.cli.view.Cells;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import software.amazon.awssdk.core.exception.SdkException;

/// The `pairbatch` command.
@Command(
        name = "pairbatch",
        description = "Judges large tables of text pairs with the batch APIs of LLM providers.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the job failed, was rejected, or waits for a decision",
            "2:wrong arguments",
            "3:the files of a finished job do not add up",
            "4:no stack, or it does not answer",
            "70:a fault of this command"
        })
public final class Main {

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Prints the stack trace of an error.")
    private boolean debug;

    private Main() {}

    /// Runs the command and ends the process with one of [ExitStatus].
    public static void main(String[] args) {
        Path home = home();
        App app = new App(
                Console.ofProcess(),
                Deployments.below(home),
                Sessions::aws,
                (keep, progress) -> embedded(home, keep, progress),
                home,
                Path.of("").toAbsolutePath(),
                InstantSource.system(),
                Thread::sleep,
                LiveRuns.ofProcess());
        System.exit(commandLine(app).execute(args));
    }

    /// The project's folder: the launcher names it; otherwise it is the one the user stands in.
    private static Path home() {
        @Nullable String named = System.getProperty("pairbatch.home", System.getenv("PAIRBATCH_HOME"));
        return Path.of(named == null ? "" : named).toAbsolutePath().normalize();
    }

    /// The whole command over `app`.
    static CommandLine commandLine(App app) {
        Main main = new Main();
        return new CommandLine(main)
                .addSubcommand(new DemoCommand(app))
                .addSubcommand(new RunCommand(app))
                .addSubcommand(new WatchCommand(app))
                .addSubcommand(new ResultsCommand(app))
                .addSubcommand(new ContinueCommand(app))
                .addSubcommand(new JobsCommand(app))
                .addSubcommand(new DeleteCommand(app))
                .addSubcommand(new TemplatesCommand(app))
                .addSubcommand(new TraitsCommand(app))
                .addSubcommand(new SplitCommand(app))
                .addSubcommand(new CollectCommand(app))
                .addSubcommand(new UpCommand())
                .addSubcommand(new DownCommand())
                .addSubcommand(new DoctorCommand(app))
                .addSubcommand(new SynthCommand())
                .addSubcommand(new DeployCommand())
                .addSubcommand(new DestroyCommand())
                .addSubcommand(new SimulateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(app.console().out())
                .setErr(app.console().err())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler(
                        (e, command, parsed) -> main.report(e, app.console().err()));
    }

    /// Prints what went wrong and what to do; returns the exit code.
    private int report(Exception e, PrintWriter err) {
        CliException told = explained(e);
        err.println("pairbatch: " + Cells.harmless(String.valueOf(told.getMessage())));
        err.println("  " + Cells.harmless(told.remedy()));
        if (debug) {
            e.printStackTrace(err);
        }
        err.flush();
        return told.exitStatus();
    }

    private static CliException explained(Exception e) {
        return switch (e) {
            case CliException known -> known;
            case SdkException sdk -> AwsErrors.explain("talking to the stack", sdk);
            case UncheckedIOException io -> ofFile(String.valueOf(io.getCause()), io);
            case IOException io -> ofFile(io.toString(), io);
            default ->
                new CliException(
                        ExitStatus.INTERNAL,
                        "Unexpected error: " + e,
                        "Run the command again with --debug and report what it prints.",
                        e);
        };
    }

    private static CliException ofFile(String what, Exception e) {
        return new CliException(
                ExitStatus.UNREACHABLE,
                "A file could not be read or written (" + what + ").",
                "Check the disk and the network, then try again; fetched files are complete or absent.",
                e);
    }

    /// A stack whose simulator knows how good the example's texts are.
    private static StackHandle embedded(Path home, boolean keep, Consumer<String> progress) {
        Path qualities = home.resolve("examples/essays/qualities.jsonl");
        StackOptions options = StackOptions.defaults().withSimulatorArguments("--qualities", qualities.toString());
        return keep
                ? EmbeddedStack.up(Project.find(), options, progress)
                : EmbeddedStack.start(Project.find(), options, progress);
    }

    /// The version that the jar was built as.
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            @Nullable String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"pairbatch " + (version == null ? "(not packaged)" : version)};
        }
    }
}
