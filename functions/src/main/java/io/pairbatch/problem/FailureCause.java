package io.pairbatch.problem;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What kept a comparison from having a winner (`cause` in `failed_attempts.csv`). It is finer than the error code, and
/// decides whether the pair is sent again (`retry_codes`).
public enum FailureCause {
    EXPIRED(
            "the batch ran out of time",
            Way.RETRY,
            "The batch's time was over before it reached the pair.",
            "Send it again."),
    CANCELLED(
            "the batch was cancelled",
            Way.RETRY,
            "The batch was cancelled at the provider before it reached the pair.",
            "Send it again."),
    RATE_LIMIT(
            "the provider had too many requests",
            Way.RETRY,
            "The provider refused the request because of too many others (429).",
            "Send it again."),
    SERVER_ERROR(
            "an error of the provider",
            Way.RETRY,
            "The provider's own error, an overloaded model, an answer that broke down on the way, or none in time (408, 409, 5xx).",
            "Send it again."),
    MISSING("no answer came back", Way.RETRY, "The provider wrote no line for the pair.", "Send it again."),
    BATCH_FAILED(
            "the whole batch failed",
            Way.RETRY,
            "The whole batch failed, for a cause that is not in its requests.",
            "Send it again."),
    TRUNCATED(
            "the answer was cut off",
            Way.CHANGED,
            "The answer was cut off at a limit on its length.",
            "Let answers be longer (max_tokens, max_completion_tokens or max_output_tokens), or let the model think less."),
    NO_TAG(
            "the answer names no winner",
            Way.NAMED,
            "The answer is whole, and names no winner.",
            "The model may name one when it is asked again; if the answers do name one in other words, `reread` sends nothing."),
    BOTH_TAGS(
            "the answer names both texts",
            Way.NAMED,
            "The answer holds the tags of both texts, and `ambiguous` is `fail`.",
            "The model may decide when it is asked again; `reread JOB --ambiguous take` sends nothing."),
    REFUSED(
            "the texts were refused",
            Way.CHANGED,
            "The model, or a filter of the provider, refused the texts.",
            "The same model will mostly refuse them again: take another model, or another template."),
    REQUEST(
            "the provider refused the request",
            Way.CHANGED,
            "The provider refused the request, or a whole batch, as wrong (400 and the like).",
            "The same request is refused again: correct in the job what the provider's words name."),
    NOT_SUBMITTED(
            "no batch was created",
            Way.NAMED,
            "No batch was created.",
            "Nothing was paid for them: send them once what batch_failures.csv names is mended."),
    BUDGET_REACHED(
            "no room in max_cost_usd",
            Way.LIMIT,
            "The job's `max_cost_usd` left no room for its batch.",
            "Nothing was paid for them: send them within a higher limit."),
    DUPLICATE(
            "another line counts",
            Way.NONE,
            "Another line of the provider's files counts for the pair.",
            "Nothing is left to do."),
    BATCH_LOST(
            "the provider has lost the batch",
            Way.NAMED,
            "The batch was paid for, and the provider no longer has its answer.",
            "Ask the provider for the batch first (jobs_registry.csv names it): who sends them again pays again.");

    /// How a pair without a winner can still get one.
    public enum Way {
        /// The cause may pass: `retry` sends it again, and so does a job by itself.
        RETRY,
        /// The same request may have another end: `retry --codes` sends it again.
        NAMED,
        /// The same request would have the same end: it is judged in another way, as a job of its own.
        CHANGED,
        /// `continue --max-cost` sends it.
        LIMIT,
        NONE
    }

    private final String words;
    private final Way way;
    private final String meaning;
    private final String remedy;

    FailureCause(String words, Way way, String meaning, String remedy) {
        this.words = words;
        this.way = way;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /// Those that are sent again unless a job says otherwise.
    public static List<FailureCause> retriedByDefault() {
        return Arrays.stream(values()).filter(cause -> cause.way == Way.RETRY).toList();
    }

    /// The codes of what a cancelled job lacks, and would have sent: what it has not sent, or not had answered, and
    /// what it sends again by itself.
    ///
    /// @param retried the codes of the latter
    public static SortedSet<String> ofCancelled(Collection<String> retried) {
        SortedSet<String> codes = new TreeSet<>(retried);
        List.of(CANCELLED, NOT_SUBMITTED, BUDGET_REACHED).forEach(cause -> codes.add(cause.code()));
        return codes;
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

    /// What happened, in a few words for people.
    public String words() {
        return words;
    }

    /// The same of a cause's code or an error code; empty for one that is not known.
    public static Optional<String> wordsOf(String name) {
        return of(name).map(FailureCause::words)
                .or(() -> Arrays.stream(FailureCode.values())
                        .filter(code -> code.code().equals(name))
                        .map(FailureCode::words)
                        .findFirst());
    }

    /// A sentence for people.
    public String meaning() {
        return meaning;
    }

    /// How the pair can still get a winner: what every command advises.
    public Way way() {
        return way;
    }

    /// What to do about it, a sentence for people.
    public String remedy() {
        return remedy;
    }

    /// The name in lower case.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
