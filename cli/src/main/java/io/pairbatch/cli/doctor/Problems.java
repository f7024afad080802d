package io.pairbatch.cli.doctor;

import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.view.Console;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.util.List;

/// Explains why files are rejected before anything is sent.
public final class Problems {

    private Problems() {}

    /// Prints all problems; returns the exit code.
    public static int print(Console console, String headline, JobRejectedException e) {
        List<JobFault.Problem> problems =
                e.problems().stream().map(Problems::text).toList();
        console.err().println(headline);
        FaultText.ofProblems(problems, console.width()).forEach(console.err()::println);
        console.err().flush();
        return ExitStatus.JOB_FAILED;
    }

    private static JobFault.Problem text(Problem problem) {
        return new JobFault.Problem(
                problem.code().code(),
                problem.where(),
                problem.found(),
                problem.expected(),
                problem.code().remedy());
    }
}
