package io.pairbatch.problem;

import java.util.List;
import java.util.stream.Collectors;

/// The job cannot continue as it is. Lists all problems that were found; the message has one line per problem.
public final class JobRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public JobRejectedException(List<Problem> problems) {
        super(problems.stream().map(Problem::message).collect(Collectors.joining("\n")), null);
        this.problems = List.copyOf(problems);
    }

    public JobRejectedException(Problem problem) {
        this(List.of(problem));
    }

    /// At least one problem; the first one's code is the job's.
    public List<Problem> problems() {
        return problems;
    }
}
