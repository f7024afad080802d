package io.pairbatch.results;

import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.Answer;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What kept a comparison from having a winner: of an answer without one, and of a batch that broke.
final class Causes {

    /// The word, or Gemini's number (of gRPC or HTTP), with which a provider's error begins.
    private static final Pattern RATE_LIMIT = begins("rate_limit|resource_exhausted|too_many_requests|code (8|429)\\b");

    private static final Pattern SERVER = begins(
            "server_error|internal|api_error|overloaded|engine_overloaded|slow_down|unavailable|service_unavailable"
                    + "|bad_gateway|timeout|gateway_timeout|request_timeout|vector_store_timeout|deadline_exceeded|aborted"
                    + "|conflict|unknown|data_loss|code (2|4|10|13|14|15|408|409|425|5\\d\\d)\\b");

    private static final Pattern STOPPED = begins("cancell?ed|code (1|499)\\b|the operation was cancell?ed");

    /// A filter that refuses the texts with an error, as OpenAI's does with `invalid_prompt` and Azure's with
    /// `content_filter`.
    private static final Pattern FILTER =
            begins("content_filter|content_policy|image_content_policy|responsibleaipolicy"
                    + "|invalid_prompt|moderation_blocked|prohibited_content|safety");

    /// What providers say of a batch whose requests they do not take.
    private static final Pattern BAD_BATCH =
            begins("invalid_(?!file)|mismatched|missing_|duplicate|model_|unsupported|empty_file|too_many|permission"
                    + "|not_found|failed_precondition|unimplemented|unauthenticated|out_of_range"
                    + "|code (3|5|7|9|11|12|16)\\b");

    private static final Set<Integer> TRY_LATER = Set.of(408, 409, 425);
    private static final int TOO_MANY = 429;
    private static final int STOPPED_BY_CALLER = 499;
    private static final int SERVER_ERRORS = 500;
    private static final int ERRORS = 400;

    private Causes() {}

    private static Pattern begins(String words) {
        return Pattern.compile("(" + words + ").*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    }

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
            return ofStatus(status, error, code);
        }
        if (code != FailureCode.BACKEND_MISSING_FIELDS || (answer.content() == null && answer.errorMessage() != null)) {
            return ofError(error == null ? answer.errorMessage() : error, code);
        }
        return ofText(answer);
    }

    private static FailureCause ofStatus(int status, @Nullable String error, FailureCode code) {
        if (status == TOO_MANY) {
            return FailureCause.RATE_LIMIT;
        }
        if (status == STOPPED_BY_CALLER) {
            return FailureCause.CANCELLED;
        }
        if (status >= SERVER_ERRORS || TRY_LATER.contains(status) || code == FailureCode.TIMEOUT) {
            return FailureCause.SERVER_ERROR;
        }
        return is(FILTER, error) ? FailureCause.REFUSED : FailureCause.REQUEST;
    }

    private static FailureCause ofError(@Nullable String error, FailureCode code) {
        if (is(RATE_LIMIT, error)) {
            return FailureCause.RATE_LIMIT;
        }
        if (code == FailureCode.TIMEOUT || is(SERVER, error)) {
            return FailureCause.SERVER_ERROR;
        }
        if (is(STOPPED, error)) {
            return FailureCause.CANCELLED;
        }
        return is(FILTER, error) ? FailureCause.REFUSED : FailureCause.REQUEST;
    }

    private static boolean is(Pattern kind, @Nullable String error) {
        return error != null && kind.matcher(error).matches();
    }

    private static FailureCause ofText(Answer answer) {
        if (answer.refusal() != null) {
            return FailureCause.REFUSED;
        }
        String finish = Details.finish(answer);
        if (finish == null) {
            return FailureCause.NO_TAG;
        }
        // The response as a whole failed, and says why.
        return Finish.FAILED.equalsIgnoreCase(finish) && answer.providerError() != null
                ? ofError(answer.providerError(), FailureCode.HTTP_ERROR)
                : Finish.cause(finish);
    }

    /// The cause of a batch that broke, for the pairs that it did not reach.
    static FailureCause of(BatchEnd.Broken end) {
        if (end.cancelled()) {
            return FailureCause.CANCELLED;
        }
        if (BatchEnd.expired(end.status())) {
            return FailureCause.EXPIRED;
        }
        return is(BAD_BATCH, end.detail()) ? FailureCause.REQUEST : FailureCause.BATCH_FAILED;
    }
}
