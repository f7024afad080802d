package io.pairbatch.cli.pilot;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// A pair of the pilot whose requests were all answered, with all their tokens.
///
/// @param bytes of its prompts
/// @param input tokens of its prompts
/// @param output tokens of its answers, reasoning among them
/// @param live what that cost, in USD; null where the model has no price
/// @param batch what it would have cost in a batch
public record Observed(
        long bytes,
        long input,
        long output,
        @Nullable BigDecimal live,
        @Nullable BigDecimal batch) {

    Observed plus(Observed more) {
        return new Observed(
                bytes + more.bytes,
                input + more.input,
                output + more.output,
                sum(live, more.live),
                sum(batch, more.batch));
    }

    static @Nullable BigDecimal sum(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? null : one.add(other);
    }
}
