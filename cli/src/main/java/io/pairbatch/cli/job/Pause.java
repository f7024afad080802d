package io.pairbatch.cli.job;

import java.time.Duration;

/// Waits.
@FunctionalInterface
public interface Pause {

    void of(Duration duration) throws InterruptedException;
}
