package io.pairbatch.cli.command;

import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Advice;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.Losses;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Console;
import io.pairbatch.cli.view.Grid;
import io.pairbatch.job.JobFiles;
import io.pairbatch.problem.FailureCause;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a command says and returns when comparisons of a done job have no winner: the one place for all commands.
final class LossesOption {

    private static final int ID_CELLS = 40;
    private static final double FEW_PERCENT = 10;

    @Option(
            names = "--allow-losses",
            description = "Exit with 0 also if too many comparisons have no winner; not if nothing was judged.")
    private boolean allowed;

    /// Whether the command was asked for what has the job lose pairs.
    private boolean expected;

    /// What is lost is told, and changes nothing of the exit code.
    void expectLosses() {
        expected = true;
    }

    /// Prints what was lost, if that is too much. Returns the exit code.
    ///
    /// @param copy the folder with the results on this machine, as the user would write it; null if there is none
    int judge(Console console, Losses losses, Job job, @Nullable String copy) {
        return judge(
                console,
                losses,
                new Place(
                        job.id(),
                        copy,
                        "",
                        Advice.of(job, losses.failed(), copy),
                        job.isPanel() || job.panel() != null));
    }

    /// The same of results that no stack has.
    int judgeCopy(Console console, Losses losses, String jobId, String copy) {
        return judge(console, losses, new Place(jobId, copy, "", null, false));
    }

    /// The same of several jobs whose results were joined.
    ///
    /// @param copy the folder with what was joined
    /// @param jobFile the frozen job of one of them
    int judgeJoined(Console console, Losses losses, String copy, String jobFile) {
        return judge(console, losses, new Place("", copy, " --job " + jobFile, null, false));
    }

    /// Where the results are.
    ///
    /// @param jobOption what `run` needs to judge the failed pairs again
    /// @param advice what can be done about them in a stack; null for results that none has
    /// @param ofJudges whether the failed pairs name the judge that has not judged them, so that `run` takes them not
    private record Place(
            String jobId,
            @Nullable String copy,
            String jobOption,
            @Nullable Advice advice,
            boolean ofJudges) {}

    private int judge(Console console, Losses losses, Place place) {
        Losses.Verdict verdict = losses.verdict();
        if (verdict == Losses.Verdict.DONE) {
            few(console, losses, place);
            return ExitStatus.DONE;
        }
        boolean nothing = verdict == Losses.Verdict.NOTHING_JUDGED;
        PrintWriter err = console.err();
        err.println();
        paragraph(console, nothing ? nothingJudged(losses) : withLosses(losses));
        causes(console, losses);
        if (!nothing) {
            texts(console, losses);
        }
        next(console, losses, place);
        boolean accepted = expected || (allowed && !nothing);
        if (!accepted) {
            err.println("Exit code " + ExitStatus.LOSSES
                    + (nothing ? ", also with --allow-losses." : "; with --allow-losses it is 0."));
        }
        err.flush();
        return accepted ? ExitStatus.DONE : ExitStatus.LOSSES;
    }

    /// A few pairs without a winner are usual: why, what helps first, and where the rest is told.
    private void few(Console console, Losses losses, Place place) {
        if (losses.lost() == 0) {
            return;
        }
        PrintWriter out = console.out();
        String why = losses.failed().plain();
        FaultText.wrapped(
                        (losses.lost() == 1 ? "1 pair has" : count(losses.lost()) + " pairs have") + " no winner"
                                + (why.isEmpty() ? "." : ": " + why + "."),
                        console.width(),
                        0)
                .forEach(out::println);
        Advice advice = place.advice();
        if (advice == null || advice.steps().isEmpty()) {
            return;
        }
        if (expected) {
            tell(out, console.width(), advice);
            return;
        }
        FaultText.lines(advice.steps().getFirst(), console.width()).forEach(out::println);
        if (advice.steps().size() > 1) {
            out.println("What else can be done: ./pairbatch doctor " + place.jobId());
        }
    }

    private static String nothingJudged(Losses losses) {
        if (losses.lost() > 0) {
            return "Nothing was judged: "
                    + (losses.lost() == 1
                            ? "the only comparison has no winner."
                            : "none of the " + count(losses.lost()) + " comparisons has a winner.");
        }
        return losses.rejected() == 0
                ? "Nothing was judged: the table has no rows."
                : "Nothing was judged: every row of the table was rejected.";
    }

    private static String withLosses(Losses losses) {
        long all = losses.judged() + losses.lost();
        double percent = 100.0 * losses.lost() / all;
        String share = String.format(Locale.ROOT, percent < FEW_PERCENT ? "%.2f%%" : "%.1f%%", percent);
        return "Done with losses: " + count(losses.lost()) + " of " + count(all) + " comparisons (" + share
                + (losses.lost() == 1 ? ") has" : ") have") + " no winner."
                + switch ((int) Math.min(2, losses.hit())) {
                    case 0 -> "";
                    case 1 -> " One text lost too many of its comparisons: over a fifth and at least three, or all.";
                    default ->
                        " " + count(losses.hit())
                                + " texts lost too many of their comparisons: over a fifth and at least three, or all.";
                };
    }

