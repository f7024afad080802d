package io.pairbatch.cli.job;

import java.time.Duration;

/// Lets time pass.
@FunctionalInterface
public interface Pause {

    void of(Duration duration) throws InterruptedException;
}
