package io.pairbatch.step;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.JobState;
import java.util.List;
import java.util.stream.Collectors;

/// Why the workflow ends here, and the state in which it leaves the job.
///
/// @param problems at least one; the first one's code is the job's
/// @param unlisted how many more there are
public record Stop(JobState state, List<Problem> problems, int unlisted) {

    /// State passed between the workflow's steps is limited in size, so only this many problems are listed.
    private static final int LISTED = 20;

    private static Stop listing(JobState state, List<Problem> problems) {
        List<Problem> listed = List.copyOf(problems.subList(0, Math.min(problems.size(), LISTED)));
        return new Stop(state, listed, problems.size() - listed.size());
    }

    public static Stop of(JobState state, ErrorCode code, String where, String found, String expected) {
        return listing(state, List.of(new Problem(code, where, found, expected)));
    }

    /// The same with all that was found.
    ///
    /// @param problems at least one; the first one's code is the job's
    public static Stop of(JobState state, List<Problem> problems) {
        return listing(state, problems);
    }

    /// What a provider's refusal means for the job: another key fixes it, or nothing that we could send again does.
    ///
    /// @param doing what we asked the provider to do
    public static Stop refused(RefusedException refused, String doing) {
        boolean key = refused.kind() == RefusedException.Kind.KEY;
        return of(
                key ? JobState.WAITING_FOR_KEY : JobState.FAILED,
                key ? ErrorCode.KEY_REFUSED : ErrorCode.PROVIDER_REFUSED,
                "the provider, " + doing,
                refused.describe(),
                key ? key(refused.status()) : "a request that it accepts");
    }

    /// Only these statuses are of the key alone; the others may be of the account's money.
    private static String key(int status) {
        return status == 401 || status == 403 ? "a key that it accepts" : "a key that it accepts, or credit";
    }

    /// A job that never began.
    public static Stop rejecting(JobRejectedException e) {
        return listing(JobState.REJECTED, e.problems());
    }

    /// A missing or refused key waits for another key, as does a job whose provider the deployment leaves out; a
    /// registry that does not fit waits for the right version, and a job of
    /// other providers for those; all other problems reject the job.
    public static Stop of(JobRejectedException e) {
        ErrorCode code = e.problems().getFirst().code();
        boolean key = code == ErrorCode.KEY_MISSING
                || code == ErrorCode.KEY_REFUSED
                || code == ErrorCode.PROVIDER_NOT_DEPLOYED;
        boolean waits = code == ErrorCode.REGISTRY_CONFLICT || code == ErrorCode.PROVIDER_CHANGED;
        JobState other = waits ? JobState.FAILED : JobState.REJECTED;
        return listing(key ? JobState.WAITING_FOR_KEY : other, e.problems());
    }

    public ErrorCode code() {
        return problems.getFirst().code();
    }

    /// One line per problem, and one for those that are not listed.
    public String message() {
        String listed = problems.stream().map(Problem::message).collect(Collectors.joining("\n"));
        return unlisted == 0 ? listed : listed + "\nand " + unlisted + " more problems";
    }
}
