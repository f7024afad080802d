package io.pairbatch.chaos.provider;

import java.time.Duration;
import java.time.Instant;

/// The simulated world's time.
public interface Clockwork {

    Instant now();

    /// Lets time pass while others act. May throw an [Error] if the caller is killed; it is never caught.
    void sleep(Duration duration);
}
