package io.pairbatch.cli.fault;

import io.pairbatch.problem.Code;
import java.util.List;

/// The exit codes of every command. docs/ERRORS.md is written from these.
public final class ExitStatus {

    public static final int DONE = 0;
    /// The job failed, was rejected, was cancelled before anything was sent, or waits for a decision; or a file that
    /// was
    /// given says what cannot be taken.
    public static final int JOB_FAILED = 1;
    /// The command line is wrong, whatever the files say.
    public static final int USAGE = 2;
    /// The files of a finished job do not add up.
    public static final int RECOUNT = 3;
    /// No stack, or it does not answer.
    public static final int UNREACHABLE = 4;
    /// The job is done, but too many comparisons have no winner.
    public static final int LOSSES = 5;
    /// An internal error (BSD's `EX_SOFTWARE`).
    public static final int INTERNAL = 70;

    private ExitStatus() {}

    private record Meaning(int status, String cause, String remedy) implements Code {

        @Override
        public String code() {
            return Integer.toString(status);
        }
    }

    /// What each code means to a user, ascending.
    public static List<Code> meanings() {
        return List.of(
                new Meaning(DONE, "The command did what it was to do.", "Nothing is left to do."),
                new Meaning(
                        JOB_FAILED,
                        "The job failed, was rejected or cancelled unsent, or waits for somebody; a table, a job file or another file was read"
                                + " and refused; pairs were judged before; or a case of `smoke` failed or is open.",
                        "Read what is printed with it; ./pairbatch doctor JOB says it again."),
                new Meaning(
                        USAGE,
                        "The command line is wrong: an argument, or a file, a job or a key in the environment that it needs"
                                + " and that is not there.",
                        "Read the message; --help lists the options."),
                new Meaning(
                        RECOUNT,
                        "The files of a finished job do not add up.",
                        "Do not use the results; look at the job's folder, and report it."),
                new Meaning(
                        UNREACHABLE,
                        "No stack, one that does not answer, or something that it needs is missing.",
                        "Run ./pairbatch doctor."),
                new Meaning(
                        LOSSES,
                        "The job is done, but more than 2% of its comparisons have no winner, or one text lost more than a"
                                + " fifth of its own; or nothing was judged.",
                        "Read what is printed with it: it says what can be sent again, and how; --allow-losses makes"
                                + " it 0 unless nothing was judged. `cancel` ends with 0: it was asked for that."),
                new Meaning(
                        INTERNAL,
                        "A fault of the command itself.",
                        "Run it again with --debug and report what it prints."));
    }
}
