package io.pairbatch.results;

import io.pairbatch.provider.Answer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `error_detail` of an answer without a winner (contract 7.5): why there is none, in the provider's words where it has
/// any.
final class Details {

    /// What providers say of an answer that is whole.
    private static final Set<String> WHOLE = Set.of("stop", "end_turn", "eos", "completed");

    /// Gemini's number where it has no word.
    private static final Pattern NUMBER = Pattern.compile("code \\d+");

    private static final int BAD_STATUS = 400;

    private Details() {}

    /// @param sought what an answer with a verdict has
    static String of(Answer answer, String sought) {
        String message = answer.errorMessage();
        String error = answer.providerError();
        if (message != null) {
            return error != null && NUMBER.matcher(error).matches() ? error + ": " + message : message;
        }
        Integer status = answer.statusCode();
        if (status != null && status >= BAD_STATUS) {
            return "HTTP " + status + (error == null ? "" : ": " + error);
        }
        if (answer.refusal() != null) {
            return refused(answer.refusal(), finish(answer));
        }
        String finish = finish(answer);
        if (finish != null) {
            return "finish_reason " + finish + (error == null ? "" : ": " + error);
        }
        if (error != null) {
            return error;
        }
        String ended = ended(answer.resultType());
        if (ended != null) {
            return ended;
        }
        String content = answer.content();
        return content == null || content.isBlank() ? "empty answer" : "no " + sought + " in the answer";
    }

    private static String refused(String words, @Nullable String finish) {
        if (words.equals(finish)) {
            return "finish_reason " + finish;
        }
        return "refused: " + words
                + (finish == null || words.contains(finish) ? "" : " (finish_reason " + finish + ")");
    }

    /// Why the answer ended, if it is not whole.
    static @Nullable String finish(Answer answer) {
        String finish = answer.finishReason();
        return finish == null || WHOLE.contains(finish.toLowerCase(Locale.ROOT)) ? null : finish;
    }

    /// Of a request that was not answered.
    private static @Nullable String ended(@Nullable String resultType) {
        if (resultType == null || resultType.equals("succeeded")) {
            return null;
        }
        return resultType.equals("canceled") ? "cancelled" : resultType;
    }
}
