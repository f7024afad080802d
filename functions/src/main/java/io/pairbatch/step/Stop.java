package io.pairbatch.step;

import io.pairbatch.job.ErrorCode;
import io.pairbatch.job.JobRejectedException;
import io.pairbatch.job.Problem;
import io.pairbatch.registry.JobState;
import java.util.List;
import java.util.stream.Collectors;

/// Why the workflow ends here, and in which state the job is left.
///
/// @param problems at least one; the first one's code is the job's
public record Stop(JobState state, List<Problem> problems) {

    /// State passed between the workflow's steps is bounded, so this many problems are listed.
    private static final int LISTED = 20;

    public Stop {
        problems = List.copyOf(problems.subList(0, Math.min(problems.size(), LISTED)));
    }

    public static Stop of(JobState state, ErrorCode code, String where, String found, String expected) {
        return new Stop(state, List.of(new Problem(code, where, found, expected)));
    }

    /// A missing or refused key waits for another one; everything else that is wrong with a job refuses it.
    public static Stop of(JobRejectedException e) {
        ErrorCode code = e.problems().getFirst().code();
        boolean key = code == ErrorCode.KEY_MISSING || code == ErrorCode.KEY_REFUSED;
        return new Stop(key ? JobState.WAITING_FOR_KEY : JobState.REJECTED, e.problems());
    }

    public ErrorCode code() {
        return problems.getFirst().code();
    }

    /// One line a problem.
    public String message() {
        return problems.stream().map(Problem::message).collect(Collectors.joining("\n"));
    }
}
