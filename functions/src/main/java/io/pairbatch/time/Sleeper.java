package io.pairbatch.time;

import java.time.Duration;

/// Waits.
@FunctionalInterface
public interface Sleeper {

    /// Sleeps on the machine's clock.
    Sleeper REAL = duration -> {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    };

    /// Returns after `duration`, or earlier with the thread's interrupt set.
    void sleep(Duration duration);
}
