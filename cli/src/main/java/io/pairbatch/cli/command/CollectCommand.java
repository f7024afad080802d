package io.pairbatch.cli.command;

import io.pairbatch.cli.doctor.Problems;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.LossCounter;
import io.pairbatch.cli.job.Losses;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.merge.Merged;
import io.pairbatch.offline.OfflineCollect;
import io.pairbatch.problem.JobRejectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "collect",
        description = "Reads a provider's answers in a folder that `split` wrote, and writes the result files there.",
        mixinStandardHelpOptions = true)
final class CollectCommand implements Callable<Integer> {

    private final App app;

    @Parameters(paramLabel = "DIR", description = "Folder with batch_NN_output.jsonl and batch_NN_errors.jsonl.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Mixin
    private LossesOption losses = new LossesOption();

    CollectCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw CliException.usage(folder + " is not a folder.", "Name a folder that ./pairbatch split wrote.");
        }
        try {
            OfflineCollect.Report report = new OfflineCollect(PriceTable.bundled()).run(folder);
            PrintWriter console = app.console().out();
            if (!report.missing().isEmpty()) {
                console.println(
                        "No answers yet for segments " + report.missing() + ": their pairs are in no result file.");
            }
            report.notices().forEach(notice -> console.println("note: " + Cells.harmless(notice)));
            console.println("Results in " + folder);
            Merged merged = report.merged();
            console.println(merged.sentence());
            if (merged.comparisons() == merged.openPairs() && merged.openPairs() > 0) {
                return ExitStatus.DONE; // nothing has come back yet, and nothing is lost
            }
            Losses lost = LossCounter.of(
                    folder, merged.total().observed(), merged.total().failed());
            return losses.judgeCopy(app.console(), lost, report.job().jobId(), folder.toString());
        } catch (JobRejectedException e) {
            return Problems.print(app.console(), "Nothing was collected.", e);
        }
    }
}
