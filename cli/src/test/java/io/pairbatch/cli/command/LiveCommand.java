package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.JobSource;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `run` on a stack that a test decides.
record LiveCommand(
        FakeLive live,
        JobSource jobs,
        MemoryBucket bucket,
        FakeTime time,
        Path folder,
        StringWriter out,
        StringWriter err) {

    int run(Path table, String... options) {
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> live.stackOf(),
                deployment -> new Session(deployment, jobs, bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new AssertionError("no temporary stack is started");
                },
                folder,
                folder,
                time,
                time,
                live);
        List<String> all = new ArrayList<>(List.of("run", table.toString(), "--no-wait", "--name", "essays"));
        all.addAll(List.of(options));
        int status = PairbatchCommand.commandLine(app).execute(all.toArray(String[]::new));
        console.out().flush();
        console.err().flush();
        return status;
    }
}
