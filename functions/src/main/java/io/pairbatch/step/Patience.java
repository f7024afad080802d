package io.pairbatch.step;

import java.time.Duration;

/// How long a provider is given before what it was paid for counts as lost.
///
/// @param denied how long it must deny that there is a batch, or a file of results, while we ask
/// @param incomplete how long its files may hold less than it counts, from the first look on
/// @param beyondWindow how long after a batch should have expired one that it denies is waited for, where no list
/// proves
/// that there is none
/// @param listsTrusted whether the deployment vouches that a list shows every batch; else it proves something only with
/// a
/// witness
public record Patience(Duration denied, Duration incomplete, Duration beyondWindow, boolean listsTrusted) {

    public static final Patience USUAL =
            new Patience(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(2), false);
}
