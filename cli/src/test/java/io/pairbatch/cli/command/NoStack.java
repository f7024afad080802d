package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/// Runs commands that need no stack.
///
/// @param folder the current one
/// @param out what the last command printed
record NoStack(Path folder, StringWriter out, StringWriter err, LiveRuns live) {

    int execute(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        FakeTime time = new FakeTime();
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> Deployed.STACK,
                deployment ->
                        new Session(deployment, new MemoryJobSource(), new MemoryBucket(), Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new AssertionError("no stack is started");
                },
                folder,
                folder,
                time,
                time,
                live);
        int status = PairbatchCommand.commandLine(app).execute(args);
        console.out().flush();
        console.err().flush();
        return status;
    }
}
