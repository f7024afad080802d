package io.pairbatch.chaos.asl;

import io.pairbatch.chaos.asl.State.Retrier;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The retries of one run of a state: each retrier counts its own.
final class Attempts {

    private final List<Retrier> retriers;
    private final int[] used;
    private final Consumer<String> ways;

    /// @param ways receives which retrier was asked, and whether it had an attempt left
    Attempts(List<Retrier> retriers, Consumer<String> ways) {
        this.retriers = retriers;
        this.ways = ways;
        used = new int[retriers.size()];
    }

    /// The pause before the next attempt. Only the first retrier that names the failure counts.
    ///
    /// @return null if there is no further attempt
    @Nullable
    Duration next(StateFailure failure, Services services) {
        for (int i = 0; i < used.length; i++) {
            Retrier retrier = retriers.get(i);
            if (retrier.errors().match(failure)) {
                boolean left = used[i] < retrier.maxAttempts();
                ways.accept("Retry[" + i + "]" + (left ? "" : " exhausted"));
                return left ? pause(retrier, used[i]++, services) : null;
            }
        }
        return null;
    }

    private static Duration pause(Retrier retrier, int before, Services services) {
        double seconds = Math.min(retrier.longest(), retrier.interval() * Math.pow(retrier.backoffRate(), before));
        double share = retrier.fullJitter() ? services.random() : 1;
        return Duration.ofMillis(Math.round(1000 * seconds * share));
    }
}
