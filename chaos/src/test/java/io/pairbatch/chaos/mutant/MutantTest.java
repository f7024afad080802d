package io.pairbatch.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks `mutants.txt` without running any mutant, which takes minutes.
class MutantTest {

    private static final Path HOME = Path.of(System.getProperty("pairbatch.home", ".."));

    @ParameterizedTest
    @MethodSource("io.pairbatch.chaos.mutant.Mutant#all")
    void fitsTheCodeExactlyOnceAndChangesIt(Mutant mutant) throws Exception {
        assertThat(mutant.source(HOME)).isNotEqualTo(Files.readString(HOME.resolve(mutant.file())));
    }
}
