package io.pairbatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.deployment.Deployed;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.job.Jobs;
import io.pairbatch.cli.job.MemoryBucket;
import io.pairbatch.registry.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FaultTextTest {

    private static final Path FAULTS = Path.of("src/test/resources/faults");

    /// Each folder is a case named after the job's state, with `error.json` (or the registry's message) and what is
    /// printed at 80 columns.
    @TestFactory
    Stream<DynamicTest> printsWhatAStrangerNeeds() throws IOException {
        try (Stream<Path> folders = Files.list(FAULTS)) {
            return folders.sorted().toList().stream()
                    .map(folder -> DynamicTest.dynamicTest(String.valueOf(folder.getFileName()), () -> check(folder)));
        }
    }

    private static void check(Path folder) throws IOException {
        JobState state = JobState.valueOf(
                String.valueOf(folder.getFileName()).replaceFirst("\\..*", "").toUpperCase(java.util.Locale.ROOT));
        MemoryBucket bucket = new MemoryBucket();
        if (Files.exists(folder.resolve("error.json"))) {
            bucket.put("jobs/" + Jobs.ID + "/error.json", Files.readString(folder.resolve("error.json")));
        }
        boolean failed = state == JobState.FAILED;
        Job job = Jobs.with(
                Jobs.in(state),
                190,
                0,
                failed ? "STALLED" : null,
                failed ? "STALLED: the provider: found no answer for 24 hours; expected one" : null);

        List<String> lines = FaultText.of(job, JobFault.read(bucket, job), Deployed.STACK, 80);

        Path expected = folder.resolve("printed.txt");
        if ("write".equals(System.getProperty("pictures"))) {
            Files.writeString(expected, String.join("\n", lines) + "\n");
        }
        assertThat(String.join("\n", lines) + "\n").isEqualTo(Files.readString(expected));
    }
}
