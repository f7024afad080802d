package io.pairbatch.api;

import io.pairbatch.problem.Code;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.problem.RefusalCode;
import java.util.List;

/// A request that is refused, as its response describes it.
final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final int status;
    private final String title;
    private final String remedy;
    private final transient List<Detail> problems;

    /// One problem; the code is an [ApiCode] or a job's error code.
    record Detail(String code, String where, String found, String expected, String remedy) {

        static Detail of(Code code, String where, String found, String expected) {
            return new Detail(code.code(), where, found, expected, code.remedy());
        }

        static Detail of(Problem problem) {
            return of(problem.code(), problem.where(), problem.found(), problem.expected());
        }
    }

    ApiException(ApiCode code, String detail) {
        this(code.code(), code.status(), code.cause(), detail, code.remedy(), List.of());
    }

    private ApiException(String code, int status, String title, String detail, String remedy, List<Detail> problems) {
        super(detail, null);
        this.code = code;
        this.status = status;
        this.title = title;
        this.remedy = remedy;
        this.problems = List.copyOf(problems);
    }

    /// What the stack refuses, in its own words, which the command line prints too.
    static ApiException refused(RefusalCode code, String message, String remedy) {
        int status = switch (code) {
            case JOB_UNKNOWN, SEGMENT_UNKNOWN -> 404;
            case RULES_INVALID, CODES_INVALID, BATCH_ID_INVALID -> 400;
            default -> 409;
        };
        return new ApiException(code.code(), status, code.cause(), message, remedy, List.of());
    }

    /// A request with invalid fields; lists all of them.
    ///
    /// @param problems at least one; the first one's code becomes the response's
    static ApiException invalid(List<Detail> problems) {
        Detail first = problems.getFirst();
        String detail = problems.size() == 1
                ? first.where() + ": found " + first.found() + "; expected " + first.expected()
                : problems.size() + " problems; see `problems`";
        return new ApiException(first.code(), 400, "The request is not valid", detail, first.remedy(), problems);
    }

    static ApiException of(JobRejectedException e) {
        return invalid(e.problems().stream().map(Detail::of).toList());
    }

    String code() {
        return code;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String remedy() {
        return remedy;
    }

    List<Detail> problems() {
        return problems;
    }
}
