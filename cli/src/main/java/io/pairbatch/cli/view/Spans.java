package io.pairbatch.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Spans of time in words.
public final class Spans {

    private static final Duration USUAL_LOOK = Duration.ofMinutes(1);
    private static final Duration IN_SECONDS = Duration.ofMinutes(2);
    private static final Duration IN_MINUTES = Duration.ofHours(2);

    private Spans() {}

    /// Whether one has to wait for a moment: for less than a second nobody does, and `in 0 s` says nothing.
    public static boolean isAhead(Instant due, Instant now) {
        return Duration.between(now, due).compareTo(Duration.ofSeconds(1)) >= 0;
    }

    /// Whether a look that was due at `due` is likely still under way: a function has to start first.
    public static boolean isUsualLook(Instant due, Instant now) {
        return Duration.between(due, now).compareTo(USUAL_LOOK) < 0;
    }

    /// When a job that waits is looked after next, and so hears of what was asked of it: `at its next look at the
    /// provider, in 48 s, at …`, or `as soon as its present step is over`.
    public static String nextLook(@Nullable Instant look, Instant now) {
        return look != null && isAhead(look, now)
                ? "at its next look at the provider, in " + of(Duration.between(now, look)) + ", at "
                        + look.truncatedTo(ChronoUnit.SECONDS)
                : "as soon as its present step is over";
    }

    /// `40 s`, `12 min` or `5 h`, rounded down.
    public static String of(Duration span) {
        return span.compareTo(IN_SECONDS) < 0
                ? span.toSeconds() + " s"
                : span.compareTo(IN_MINUTES) < 0 ? span.toMinutes() + " min" : span.toHours() + " h";
    }
}
