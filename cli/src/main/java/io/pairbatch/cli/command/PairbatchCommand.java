package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.cli.job.AwsErrors;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import software.amazon.awssdk.core.exception.SdkException;

/// The whole command: its subcommands, what is printed when one fails, and the exit codes.
@Command(
        name = "pairbatch",
        description = "Judges large tables of text pairs with the batch APIs of LLM providers.",
        mixinStandardHelpOptions = true,
        versionProvider = PairbatchCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the job failed, was rejected, or waits for a decision; or a given file says what cannot be taken; or pairs"
                    + " were judged before",
            "2:wrong arguments, or a file or job that is not there",
            "3:the files of a finished job do not add up",
            "4:no stack, or it does not answer",
            "5:the job is done, but with losses: too many comparisons have no winner, or nothing was judged",
            "70:an internal error"
        })
public final class PairbatchCommand {

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    private PairbatchCommand() {}

    /// The whole command, for `app`.
    public static CommandLine commandLine(App app) {
        PairbatchCommand main = new PairbatchCommand();
        return new CommandLine(main)
                .addSubcommand(new DemoCommand(app))
                .addSubcommand(new RunCommand(app))
                .addSubcommand(new WatchCommand(app))
                .addSubcommand(new ResultsCommand(app))
                .addSubcommand(new CommandLine.HelpCommand())
                .addSubcommand(new ContinueCommand(app))
                .addSubcommand(new RescueCommand(app))
                .addSubcommand(new RecoverCommand(app))
                .addSubcommand(new ResolveCommand(app))
                .addSubcommand(new GiveUpCommand(app))
                .addSubcommand(new CollectAgainCommand(app))
                .addSubcommand(new RetryCommand(app))
                .addSubcommand(new CancelCommand(app))
                .addSubcommand(new RereadCommand(app))
                .addSubcommand(new RerunCommand(app))
                .addSubcommand(new JobsCommand(app))
                .addSubcommand(new CostCommand(app))
                .addSubcommand(new DeleteCommand(app))
                .addSubcommand(new TemplatesCommand(app))
                .addSubcommand(new TraitsCommand(app))
                .addSubcommand(new ModelsCommand(app))
                .addSubcommand(new PricesCommand(app))
                .addSubcommand(new PairsCommand(app))
                .addSubcommand(new EstimateCommand(app))
                .addSubcommand(new SplitCommand(app))
                .addSubcommand(new CollectCommand(app))
                .addSubcommand(new AnalyzeCommand(app))
                .addSubcommand(new UpCommand())
                .addSubcommand(new DownCommand(app.live()))
                .addSubcommand(new DoctorCommand(app))
                .addSubcommand(new SmokeCommand(app))
                .addSubcommand(new SynthCommand())
                .addSubcommand(new DeployCommand())
                .addSubcommand(new DestroyCommand())
                .addSubcommand(new SimulateCommand())
                .setParameterExceptionHandler(new WrongArguments())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(app.console().out())
                .setErr(app.console().err())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, command, parsed) -> main.report(e, app.console()));
    }

    /// Prints what went wrong and what to do; returns the exit code.
    private int report(Exception e, Console console) {
        PrintWriter out = console.out();
        PrintWriter err = console.err();
        CliException told = explained(e);
        if (told.exitStatus() == ExitStatus.DONE) {
            out.println(Cells.harmless(told.getMessage() + " " + told.remedy()));
            out.flush();
            return ExitStatus.DONE;
        }
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
            case AccessDeniedException denied -> GivenFile.refused(denied);
            case UncheckedIOException io ->
                io.getCause() instanceof AccessDeniedException denied
                        ? GivenFile.refused(denied)
                        : ofFile(String.valueOf(io.getCause()), io);
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
                "Check the disk and the network, then try again. A fetched file is complete or missing.",
                e);
    }

    /// The version of the jar.
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            @Nullable String version = PairbatchCommand.class.getPackage().getImplementationVersion();
            String commit = io.pairbatch.job.Version.COMMIT;
            return new String[] {
                "pairbatch " + (version == null ? "(not packaged)" : version)
                        + (commit == null ? "" : " (the last commit that changed the sources: " + commit + ")")
            };
        }
    }
}
