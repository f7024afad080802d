package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployments;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.deployment.StackStarter;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.Pause;
import io.pairbatch.cli.job.Unlisted;
import io.pairbatch.cli.view.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
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

    /// Finds jobs by their ids; of one that was deleted from this folder it says so.
    JobFinder finder(Session session) {
        return new JobFinder(
                session.jobs(),
                clock,
                pause,
                prefix ->
                        DeletionRecord.told(folder, prefix, session.deployment().bucket()));
    }

    /// Says which jobs a list of all lacks because the stack on this machine is still restoring them.
    void tellUnlisted(Session session) throws IOException {
        List<String> unlisted = unlisted(session);
        if (!unlisted.isEmpty()) {
            console.err()
                    .println("Incomplete: " + Unlisted.named(unlisted) + " still being restored from the files in S3."
                            + " Ask again in a minute; if it stays so: ./pairbatch up");
            console.err().flush();
        }
    }

    /// Only an emulator that is killed loses its registry.
    List<String> unlisted(Session session) throws IOException {
        return session.deployment().embedded() ? Unlisted.of(session.jobs(), session.bucket()) : List.of();
    }

    /// Where results are put.
    ///
    /// @param name of the job
    /// @param out as the user says; null for `results/NAME`
    Path results(String name, @Nullable Path out) {
        return out == null ? folder.resolve("results").resolve(name) : out;
    }
}
