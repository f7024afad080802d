package io.pairbatch.cli;

import io.pairbatch.cli.command.App;
import io.pairbatch.cli.command.LiveRuns;
import io.pairbatch.cli.command.PairbatchCommand;
import io.pairbatch.cli.deployment.Deployments;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.deployment.StackHandle;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import io.pairbatch.cli.view.Console;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts the `pairbatch` command.
public final class Main {

    private Main() {}

    /// Runs the command and ends the process with one of [ExitStatus].
    public static void main(String[] args) {
        Path home = home();
        App app = new App(
                Console.ofProcess(),
                Deployments.of(() -> EmbeddedStack.running(new Project(home)).map(EmbeddedStack::deployment)),
                Sessions::aws,
                (keep, progress) -> embedded(keep, progress),
                home,
                Path.of("").toAbsolutePath(),
                InstantSource.system(),
                Thread::sleep,
                LiveRuns.ofProcess());
        System.exit(PairbatchCommand.commandLine(app).execute(args));
    }

    /// The project's folder: as the launcher says, or else the current folder.
    private static Path home() {
        @Nullable String named = System.getProperty("pairbatch.home", System.getenv("PAIRBATCH_HOME"));
        return Path.of(named == null ? "" : named).toAbsolutePath().normalize();
    }

    /// A stack whose simulator knows how good the example's texts are.
    private static StackHandle embedded(boolean keep, Consumer<String> progress) {
        StackOptions options = StackOptions.defaults().withProvider(new StackOptions.Simulated(List.of(), true));
        return keep
                ? EmbeddedStack.up(Project.find(), options, progress)
                : EmbeddedStack.start(Project.find(), options, progress);
    }
}
