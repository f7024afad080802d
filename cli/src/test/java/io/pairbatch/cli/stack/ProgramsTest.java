package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramsTest {

    @ParameterizedTest
    @CsvSource({
        "Python 3.9.18,  false",
        "Python 3.10.0,  true",
        "Python 3.14.1,  true",
        "Python 2.7.18,  false",
        "Python 4.0.0,   true",
        "command not found, false"
    })
    void versionsAreComparedAsNumbers(String text, boolean enough) {
        assertThat(Programs.atLeast(text, 3, 10)).isEqualTo(enough);
    }
}
