package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What a run that costs money needs of this process besides.
public interface LiveRuns {

    /// Where the providers' keys are.
    Map<String, String> environment();

    /// Whether there is somebody to ask.
    boolean canAsk();

    /// Asks on the terminal; everything but a yes is a no.
    boolean agrees(String question);

    /// The stack that uses real providers: the one that runs, or else a new one in the background. The keys of the
    /// environment are in its secrets then.
    ///
    /// @throws CliException when the stack that runs uses the simulator
    Deployment stack(LiveOptions options, Consumer<String> progress);

    /// Those of this process.
    static LiveRuns ofProcess() {
        return new LiveRuns() {
            @Override
            public Map<String, String> environment() {
                return System.getenv();
            }

            @Override
            @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again when there is no terminal
            public boolean canAsk() {
                java.io.Console terminal = System.console();
                return terminal != null && terminal.isTerminal();
            }

            @Override
            @SuppressWarnings("SystemConsoleNull") // as above
            public boolean agrees(String question) {
                java.io.Console terminal = System.console();
                String answer = terminal == null ? null : terminal.readLine("%s ", question);
                return answer != null && answer.strip().matches("(?i)y|yes");
            }

            @Override
            public Deployment stack(LiveOptions options, Consumer<String> progress) {
                return start(Project.find(), options, environment(), progress);
            }
        };
    }

    private static Deployment start(
            Project project, LiveOptions live, Map<String, String> environment, Consumer<String> progress) {
        Optional<EmbeddedStack> running = EmbeddedStack.running(project);
        // Where the stack is to ask elsewhere, a key goes in only once it does.
        if (running.isPresent() && !live.changesStack()) {
            running.get().putKeys(LiveOptions.keys(environment));
            return running.get().deployment();
        }
        StackOptions options = live.applyTo(StackOptions.defaults(), environment);
        Deployment deployment = EmbeddedStack.up(project, options, progress).deployment();
        if (running.isEmpty()) {
            progress.accept("The stack stays running until ./pairbatch down: a batch takes up to a day.");
        }
        return deployment;
    }
}
