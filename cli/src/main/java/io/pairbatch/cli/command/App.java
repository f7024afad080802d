package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployments;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.deployment.StackStarter;
import io.pairbatch.cli.job.Pause;
import io.pairbatch.cli.view.Console;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What every command can use.
///
/// @param home the folder of the project, with `examples/`
/// @param folder the current folder
/// @param live for runs that cost money
public record App(
        Console console,
        Deployments deployments,
        Sessions sessions,
        StackStarter stacks,
        Path home,
        Path folder,
        InstantSource clock,
        Pause pause,
        LiveRuns live) {

    Session open(@Nullable String stack) {
        return sessions.open(deployments.find(stack));
    }

    /// Where results are put.
    ///
    /// @param name of the job
    /// @param out as the user says; null for `results/NAME`
    Path results(String name, @Nullable Path out) {
        return out == null ? folder.resolve("results").resolve(name) : out;
    }
}
