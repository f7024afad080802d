package io.pairbatch.cost;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.provider.Provider.Charge;
import io.pairbatch.provider.catalog.Providers;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Prices of a model in USD per million tokens.
///
/// @param provider whose way of counting tokens applies
/// @param upToInput the longest input for which the prices are valid
/// @param cachedInput for input tokens read from the provider's cache, null if unknown
record TokenPrice(
        Backend provider,
        long upToInput,
        BigDecimal input,
        @Nullable BigDecimal cachedInput,
        BigDecimal output) {

    /// The price of writing to the cache for five minutes, as a multiple of the input price, where it is charged.
    private static final BigDecimal CACHE_WRITE = new BigDecimal("1.25");

    /// The highest price of an input token, in USD per million tokens.
    ///
    /// @param written whether input may be written to the cache
    BigDecimal mostInput(boolean written) {
        BigDecimal most = cachedInput == null ? input : input.max(cachedInput);
        return written ? most.max(input.multiply(CACHE_WRITE)) : most;
    }

    /// The exact cost in USD; null if the tokens are unknown or the input is longer than the prices are valid for.
    @Nullable
    BigDecimal of(Tokens tokens) {
        Charge charge = Providers.of(provider).charge(tokens);
        if (charge == null || charge.input() > upToInput) {
            return null;
        }
        BigDecimal perMillion = input.multiply(BigDecimal.valueOf(charge.fresh()))
                .add((cachedInput == null ? input : cachedInput).multiply(BigDecimal.valueOf(charge.read())))
                .add(input.multiply(CACHE_WRITE).multiply(BigDecimal.valueOf(charge.written())))
                .add(output.multiply(BigDecimal.valueOf(charge.output())));
        BigDecimal usd = perMillion.movePointLeft(6).stripTrailingZeros();
        return usd.scale() < 0 ? usd.setScale(0) : usd;
    }
}
