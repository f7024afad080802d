package io.pairbatch.cli.command;

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

    @Override
    public Integer call() {
        Project project = Project.find();
        boolean ran = EmbeddedStack.down(project);
        if (purge) {
            EmbeddedStack.purge(project);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println((ran ? "Stopped." : "It was not running.") + (purge ? " Its data were deleted." : ""));
        out.flush();
        return ExitStatus.DONE;
    }
}
