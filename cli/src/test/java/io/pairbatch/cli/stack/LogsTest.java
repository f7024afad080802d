package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {

    @TempDir
    private Path folder;

    @Test
    void aFailureShowsOnlyWhatWasLoggedSinceTheStart() throws IOException {
        Path log = folder.resolve("simulator.log");
        assertThat(Logs.size(log)).isZero();
        Files.writeString(log, "listening on http://127.0.0.1:1\n");
        long before = Logs.size(log);
        Files.writeString(log, "no file mine.jsonl\n", StandardOpenOption.APPEND);

        assertThat(Logs.failure("It did not start.", log, before))
                .hasMessage("It did not start.\n  no file mine.jsonl");
        assertThat(Logs.failure("It did not start.", log).getMessage()).contains("listening");
    }
}
