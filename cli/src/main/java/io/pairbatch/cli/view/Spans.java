package io.pairbatch.cli.view;

import java.time.Duration;

/// Spans of time in words.
public final class Spans {

    private static final Duration IN_SECONDS = Duration.ofMinutes(2);
    private static final Duration IN_MINUTES = Duration.ofHours(2);

    private Spans() {}

    /// `40 s`, `12 min` or `5 h`, rounded down.
    public static String of(Duration span) {
        return span.compareTo(IN_SECONDS) < 0
                ? span.toSeconds() + " s"
                : span.compareTo(IN_MINUTES) < 0 ? span.toMinutes() + " min" : span.toHours() + " h";
    }
}
