package io.pairbatch.cli.view;

import java.time.Duration;

/// Spans of time in words.
public final class Spans {

    private static final Duration IN_SECONDS = Duration.ofSeconds(120);
    private static final Duration IN_MINUTES = Duration.ofMinutes(120);

    private Spans() {}

    /// `40 s`, `12 min` or `5 h`, rounded down.
    public static String of(Duration span) {
        return span.compareTo(IN_SECONDS) < 0
                ? span.toSeconds() + " s"
                : span.compareTo(IN_MINUTES) < 0 ? span.toMinutes() + " min" : span.toHours() + " h";
    }
}
