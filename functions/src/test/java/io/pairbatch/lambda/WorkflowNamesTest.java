package io.pairbatch.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.job.RetryableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What the workflow's definition calls by name.
class WorkflowNamesTest {

    /// An execution that began before an upgrade goes on with the definition of then.
    @Test
    void anOutageHasTheNameThatItAlwaysHad() throws IOException {
        assertThat(RetryableException.class.getName()).isEqualTo("io.pairbatch.job.RetryableException");
        assertThat(Files.readString(Path.of("../statemachine/pairwise-batch.asl.json")))
                .contains("\"" + RetryableException.class.getName() + "\"");
    }
}
