package io.pairbatch.problem;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What kept a comparison from having a winner (`cause` in `failed_attempts.csv`). It is finer than the error code, and
/// decides whether the pair is sent again (`retry_codes`).
public enum FailureCause {
    EXPIRED(true, "The batch's time was over before it reached the pair."),
    CANCELLED(true, "The batch was cancelled at the provider before it reached the pair."),
    RATE_LIMIT(true, "The provider refused the request because of too many others (429)."),
    SERVER_ERROR(
            true,
            "The provider's own error, an overloaded model, an answer that broke down on the way, or none in time (408, 409, 5xx)."),
    MISSING(true, "The provider wrote no line for the pair."),
    BATCH_FAILED(true, "The whole batch failed, for a cause that is not in its requests."),
    TRUNCATED(false, "The answer was cut off at a limit on its length."),
    NO_TAG(false, "The answer is whole, and names no winner."),
    BOTH_TAGS(false, "The answer holds the tags of both texts, and `ambiguous` is `fail`."),
    REFUSED(false, "The model, or a filter of the provider, refused the texts."),
    REQUEST(false, "The provider refused the request, or a whole batch, as wrong (400 and the like)."),
    NOT_SUBMITTED(false, "No batch was created."),
    BUDGET_REACHED(false, "The job's `max_cost_usd` left no room for its batch."),
    DUPLICATE(false, "Another line of the provider's files counts for the pair."),
    BATCH_LOST(false, "The batch was paid for, and the provider no longer has its answer.");

    private final boolean retried;
    private final String meaning;

    FailureCause(boolean retried, String meaning) {
        this.retried = retried;
        this.meaning = meaning;
    }

    /// Those that are sent again unless a job says otherwise.
    public static List<FailureCause> retriedByDefault() {
        return Arrays.stream(values()).filter(cause -> cause.retried).toList();
    }

    /// Those that a pair without a winner can have.
    public static List<FailureCause> ofPairs() {
        return Arrays.stream(values()).filter(cause -> cause != DUPLICATE).toList();
    }

    /// The cause of a pair with this code.
    public static Optional<FailureCause> of(String code) {
        return ofPairs().stream().filter(cause -> cause.code().equals(code)).findFirst();
    }

    /// Whether this is a cause's code, or an error code.
    public static boolean isCauseOrCode(String code) {
        return of(code).isPresent()
                || Arrays.stream(FailureCode.values())
                        .anyMatch(known -> known.code().equals(code));
    }

    /// A sentence for people.
    public String meaning() {
        return meaning;
    }

    /// The name in lower case.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
