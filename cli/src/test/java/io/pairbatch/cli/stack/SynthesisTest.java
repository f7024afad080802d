package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthesisTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void layOut() throws IOException {
        for (String name : new String[] {
            "functions/target/functions.zip",
            "infra/target/infra.jar",
            "infra/target/classpath",
            "statemachine/pairwise-batch.asl.json"
        }) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), name);
        }
    }

    @Test
    void anythingThatTheTemplateIsMadeFromMakesAnotherAssembly() throws IOException {
        StackOptions options = StackOptions.defaults();
        String first = key(options);
        assertThat(key(options)).isEqualTo(first);
        assertThat(key(options.withLeaseMarginSeconds(5))).isNotEqualTo(first);
        assertThat(key(options.withContext("stage", "b"))).isNotEqualTo(first);
        Files.writeString(folder.resolve("statemachine/pairwise-batch.asl.json"), "{}");
        assertThat(key(options)).isNotEqualTo(first);
    }

    @Test
    void whatIsDecidedAtEachStartMakesNone() {
        StackOptions options = StackOptions.defaults();
        assertThat(key(options.withSimulatorArguments("--seed", "2").withWaitScale(0)))
                .isEqualTo(key(options));
    }

    private String key(StackOptions options) {
        return new Synthesis(new Project(folder), text -> {}).key(options);
    }
}
