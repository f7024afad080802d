package io.pairbatch.cli.command;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.StackHandle;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Drop;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.Recount;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Shows a whole job: a temporary stack and a simulated provider on this machine judge 190 pairs of"
                + " short texts. It costs nothing, and nothing leaves the machine.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final int TASTE = 3;

    private final App app;

    @Option(names = "--keep", description = "Leave the stack running afterwards.")
    private boolean keep;

    @Option(
            names = "--provider",
            paramLabel = "PROVIDER",
            description = "The provider to simulate: " + Backend.CODES + " (default: ${DEFAULT-VALUE}).",
            defaultValue = Backend.DEFAULT_CODE)
    private Backend provider = Backend.DEFAULT;

    @Mixin
    private LossesOption losses = new LossesOption();

    DemoCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = app.console().out();
        Path example = app.home().resolve("examples/essays");
        if (!Files.isRegularFile(example.resolve("pairs.csv"))) {
            throw CliException.usage(
                    "The example is not at " + example + ".", "Start the demo with the launcher, ./pairbatch demo.");
        }
        out.println("Twenty short texts, each compared with every other: 190 comparisons. The");
        out.println("provider is a simulator of " + provider.code() + ", AWS an emulator. This costs nothing,");
        out.println("and nothing leaves this machine. No model reads the texts: the simulator");
        out.println("knows how good each one is, and mostly prefers the better one.");
        @Nullable Done done;
        step("Starting a stack with everything that it has on AWS");
        try (StackHandle handle = app.stacks().start(keep, text -> out.println("   " + Cells.harmless(text)));
                Session session = app.sessions().open(handle.deployment())) {
            out.println("   bucket " + handle.deployment().bucket());
            out.println("   state machine " + name(handle.deployment().stateMachineArn()));
            done = judge(new Following(app, session), session, example);
        }
        if (keep) {
            out.println("The stack keeps running: ./pairbatch jobs lists its jobs, ./pairbatch down stops it.");
        }
        return done == null
                ? ExitStatus.JOB_FAILED
                : Following.judge(app, done.job(), done.folder(), done.recount(), losses, keep);
    }

    private record Done(Job job, Path folder, Recount recount) {}

    /// Runs the example on the stack. Null when the job did not finish; the reason is printed.
    private @Nullable Done judge(Following following, Session session, Path example)
            throws IOException, InterruptedException {
        step("Dropping pairs.csv and job.json into the inbox; this starts the job");
        Map<String, String> judge = Map.of("backend", provider.code(), "model", provider.demoModel());
        Drop drop = DropBuilder.build(example.resolve("pairs.csv"), null, judge, null);
        RunCommand.Dropped dropped = RunCommand.Dropped.drop(app, session, drop, false);
        String id = dropped.job().id();
        step("It splits the pairs into batches, submits each once, polls, collects and merges");
        Job end = following.follow(id, dropped.before(), "The demo ends here and stops its stack.");
        if (end.state() != JobState.DONE) {
            following.explain(end);
            return null;
        }
        app.console().out().println();
        Path folder = app.folder().resolve("results").resolve(end.id());
        following.showResults(end.id(), folder);
        taste(folder.resolve(JobFiles.COMBINED));
        return new Done(end, folder, Recount.of(session.bucket(), end));
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    private void step(String text) {
        app.console().out().println();
        app.console().out().println(text);
    }

    private void taste(Path combined) throws IOException {
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(combined)) {
            Iterator<NamedCsvRecord> rows = reader.iterator();
            for (int i = 0; i < TASTE && rows.hasNext(); i++) {
                NamedCsvRecord row = rows.next();
                app.console()
                        .out()
                        .println("   "
                                + Cells.harmless(row.getField("ID1") + " or " + row.getField("ID2") + "? better: "
                                        + row.getField("better_id")));
            }
        }
    }
}
