package io.pairbatch.time;

import java.time.Duration;

/// Lets time pass.
@FunctionalInterface
public interface Sleeper {

    /// Sleeps by the machine's clock.
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
