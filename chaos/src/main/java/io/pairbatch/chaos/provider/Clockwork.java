package io.pairbatch.chaos.provider;

import java.time.Duration;
import java.time.Instant;

/// The world's time.
public interface Clockwork {

    Instant now();

    /// Lets time pass, and others act meanwhile. May throw an [Error] when the one who waits is killed; it is never
    /// caught.
    void sleep(Duration duration);
}
