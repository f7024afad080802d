package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFinder;
import io.pairbatch.cli.job.JoinedResults;
import io.pairbatch.cli.job.LossCounter;
import io.pairbatch.cli.job.Losses;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.JobState;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Plural;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "results",
        description = {
            "Fetches the files of a job.",
            "Of several jobs, each into a folder of its own, and their judgements joined in one combined_results.csv."
        },
        mixinStandardHelpOptions = true)
final class ResultsCommand implements Callable<Integer> {

    /// Jobs in a folder's name, IDs in a warning, and columns.
    private static final int MOST_NAMED = 8;

    private final App app;

    @Parameters(paramLabel = "JOB", arity = "1..*", description = "The job's id, or the beginning of it.")
    private List<String> jobs = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the files (default: results/JOB; of several jobs"
                    + " results/joined-…, with the last digits of their ids).")
    private @Nullable Path out;

    @Option(names = "--segments", description = "Also fetch the files of each batch: requests, raw answers, results.")
    private boolean segments;

    @Mixin
    private LossesOption losses = new LossesOption();

    @Mixin
    private StackOption stack = new StackOption();

    ResultsCommand(App app) {
        this.app = app;
    }

    @Override
    public Integer call() throws IOException {
        try (Session session = app.open(stack.name)) {
            JobFinder finder = app.finder(session);
            // All are found before the first is fetched.
            List<Job> found = new ArrayList<>();
            for (String job : jobs) {
                Job one = finder.byPrefix(job);
                // Two beginnings of one id are one job.
                if (found.stream().noneMatch(other -> other.id().equals(one.id()))) {
                    found.add(one);
                }
            }
            if (found.size() == 1) {
                Job job = found.getFirst();
                Path folder = app.results(job.id(), out);
                fetch(session, job, folder);
                if (job.state() != JobState.DONE) {
                    return ExitStatus.DONE;
                }
                Losses lost = LossCounter.of(folder, job.observed(), job.failed());
                int status = losses.judge(app.console(), lost, job, Following.shown(app, folder));
                Following.tellSample(app, job);
                return status;
            }
            // What cannot be joined is not fetched either.
            JoinedResults.check(found.stream()
                    .filter(job -> job.state() == JobState.DONE)
                    .map(job -> JoinedResults.Part.of(session.bucket(), job.id()))
                    .toList());
            Path folder = app.results(joinedName(found), out);
            List<Path> each = new ArrayList<>();
            List<String> notDone = new ArrayList<>();
            for (Job job : found) {
                Path copy = folder.resolve(job.id());
                fetch(session, job, copy);
                if (job.state() == JobState.DONE) {
                    each.add(copy);
                } else {
                    notDone.add(job.id());
                }
            }
            int exit = each.isEmpty() ? ExitStatus.DONE : join(each, folder);
            notDone.forEach(id -> app.console().out().println("Not joined, because it is not done: job " + id));
            return notDone.isEmpty() ? exit : Math.max(exit, ExitStatus.JOB_FAILED);
        }
    }

    /// Other jobs have another folder.
    private static String joinedName(List<Job> jobs) {
        String digits = jobs.stream()
                .map(job -> job.id().substring(job.id().lastIndexOf('-') + 1))
                .sorted()
                .collect(Collectors.joining("-"));
        return "joined-"
                + (jobs.size() <= MOST_NAMED
                        ? digits
                        : jobs.size() + "-jobs-" + Hex.sha256(digits).substring(0, 8));
    }

    private int join(List<Path> each, Path folder) throws IOException {
        JoinedResults.Joined joined = JoinedResults.join(each, folder);
        PrintWriter print = app.console().out();
        String copy = Following.shown(app, folder);
        print.println(Plural.of(joined.judged(), "judgement") + " of " + Plural.of(each.size(), "job") + " in " + copy
                + "/" + JobFiles.COMBINED);
        print.println("It holds all that was judged, also pairs that a newer table no longer has.");
        if (joined.failed() > 0) {
            print.println(joined.failed() + " failed in one of the jobs: " + (joined.failed() - joined.open())
                    + " judged by another or listed already, " + joined.open() + " left in " + copy + "/"
                    + JobFiles.FAILED_PAIRS);
        }
        tellPartial(joined.partial());
        tellTexts(joined.texts());
        Losses lost = LossCounter.of(folder, joined.judged(), joined.open());
        String jobFile = copy + "/" + each.getLast().getFileName() + "/" + JobFiles.JOB;
        return losses.judgeJoined(app.console(), lost, copy, jobFile);
    }

    /// An NA there is no value of the table.
    private void tellPartial(List<String> columns) {
        if (columns.isEmpty()) {
            return;
        }
        int more = columns.size() - MOST_NAMED;
        app.console()
                .out()
                .println("Columns that not all of the jobs have, NA in the rows of the others: "
                        + columns.stream()
                                .limit(MOST_NAMED)
                                .map(Cells::harmless)
                                .collect(Collectors.joining(", "))
                        + (more > 0 ? ", and " + more + " more" : ""));
    }

    /// One ID with comparisons of two texts makes a wrong score.
    private void tellTexts(@Nullable Map<String, String> texts) {
        PrintWriter err = app.console().err();
        if (texts == null) {
            err.println("Not compared: whether an ID stands for the same text in all of these jobs. Not all of their"
                    + " results hold texts (include_texts).");
        } else if (!texts.isEmpty()) {
            err.println();
            err.println("WARNING: " + Plural.of(texts.size(), "ID") + (texts.size() == 1 ? " stands" : " stand")
                    + " for more than one text. Comparisons of each version:");
            texts.entrySet().stream()
                    .limit(MOST_NAMED)
                    .forEach(text -> err.println("  " + Cells.harmless(text.getKey()) + ": " + text.getValue()));
            if (texts.size() > MOST_NAMED) {
                err.println("  … and " + (texts.size() - MOST_NAMED) + " more");
            }
            FaultText.wrapped(
                            "The joined file has all of them, and a score out of it is of no text. Keep the rows of one"
                                    + " version (columns ID1, text1, ID2, text2); or have the mended table judged as a"
                                    + " whole, and use that job alone: ./pairbatch run TABLE --again",
                            app.console().width(),
                            0)
                    .forEach(err::println);
        }
        err.flush();
    }

    private void fetch(Session session, Job job, Path folder) throws IOException {
        List<ResultFiles.Fetched> files = new ResultFiles(session.bucket()).fetch(job.id(), folder, segments);
        PrintWriter print = app.console().out();
        if (files.isEmpty()) {
            print.println("Job " + job.id() + " has no files yet.");
            return;
        }
        int width = files.stream().mapToInt(f -> f.name().length()).max().orElse(0);
        files.forEach(f ->
                print.println("  " + f.name() + " ".repeat(width - f.name().length()) + "  "
                        + " ".repeat(Math.max(0, 6 - Sizes.of(f.size()).length())) + Sizes.of(f.size())));
        String copy = Following.shown(app, folder);
        print.println(Plural.of(files.size(), "file") + " in " + copy + "/");
        if (job.state() != JobState.DONE) {
            print.println("The job is not done (" + job.state().words() + "): these are the files so far.");
        }
    }
}
