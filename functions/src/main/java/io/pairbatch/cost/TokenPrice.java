package io.pairbatch.cost;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Prices of a model in USD per million tokens.
///
/// @param cachedInput of input tokens read from the provider's cache, null when not known apart
record TokenPrice(BigDecimal input, @Nullable BigDecimal cachedInput, BigDecimal output) {

    /// USD, exact.
    BigDecimal of(long inputTokens, long cachedTokens, long outputTokens) {
        long cached = cachedInput == null ? 0 : Math.min(cachedTokens, inputTokens);
        BigDecimal cachedPrice = cachedInput == null ? BigDecimal.ZERO : cachedInput;
        BigDecimal perMillion = input.multiply(BigDecimal.valueOf(inputTokens - cached))
                .add(cachedPrice.multiply(BigDecimal.valueOf(cached)))
                .add(output.multiply(BigDecimal.valueOf(outputTokens)));
        BigDecimal usd = perMillion.movePointLeft(6).stripTrailingZeros();
        return usd.scale() < 0 ? usd.setScale(0) : usd;
    }
}
