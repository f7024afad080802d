package io.pairbatch.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class InputFileTest {

    /// S3 answers 416 to a range that starts at an object's end, where a counting pass may have paused.
    @Test
    void nothingIsRequestedAtTheEndOfTheFile() throws IOException {
        InputFile file = new InputFile("f", 10, offset -> {
            throw new IOException("range not satisfiable");
        });
        try (InputStream in = file.open(10)) {
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void bytesThatFollowTheEndOfTheFileAreAnOutage() throws IOException {
        InputFile file = new InputFile("f", 10, offset -> new ByteArrayInputStream(new byte[10]));
        try (InputStream in = file.open(0)) {
            assertThat(in.readAllBytes()).hasSize(10);
        }
        // The whole file instead of its rest.
        try (InputStream in = file.open(4)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("after byte 10");
        }
    }
}
