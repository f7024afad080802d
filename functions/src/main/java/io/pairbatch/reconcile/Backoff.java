package io.pairbatch.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a segment waits after the provider had no room for it, or did not find its file.
public final class Backoff {

    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final Duration FILE = Duration.ofSeconds(30);

    private final RandomGenerator random;

    /// Pauses randomized by `random`.
    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /// The poll interval, doubled with each submission of the segment, at most 15 minutes; of that, a random value
    /// between half and all, so that segments do not come back together.
    ///
    /// @param submissions how often the segment was submitted, at least 1
    public Duration after(int submissions, int intervalSeconds) {
        long ceiling = Math.min(LONGEST.toMillis(), (1000L * intervalSeconds) << Math.min(submissions - 1, 10));
        return Duration.ofMillis(random.nextLong(ceiling / 2, ceiling + 1));
    }

    /// The pause after the provider did not find the file for the n-th time, at the create or when it validated the
    /// batch: n times half a minute.
    public static Duration untilFileIsThere(int times) {
        return FILE.multipliedBy(times);
    }
}
