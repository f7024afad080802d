package io.pairbatch.cost;

import io.pairbatch.job.Backend;
import io.pairbatch.provider.Answer.Tokens;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Prices of a model in USD per million tokens.
///
/// @param provider whose way of counting the tokens are counted in
/// @param upToInput the longest input for which the prices hold
/// @param cachedInput of input tokens read from the provider's cache, null when not known apart
record TokenPrice(
        Backend provider,
        long upToInput,
        BigDecimal input,
        @Nullable BigDecimal cachedInput,
        BigDecimal output) {

    /// Anthropic's price of writing to the cache for five minutes, in prices of input.
    private static final BigDecimal CACHE_WRITE = new BigDecimal("1.25");

    /// USD, exact; null when the tokens are unknown or more than the prices hold for.
    @Nullable
    BigDecimal of(Tokens tokens) {
        Long prompt = tokens.prompt();
        Long output = output(tokens);
        if (prompt == null || output == null) {
            return null;
        }
        long cached = orZero(tokens.cached());
        return switch (provider) {
            case OPENAI, GEMINI -> {
                long read = Math.min(cached, prompt);
                yield of(prompt, prompt - read, read, 0, output);
            }
            // What is read from the cache or written to it is not among the input tokens.
            case ANTHROPIC -> {
                long written = orZero(tokens.cacheCreation());
                yield of(prompt + cached + written, prompt, cached, written, output);
            }
        };
    }

    /// Gemini counts thoughts apart from the answer, charges both as output, and leaves out a count of zero: an answer
    /// that was all thoughts has no count but theirs and the total.
    private @Nullable Long output(Tokens tokens) {
        if (provider != Backend.GEMINI) {
            return tokens.completion();
        }
        boolean counted = tokens.completion() != null || tokens.total() != null;
        return counted ? Long.valueOf(orZero(tokens.completion()) + orZero(tokens.reasoning())) : null;
    }

    private @Nullable BigDecimal of(long all, long fresh, long read, long written, long outputTokens) {
        if (all > upToInput) {
            return null;
        }
        BigDecimal perMillion = input.multiply(BigDecimal.valueOf(fresh))
                .add((cachedInput == null ? input : cachedInput).multiply(BigDecimal.valueOf(read)))
                .add(input.multiply(CACHE_WRITE).multiply(BigDecimal.valueOf(written)))
                .add(output.multiply(BigDecimal.valueOf(outputTokens)));
        BigDecimal usd = perMillion.movePointLeft(6).stripTrailingZeros();
        return usd.scale() < 0 ? usd.setScale(0) : usd;
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
