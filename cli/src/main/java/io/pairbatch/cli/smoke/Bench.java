package io.pairbatch.cli.smoke;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Pause;
import io.pairbatch.cli.job.StackFunction;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every case works with.
///
/// @param stack as the command line names it; null for the one on this machine
/// @param reviver opens the function that goes on with a job
/// @param home the folder of the project
/// @param folder for what is written on the way
/// @param say prints a line
/// @param width of a paragraph
/// @param until when nobody waits any longer
/// @param researcher the AWS profile of a user who has the researcher's policy; null for none
public record Bench(
        Session session,
        @Nullable String stack,
        Workings workings,
        Supplier<StackFunction> reviver,
        Judge judge,
        Path home,
        Path folder,
        InstantSource clock,
        Pause pause,
        Consumer<String> say,
        int width,
        Instant until,
        @Nullable String researcher) {

    /// A command that the user can type.
    ///
    /// @param arguments behind `./pairbatch`
    String command(String arguments) {
        return "./pairbatch " + arguments + (stack == null ? "" : " --stack " + stack);
    }

    /// What a case of which something is wrong throws.
    static CliException failed(String reason, String look) {
        return new CliException(ExitStatus.JOB_FAILED, reason, look);
    }
}
