package io.pairbatch.tests;

import io.pairbatch.cli.command.App;
import io.pairbatch.cli.command.LiveRuns;
import io.pairbatch.cli.command.PairbatchCommand;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/// The `pairbatch` command in this process, for a stack that a test has started.
///
/// @param folder the current folder, which gets `results/`
/// @param ahead how far its clock is ahead of the stack's
record Cli(TestStack stack, Path folder, Duration ahead) {

    Cli(TestStack stack, Path folder) {
        this(stack, folder, Duration.ZERO);
    }

    /// The same at a later time.
    Cli later(Duration by) {
        return new Cli(stack, folder, ahead.plus(by));
    }

    /// A command that has ended.
    ///
    /// @param words what it printed, each run of spaces and line ends as one space
    record Said(int exit, String words) {}

    Said run(String... arguments) {
        StringWriter printed = new StringWriter();
        return new Said(run(printed, arguments), words(printed));
    }

    /// Runs a command whose output can be read while it runs.
    ///
    /// @return its exit code
    int run(StringWriter printed, String... arguments) {
        PrintWriter writer = new PrintWriter(printed, true);
        App app = new App(
                new Console(writer, writer, false, Glyphs.UNICODE, () -> TerminalSize.USUAL),
                name -> stack.deployment(),
                Sessions::aws,
                (keep, progress) -> {
                    throw new IllegalStateException("the stack is there already");
                },
                Project.find().root(),
                folder,
                Clock.offset(Clock.systemUTC(), ahead),
                Thread::sleep,
                LiveRuns.ofProcess());
        return PairbatchCommand.commandLine(app).execute(arguments);
    }

    static String words(StringWriter printed) {
        return printed.toString().replaceAll("\\s+", " ").strip();
    }
}