    /// Each in its own words, with one example of the provider's.
    private static void causes(Console console, Losses losses) {
        if (losses.causes().isEmpty()) {
            return;
        }
        console.err().println("Why:");
        Collection<List<Losses.Cause>> causes = losses.byCause().values();
        int digits = causes.stream()
                .mapToInt(cause -> count(losses.explained(cause)).length())
                .max()
                .orElse(1);
        causes.forEach(cause -> cause(console, digits, losses.explained(cause), cause));
        if (losses.otherCauses() > 0) {
            counted(console, digits, losses.otherCauses(), "for other reasons");
        }
        if (!losses.batches().isEmpty()) {
            console.err().println("Batches that did not run to their end (what the provider gives of them counts):");
            losses.batches().forEach(batch -> cause(console, digits(losses.batches()), batch));
        }
    }

    /// A cause on one line, or with a line for each code and each wording: these counts are parts of the first.
    private static void cause(Console console, int digits, long all, List<Losses.Cause> told) {
        Losses.Cause first = told.getFirst();
        boolean same = first.cause().isEmpty() || first.cause().equals(first.code());
        if (told.size() == 1 && first.count() == all) {
            String says = first.example().isEmpty() ? "" : ": " + first.example();
            counted(
                    console,
                    digits,
                    all,
                    (same ? worded(first.code()) : worded(first.cause(), first.cause() + ", " + first.code())) + says);
            return;
        }
        counted(console, digits, all, worded(first.cause()) + ", of these");
        int inner = digits + 2 + count(first.count()).length();
        told.forEach(cause -> cause(console, inner, cause));
        long others = all - told.stream().mapToLong(Losses.Cause::count).sum();
        if (others > 0) {
            counted(console, inner, others, "in other words");
        }
    }

    private static String worded(String name) {
        return worded(name, name);
    }

    /// A cause or a code in words, with its names behind them.
    private static String worded(String name, String names) {
        return FailureCause.wordsOf(name)
                .map(words -> words + " (" + names + ")")
                .orElse(names);
    }

    private static void cause(Console console, int digits, Losses.Cause cause) {
        String says = cause.example().isEmpty() ? "" : ": " + cause.example();
        counted(console, digits, cause.count(), cause.code() + says);
    }

    private static int digits(List<Losses.Cause> causes) {
        return count(causes.getFirst().count()).length();
    }

    private static void counted(Console console, int digits, long number, String says) {
        String label = "  " + " ".repeat(Math.max(0, digits - count(number).length())) + count(number) + "  ";
        List<String> lines = FaultText.wrapped(says, console.width() - label.length(), 0);
        for (int i = 0; i < lines.size(); i++) {
            console.err().println((i == 0 ? label : " ".repeat(label.length())) + lines.get(i));
        }
    }

    private static void texts(Console console, Losses losses) {
        if (!losses.worst().isEmpty()) {
            console.err().println("The texts most often without a winner:");
            List<List<String>> rows = losses.worst().stream()
                    .map(text -> List.of(
                            "  "
                                    + Cells.cut(
                                            Cells.harmless(text.id()),
                                            ID_CELLS,
                                            console.glyphs().cut()),
                            count(text.lost()) + " of " + count(text.comparisons())))
                    .toList();
            Grid.lines(rows, Set.of(1)).forEach(console.err()::println);
        }
        if (losses.uncounted() > 0) {
            paragraph(
                    console,
                    "Not shown: " + count(losses.uncounted())
                            + " of the lost comparisons, of texts that were not counted one by"
                            + " one: there are too many of them.");
        }
    }

    private static void next(Console console, Losses losses, Place place) {
        String folder = place.copy() == null ? "results/" + place.jobId() : place.copy();
        String all = "All of them, with the reason for each"
                + (place.copy() == null ? ", once ./pairbatch results " + place.jobId() + " has fetched the files" : "")
                + ": ";
        if (losses.judged() + losses.lost() == 0) {
            if (losses.rejected() > 0) {
                paragraph(console, all + folder + "/" + JobFiles.REJECTED_ROWS);
            }
            return;
        }
        String failed = folder + "/" + JobFiles.FAILED_PAIRS;
        paragraph(console, all + failed);
        Advice advice = place.advice();
        if (advice == null) {
            paragraph(
                    console,
                    "To judge them again, once the cause is gone (--set FIELD=VALUE changes a field of the job):");
        } else {
            tell(console.err(), console.width(), advice);
            if (advice.makesAJob() || place.ofJudges()) {
                return;
            }
            paragraph(console, "To judge them in another way, as a job of their own (--set FIELD=VALUE):");
        }
        console.err().println("  ./pairbatch run " + Cells.harmless(failed + place.jobOption()));
    }

    /// Prints what can be done about pairs without a winner.
    static void tell(PrintWriter print, int width, Advice advice) {
        advice.steps().forEach(step -> FaultText.lines(step, width).forEach(print::println));
    }

    private static void paragraph(Console console, String text) {
        FaultText.wrapped(text, console.width(), 0).forEach(console.err()::println);
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
