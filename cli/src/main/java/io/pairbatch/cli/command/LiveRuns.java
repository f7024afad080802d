package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.LiveOptions;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What a run that costs money also needs from this process.
public interface LiveRuns {

    /// Where the providers' keys are.
    Map<String, String> environment();

    /// Whether there is a terminal to ask on.
    boolean canAsk();

    /// Asks on the terminal; any answer but yes means no.
    boolean agrees(String question);

    /// The stack that uses real providers: the running one, or a new one in the background. Its secrets get the keys of
    /// the environment.
    ///
    /// @throws CliException when the running stack uses the simulator
    Deployment stack(LiveOptions options, Consumer<String> progress);

    /// The environment and the terminal of this process.
    static LiveRuns ofProcess() {
        return new LiveRuns() {
            @Override
            public Map<String, String> environment() {
                return System.getenv();
            }

            @Override
            @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again without a terminal
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
        // If the stack must change its addresses first, the keys go in after that.
        if (running.isPresent() && !live.changesStack()) {
            running.get().putKeys(LiveOptions.keys(environment));
            return running.get().deployment();
        }
        StackOptions options = live.applyTo(StackOptions.defaults(), environment);
        Deployment deployment = EmbeddedStack.up(project, options, progress).deployment();
        if (running.isEmpty()) {
            progress.accept("The stack keeps running until ./pairbatch down: a batch takes up to a day.");
        }
        return deployment;
    }
}
