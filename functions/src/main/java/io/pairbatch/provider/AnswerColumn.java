package io.pairbatch.provider;

import io.pairbatch.provider.Answer.Tokens;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A column of the results that is read from the answer.
///
/// @param text whether it is what a model or a provider has written, which a spreadsheet may take for a formula
public record AnswerColumn(String name, boolean text, Function<Answer, @Nullable Object> value) {

    /// A column of what a model or a provider has written.
    public static AnswerColumn text(String name, Function<Answer, @Nullable Object> value) {
        return new AnswerColumn(name, true, value);
    }

    /// A column of what the provider counted.
    public static AnswerColumn count(String name, Function<Tokens, @Nullable Object> value) {
        return new AnswerColumn(name, false, answer -> value.apply(answer.tokens()));
    }
}
