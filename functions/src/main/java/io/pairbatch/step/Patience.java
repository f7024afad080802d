package io.pairbatch.step;

import java.time.Duration;

/// How long to wait for a provider before results that were paid for count as lost.
///
/// @param denied how long it must keep denying a batch, or a file of results
/// @param incomplete how long its files may hold less than it counts, from the first look on
/// @param beyondWindow how long to wait for a denied batch after it should have expired, if no list proves that there
/// is none
/// @param listsTrusted whether the deployment guarantees that a list shows every batch; otherwise it is proof only with
/// a witness
public record Patience(Duration denied, Duration incomplete, Duration beyondWindow, boolean listsTrusted) {

    public static final Patience USUAL =
            new Patience(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(2), false);
}
