package io.pairbatch.cli.command;

import io.pairbatch.analysis.Analysis;
import io.pairbatch.analysis.AnalysisFiles;
import io.pairbatch.analysis.counts.JudgementFileException;
import io.pairbatch.analysis.counts.JudgementReader;
import io.pairbatch.analysis.counts.Judgements;
import io.pairbatch.analysis.model.Ranking;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "analyze",
        description =
                "Ranks the samples of judged pairs, and says how sure that is and whether the judge can be believed."
                        + " Needs no stack and no key.",
        mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {

    private static final String GIVE =
            "Give combined_results.csv or judgements.csv.gz of a job, its folder, or results of the R package pairwiseLLM.";

    private final App app;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "combined_results.csv or judgements.csv.gz, or a folder that has one; several are analysed"
                    + " together.")
    private List<Path> files = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Output folder (default: `analysis` beside the first file). An earlier analysis in it is"
                    + " replaced.")
    private @Nullable Path out;

    @Option(
            names = "--judge",
            paramLabel = "COLUMN",
            description = "The column that says who judged (default: ${DEFAULT-VALUE}).",
            defaultValue = JudgementReader.JUDGE)
    private String judge = JudgementReader.JUDGE;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Of what is drawn: bootstraps, split halves, coin flips (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int seed = 1;

    @Option(
            names = "--versus",
            paramLabel = "ID",
            arity = "2",
            description = "Also say how likely the first of these two samples beats the second.")
    private List<String> versus = List.of();

    AnalyzeCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        List<Path> tables = new ArrayList<>();
        for (Path file : files) {
            GivenFile.checkFileOrFolder(file, GIVE);
            tables.add(table(file));
        }
        Path to = out == null ? tables.getFirst().toAbsolutePath().resolveSibling("analysis") : out;
        checkTarget(to);
        Judgements judgements = read(tables);
        Ranking.Interval chance = null;
        Analysis analysis = Analysis.of(judgements, seed);
        if (!versus.isEmpty()) {
            chance = analysis.ranking().winProbability(item(judgements, 0), item(judgements, 1));
        }
        new AnalysisFiles(analysis)
                .write(
                        to,
                        new AnalysisFiles.Origin(
                                tables.stream().map(Path::toString).toList(), judge, Version.CURRENT));
        AnalysisWords words = new AnalysisWords(analysis, app.console());
        words.print();
        if (!versus.isEmpty()) {
            words.printChance(versus.get(0), versus.get(1), chance);
        }
        app.console()
                .out()
                .println("Files in " + to + ": " + String.join(", ", AnalysisFiles.ALL) + " (docs/RESULTS.md)");
        return ExitStatus.DONE;
    }

    /// A folder of results stands for the smaller file of judgements, or else the larger one.
    private static Path table(Path file) {
        if (!Files.isDirectory(file)) {
            return file;
        }
        for (String name : List.of(JobFiles.JUDGEMENTS, JobFiles.COMBINED)) {
            if (Files.isRegularFile(file.resolve(name))) {
                return file.resolve(name);
            }
        }
        throw CliException.usage(file + " has no " + JobFiles.JUDGEMENTS + " and no " + JobFiles.COMBINED + ".", GIVE);
    }

    private static void checkTarget(Path to) throws IOException {
        if (Files.exists(to) && !Files.isDirectory(to)) {
            throw CliException.usage(to + " is a file, not a folder.", "Name another folder with --out.");
        }
        if (!AnalysisFiles.mayBeWritten(to)) {
            throw CliException.usage(
                    to + " has files of these names that no analysis has written: "
                            + String.join(
                                    ", ",
                                    AnalysisFiles.ALL.stream()
                                            .filter(name -> Files.exists(to.resolve(name)))
                                            .toList())
                            + ".",
                    "Name another folder with --out; what is in this one is kept.");
        }
    }

    private Judgements read(List<Path> tables) throws IOException {
        Judgements judgements = new Judgements();
        JudgementReader reader = new JudgementReader(judgements, judge);
        try {
            for (Path table : tables) {
                reader.read(table);
            }
        } catch (JudgementFileException e) {
            throw CliException.refused(String.valueOf(e.getMessage()), e.remedy());
        }
        if (judgements.used() == 0) {
            throw CliException.refused(
                    "No row of " + tables.getFirst() + (tables.size() > 1 ? " and the others" : "")
                            + " says which of two samples is better.",
                    GIVE);
        }
        return judgements;
    }

    private int item(Judgements judgements, int which) {
        int item = judgements.items().indexOf(versus.get(which));
        if (item < 0) {
            throw CliException.usage(
                    "--versus: there is no sample \"" + versus.get(which) + "\".",
                    "Name two IDs of the judgements; capital and small letters differ.");
        }
        return item;
    }
}
