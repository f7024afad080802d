package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What the tests of designs and orders take for R's draws is what R draws. `Rscript` writes the file anew:
/// `Rscript oracles/src/test/resources/pairing/draws.R > functions/src/test/resources/pairing/r-draws.txt`.
class DrawsTest {

    @Test
    void theFileHoldsWhatRDraws() throws Exception {
        Programs programs = new Programs(Path.of("src/test/resources/pairing"));
        assertThat(programs.run(programs.rscript(), "draws.R"))
                .isEqualTo(Files.readString(Path.of("../functions/src/test/resources/pairing/r-draws.txt")));
    }
}
