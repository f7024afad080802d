package io.pairbatch.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.FakeTime;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.cli.job.MemoryJobSource;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.smoke.SmokeTest;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Glyphs;
import io.pairbatch.cli.view.TerminalSize;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `smoke` asks before it does anything.
class SmokeCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final FakeTime time = new FakeTime();
    private final MemoryBucket bucket = new MemoryBucket();
    private final FakeLive live = new FakeLive(Deployed.STACK);

    @TempDir
    private Path folder;

    @Test
    void whatIsDoneIsSaidAndAskedFirst() {
        live.terminal = true;

        assertThat(execute("smoke", "--only", "job,policies")).isEqualTo(ExitStatus.DONE);
        assertThat(live.questions).containsExactly("Continue? [y/N]");
        assertThat(out.toString())
                .contains("job              the example's 190 pairs", "policies         will be skipped.")
                .doesNotContain("large-table")
                .endsWith("Nothing was done.\n");
        assertThat(bucket.written()).isEmpty();
    }

    @Test
    void whereNobodyCanBeAskedSomebodyHasToHaveAgreed() {
        assertThat(execute("smoke", "--only", "job")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There is no terminal to ask on.").contains("--yes");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatIsNoCaseAndNoNumberIsRefused() {
        live.terminal = true;

        assertThat(execute("smoke", "--only", "jobs")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("smoke", "--run", "0")).isEqualTo(ExitStatus.USAGE);
        assertThat(execute("smoke", "--wait", "-1")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("There is no case jobs.", "--run is 0.", "--wait is -1.0.");
        assertThat(live.questions).isEmpty();
    }

    @Test
    void theHelpNamesEachCase() {
        execute("smoke", "--help");
        assertThat(out.toString()).contains(SmokeTest.names());
    }

    private int execute(String... args) {
        Console console = new Console(
                new PrintWriter(out), new PrintWriter(err), false, Glyphs.UNICODE, () -> TerminalSize.USUAL);
        App app = new App(
                console,
                stack -> Deployed.STACK,
                deployment -> new Session(deployment, new MemoryJobSource(), bucket, Pacing.EMBEDDED, () -> {}),
                (keep, progress) -> {
                    throw new UnsupportedOperationException();
                },
                Project.find().root(),
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
