package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/// R, Python and other programs that tests run, in a folder. Where one is not there, the test is skipped with a
/// message.
record Programs(Path folder) {

    private static final Path PYTHON = Path.of("../.pairbatch/tests/python/bin/python");

    String rscript() {
        assumeTrue(isOnPath("Rscript"), "skipped: no Rscript");
        return "Rscript";
    }

    /// A Python that has pandas.
    String pandas() throws Exception {
        boolean installed = Files.isExecutable(PYTHON);
        String python = installed ? PYTHON.toAbsolutePath().normalize().toString() : "python3";
        assumeTrue(installed || isOnPath(python), "skipped: no Python");
        assumeTrue(succeeds(python, "-c", "import pandas"), "skipped: " + python + " has no pandas");
        return python;
    }

    static boolean isOnPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator)).anyMatch(f -> Files.isExecutable(Path.of(f, program)));
    }

    boolean succeeds(String... command) throws Exception {
        return process(Files.createTempFile("said", ".txt"), command).waitFor() == 0;
    }

    /// What a program says that succeeds.
    String run(String... command) throws Exception {
        Path said = Files.createTempFile("said", ".txt");
        int code = process(said, command).waitFor();
        String text = Files.readString(said);
        assertThat(code).as(text).isZero();
        return text;
    }

    private Process process(Path said, String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }
}
