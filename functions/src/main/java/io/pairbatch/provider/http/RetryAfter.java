package io.pairbatch.provider.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/// `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), a day at most: no arithmetic on times overflows, and a
/// provider that means longer can say so again.
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /// Zero when there is none, or none that can be read.
    static Duration of(String header) {
        return of(header, InstantSource.system());
    }

    static Duration of(String header, InstantSource clock) {
        String value = header.strip();
        try {
            return bounded(Duration.ofMillis(Math.round(Double.parseDouble(value) * 1000)));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return bounded(Duration.between(clock.instant(), date));
            } catch (DateTimeParseException notADate) {
                return Duration.ZERO;
            }
        }
    }

    private static Duration bounded(Duration wish) {
        long millis = Math.clamp(wish.toMillis(), 0, LONGEST.toMillis());
        return Duration.ofMillis(millis);
    }
}
