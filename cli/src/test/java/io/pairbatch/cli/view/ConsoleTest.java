package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    @Test
    void picturesAreForPeopleAtATerminal() {
        assertThat(Console.live(true, Map.of("TERM", "xterm"))).isTrue();
        assertThat(Console.live(false, Map.of("TERM", "xterm"))).isFalse();
        assertThat(Console.live(true, Map.of("TERM", "dumb"))).isFalse();
        assertThat(Console.live(true, Map.of())).isFalse();
        assertThat(Console.live(true, Map.of("TERM", "xterm", "CI", "true"))).isFalse();
    }
}
