package io.pairbatch.results;

import io.pairbatch.pairs.Pair;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.FailureCode;
import io.pairbatch.provider.Answer;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.TagMode;
import io.pairbatch.spec.VerdictLabels;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From an answer to its outcome: the winner's tag (contract 3.3, 7.4) and the error code (7.5).
public final class Verdicts {

    /// `error_message` of a pair for which the provider wrote no line (contract 7.3).
    public static final String MISSING = "missing raw result for pair";

    private static final Pattern TIMEOUT = Pattern.compile("timeout|timed out", Pattern.CASE_INSENSITIVE);
    private static final Pattern PARSE = Pattern.compile("parse", Pattern.CASE_INSENSITIVE);
    private static final Set<String> BAD_RESULT_TYPES = Set.of("errored", "failed", "canceled", "expired");

    /// OpenAI's codes of requests that the end of their batch has overtaken.
    static final String EXPIRED = "batch_expired";

    private static final Set<String> CANCELLED = Set.of("batch_cancelled", "batch_canceled");

    private final AnswerRules rules;
    private final WinnerTags exact;
    private final WinnerTags last;
    private final WinnerTags tolerant;
    /// Whether a label is known by its place at the end: an answer that is cut off has none.
    private final boolean endsInLabel;

    public Verdicts(AnswerRules rules) {
        this.rules = rules;
        this.exact = WinnerTags.of(rules, TagMode.EXACT);
        this.last = WinnerTags.of(rules, TagMode.LAST);
        this.tolerant = WinnerTags.of(rules, TagMode.TOLERANT);
        this.endsInLabel = rules.labels()
                .filter(labels -> !labels.byName().values().stream().allMatch(VerdictLabels::isMarked))
                .isPresent();
    }

    /// What an answer says of its pair.
    ///
    /// @param tags how each tag mode reads it
    public record Judgement(Outcome outcome, TagReading tags) {}

    /// Judges a pair whose answer came back.
    public Judgement judge(Pair pair, Answer answer) {
        String content = answer.content();
        if (content == null || (endsInLabel && Details.finish(answer) != null)) {
            return new Judgement(failed(answer), TagReading.NOTHING);
        }
        WinnerTags.Found first = exact.in(content);
        WinnerTags.Found end = last.in(content);
        WinnerTags.Found spelled = tolerant.in(content);
        WinnerTags.Found found = switch (rules.tagMode()) {
            case EXACT -> first;
            case LAST -> end;
            case TOLERANT -> spelled;
        };
        boolean both = found != null && isAmbiguous(found, spelled);
        TagReading reading = new TagReading(
                both,
                differ(first, end),
                differ(first, spelled),
                differ(end, spelled),
                first == null && spelled != null,
                found != null && isTie(found) && !(both && rules.ambiguous() == Ambiguous.FAIL));
        return new Judgement(found == null ? failed(answer) : outcome(pair, found, both), reading);
    }

    /// Whether the tags of both texts are there. A tag that is quoted letter by letter must not hide a verdict that the
    /// model has spelled in its own way, so in every mode any spelling counts.
    private static boolean isAmbiguous(WinnerTags.Found found, WinnerTags.@Nullable Found spelled) {
        return found.ambiguous() || (spelled != null && spelled.ambiguous()) || differ(found, spelled);
    }

    private static boolean differ(WinnerTags.@Nullable Found one, WinnerTags.@Nullable Found other) {
        return one != null && other != null && !one.sample().equals(other.sample());
    }

    private Outcome.Failed failed(Answer answer) {
        FailureCode code = codeOf(answer);
        String detail = Details.of(answer, rules.sought());
        return new Outcome.Failed(code, detail, Causes.of(answer, code));
    }

    private static boolean isTie(WinnerTags.Found found) {
        return found.sample().equals(WinnerTags.Found.TIE);
    }

    private Outcome outcome(Pair pair, WinnerTags.Found found, boolean both) {
        if (both && rules.ambiguous() == Ambiguous.FAIL) {
            String detail = rules.several() + " in the answer";
            return new Outcome.Failed(FailureCode.INVALID_WINNER, detail, FailureCause.BOTH_TAGS);
        }
        if (isTie(found)) {
            return new Outcome.Observed(found.sample(), null, 0, both);
        }
        String betterId = found.sample().equals(WinnerTags.Found.FIRST) ? pair.id1() : pair.id2();
        return new Outcome.Observed(found.sample(), betterId, betterId.equals(pair.id1()) ? 1 : 2, both);
    }

    /// The outcome of a pair without a line in a batch that ended well.
    public static Outcome.Failed missing() {
        return new Outcome.Failed(FailureCode.BACKEND_MISSING_FIELDS, MISSING, FailureCause.MISSING);
    }

    /// The outcome of a pair that a broken batch did not reach.
    ///
    /// @param detail what the provider calls that
    public static Outcome.Failed broken(BatchEnd.Broken end, String detail) {
        FailureCode code = end.cancelled() ? FailureCode.CANCELLED : FailureCode.HTTP_ERROR;
        return new Outcome.Failed(code, detail, Causes.of(end));
    }

    /// The first rule of 7.5 that applies to an answer without a winner.
    private static FailureCode codeOf(Answer answer) {
        String message = answer.errorMessage();
        if (message != null && TIMEOUT.matcher(message).find()) {
            return FailureCode.TIMEOUT;
        }
        if (message != null && PARSE.matcher(message).find()) {
            return FailureCode.PARSE_ERROR;
        }
        Integer status = answer.statusCode();
        if (status != null && status >= 400) {
            return FailureCode.HTTP_ERROR;
        }
        String kind = answer.providerError();
        if (kind != null && CANCELLED.contains(kind)) {
            return FailureCode.CANCELLED;
        }
        if (EXPIRED.equals(kind)) {
            return FailureCode.HTTP_ERROR;
        }
        String type = answer.resultType();
        if (type != null && BAD_RESULT_TYPES.contains(type)) {
            return FailureCode.HTTP_ERROR;
        }
        return FailureCode.BACKEND_MISSING_FIELDS;
    }
}
