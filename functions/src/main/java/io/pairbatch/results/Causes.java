package io.pairbatch.results;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.Answer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What kept a comparison from having a winner: of an answer without one, and of a batch that broke.
final class Causes {

    /// The word, or Gemini's number, with which a provider's error begins.
    private static final Pattern RATE_LIMIT =
            Pattern.compile("(?i)(rate_limit|resource_exhausted|code 8\\b|too_many_requests).*", Pattern.DOTALL);

    private static final Pattern SERVER = Pattern.compile(
            "(?i)(server_error|internal|api_error|overloaded|unavailable|timeout|deadline_exceeded|aborted|unknown"
                    + "|code (2|4|10|13|14)\\b).*",
            Pattern.DOTALL);

    /// What providers say of a batch whose requests they do not take.
    private static final Pattern BAD_BATCH = Pattern.compile(
            "(?i)(invalid_(?!file)|mismatched|missing_|duplicate|model_|unsupported|empty_file|too_many|permission"
                    + "|not_found|code (3|5|7|9|12)\\b).*",
            Pattern.DOTALL);

    /// Ends of an answer that was cut off.
    private static final Set<String> CUT = Set.of("length", "max_tokens", "max_output_tokens", "model_length");

    private static final Set<Integer> TRY_LATER = Set.of(408, 409, 425);
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;
    private static final int ERRORS = 400;

    private Causes() {}

    /// The cause of an answer without a winner.
    static FailureCause of(Answer answer, FailureCode code) {
        String error = answer.providerError();
        String type = answer.resultType();
        if (code == FailureCode.CANCELLED || "canceled".equals(type)) {
            return FailureCause.CANCELLED;
        }
        if (Verdicts.EXPIRED.equals(error) || "expired".equals(type)) {
            return FailureCause.EXPIRED;
        }
        Integer status = answer.statusCode();
        if (status != null && status >= ERRORS) {
            if (status == TOO_MANY) {
                return FailureCause.RATE_LIMIT;
            }
            return status >= SERVER_ERRORS || TRY_LATER.contains(status) || code == FailureCode.TIMEOUT
                    ? FailureCause.SERVER_ERROR
                    : FailureCause.REQUEST;
        }
        if (code != FailureCode.BACKEND_MISSING_FIELDS || (answer.content() == null && answer.errorMessage() != null)) {
            return ofError(error == null ? answer.errorMessage() : error, code);
        }
        return ofText(answer);
    }

    private static FailureCause ofError(@Nullable String error, FailureCode code) {
        if (error != null && RATE_LIMIT.matcher(error).matches()) {
            return FailureCause.RATE_LIMIT;
        }
        boolean theirs = code == FailureCode.TIMEOUT
                || (error != null && SERVER.matcher(error).matches());
        return theirs ? FailureCause.SERVER_ERROR : FailureCause.REQUEST;
    }

    private static FailureCause ofText(Answer answer) {
        if (answer.refusal() != null) {
            return FailureCause.REFUSED;
        }
        String finish = Details.finish(answer);
        if (finish != null) {
            return CUT.contains(finish.toLowerCase(Locale.ROOT)) ? FailureCause.TRUNCATED : FailureCause.REFUSED;
        }
        return FailureCause.NO_TAG;
    }

    /// The cause of a batch that broke, for the pairs that it did not reach.
    static FailureCause of(BatchEnd.Broken end) {
        if (end.cancelled()) {
            return FailureCause.CANCELLED;
        }
        if (BatchEnd.expired(end.status())) {
            return FailureCause.EXPIRED;
        }
        boolean theirRequests =
                end.detail() != null && BAD_BATCH.matcher(end.detail()).matches();
        return theirRequests ? FailureCause.REQUEST : FailureCause.BATCH_FAILED;
    }
}
