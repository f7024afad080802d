package io.pairbatch.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7                             | PT7S",
                "' 0.25 '                      | PT0.25S",
                "0                             | PT0S",
                "-7                            | PT0S",
                "86400                         | PT24H",
                "86401                         | PT24H",
                "1e300                         | PT24H",
                "Sun, 22 Nov 2026 10:01:30 GMT | PT1M30S",
                "Sun, 22 Nov 2026 09:59:59 GMT | PT0S",
                "Wed, 01 Jan 2098 00:00:00 GMT | PT24H",
                "''                            | PT0S",
                "soon                          | PT0S",
                "Sun, 22 Nov 2026              | PT0S"
            })
    void secondsAndDatesAreUnderstoodAndRubbishIsNoWish(String header, Duration wait) {
        assertThat(RetryAfter.of(header, CLOCK)).isEqualTo(wait);
    }

    @Test
    void aDateIsComparedWithTheTimeOfTheAnswer() {
        assertThat(RetryAfter.of("Thu, 01 Jan 2026 00:00:00 GMT")).isZero();
        assertThat(RetryAfter.of("Wed, 01 Jan 2098 00:00:00 GMT")).isPositive();
    }
}
