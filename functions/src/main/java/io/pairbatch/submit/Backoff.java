package io.pairbatch.submit;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long a segment stays away after the provider had no room for it.
public final class Backoff {

    private static final Duration LONGEST = Duration.ofMinutes(15);

    private Backoff() {}

    /// The poll interval, doubled with each submission of the segment, 15 minutes at most; of the result, between half
    /// and all, so that segments do not come back together.
    ///
    /// @param submissions how often the segment was submitted, 1 or more
    public static Duration after(int submissions, int intervalSeconds) {
        long ceiling = Math.min(LONGEST.toMillis(), (1000L * intervalSeconds) << Math.min(submissions - 1, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }
}
