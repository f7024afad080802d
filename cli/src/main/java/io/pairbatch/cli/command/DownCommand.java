package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.Project;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `pairbatch down`.
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops the embedded stack that `up` started. The next `up` restores its jobs.")
final class DownCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--purge", description = "Delete the stack's jobs, results and logs as well.")
    private boolean purge;

    @Option(names = "--yes", description = "Do not ask before --purge deletes anything.")
    private boolean yes;

    private final LiveRuns terminal;

    DownCommand(LiveRuns terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Project project = Project.find();
        PrintWriter out = spec.commandLine().getOut();
        if (purge && !yes && !isAgreed(project)) {
            out.println("Nothing was stopped or deleted.");
            out.flush();
            return ExitStatus.DONE;
        }
        boolean ran = EmbeddedStack.down(project);
        if (purge) {
            EmbeddedStack.purge(project);
        }
        out.println((ran ? "Stopped." : "It was not running.") + (purge ? " Its data were deleted." : ""));
        out.flush();
        return ExitStatus.DONE;
    }

    private boolean isAgreed(Project project) {
        if (!terminal.canAsk()) {
            throw CliException.usage(
                    "--purge deletes every job and result in " + project.stack()
                            + ", and there is no terminal to ask on.",
                    "Give --yes to agree.");
        }
        return terminal.agrees("Delete every job and result in " + project.stack() + " for good? [y/N]");
    }
}
