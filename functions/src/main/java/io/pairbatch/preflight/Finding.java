package io.pairbatch.preflight;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.LiveAnswer;
import io.pairbatch.results.Outcome;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.PreflightOutcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The result of one live request, as a file and as a line for people.
///
/// @param job the job that it was made for
/// @param pair the pair that was judged
/// @param at when it was sent
/// @param took time until the response
/// @param reserved what it could cost at most, in nano-USD
/// @param before what earlier ones of the job cost, in nano-USD
record Finding(ResolvedJob job, Pair pair, Instant at, Duration took, long reserved, long before) {

    /// A line shows no more of an ID, which a user chose.
    private static final int LONGEST_ID = 40;

    private static final int LONGEST_REASON = 200;

    /// The file for a request that was not answered, or was refused.
    ObjectNode file(PreflightOutcome outcome, String reason) {
        // A refusal costs nothing; what was not answered may have been.
        long counted = outcome == PreflightOutcome.REFUSED ? before : before + reserved;
        return head(job, outcome, at)
                .put(PreflightFile.REASON, reason)
                .put("duration_ms", took.toMillis())
                .put(PreflightFile.SPENT, counted);
    }

    /// The file for an answer.
    ObjectNode file(PreflightOutcome preflight, LiveAnswer.Answered answered, Outcome outcome, PriceTable prices) {
        Answer answer = answered.answer();
        ObjectNode file = head(job, preflight, at)
                .put("request_id", orNull(answered.requestId()))
                .put("response_id", orNull(answered.responseId()))
                .put("model", answer.model())
                .put("ID1", pair.id1())
                .put("ID2", pair.id2())
                .put("content", answer.content())
                .put("thoughts", answer.thoughts())
                .put("finish_reason", answer.finishReason())
                .put("refusal", answer.refusal())
                .put("provider_error", answer.errorMessage() == null ? answer.providerError() : answer.errorMessage());
        if (outcome instanceof Outcome.Observed observed) {
            file.put("winner", observed.betterSample()).put("better_id", observed.betterId());
        } else {
            file.putNull("winner").putNull("better_id");
        }
        file.put("duration_ms", took.toMillis())
                .put("prompt_tokens", answer.tokens().prompt())
                .put("completion_tokens", answer.tokens().completion())
                .put("total_tokens", answer.tokens().total())
                .put("prompt_cached_tokens", answer.tokens().cached())
                .put("cache_creation_tokens", answer.tokens().cacheCreation())
                .put("reasoning_tokens", answer.tokens().reasoning());
        BigDecimal cost = cost(answer, prices);
        file.put(PreflightFile.SPENT, before + (cost == null ? reserved : NanoUsd.of(cost)));
        return file.put("cost_usd", cost)
                .put(
                        "cost_basis",
                        cost == null
                                ? "no known price"
                                : "the live price as of " + prices.date()
                                        + ", not that of batches; not in the cost of the results");
    }

    /// What the answer cost; null if unknown.
    @Nullable
    BigDecimal cost(Answer answer, PriceTable prices) {
        return prices.standardCost(model(answer), answer);
    }

    /// The file for a request that may have been sent, without knowing more.
    ///
    /// @param spent what it and earlier ones count as, in nano-USD
    static ObjectNode lost(ResolvedJob job, Instant at, String reason, long spent) {
        return head(job, PreflightOutcome.UNDECIDED, at)
                .put(PreflightFile.REASON, reason)
                .put(PreflightFile.SPENT, spent);
    }

    private static ObjectNode head(ResolvedJob job, PreflightOutcome outcome, Instant at) {
        return PreflightFile.object()
                .put("job_id", job.jobId())
                .put("at", at.toString())
                .put("backend", job.spec().backend().code())
                .put("model_requested", job.spec().model())
                .put(PreflightFile.OUTCOME, outcome.name());
    }

    /// `MODEL answered in 0.8 s: S01 is better than S02 (412 + 12 tokens)`.
    String says(Answer answer, Outcome.Observed observed) {
        boolean second = observed.winnerPos() == 2;
        Answer.Tokens tokens = answer.tokens();
        String counted = tokens.prompt() == null || tokens.completion() == null
                ? ""
                : " (" + tokens.prompt() + " + " + tokens.completion() + " tokens)";
        return String.format(
                Locale.ROOT,
                "%s answered in %.1f s: %s " + (observed.tie() ? "is as good as" : "is better than") + " %s%s",
                model(answer),
                took.toMillis() / 1000.0,
                cut(second ? pair.id2() : pair.id1(), LONGEST_ID),
                cut(second ? pair.id1() : pair.id2(), LONGEST_ID),
                counted);
    }

    /// The line for a preflight that decided nothing.
    static String undecided(String reason) {
        return "undecided, the job continues: " + cut(reason, LONGEST_REASON);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private String model(Answer answer) {
        String model = answer.model();
        return model == null ? job.spec().model() : model;
    }

    private static String cut(String text, int longest) {
        if (text.codePointCount(0, text.length()) <= longest) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
    }
}
