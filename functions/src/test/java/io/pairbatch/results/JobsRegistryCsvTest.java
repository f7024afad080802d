package io.pairbatch.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.results.JobsRegistryCsv.Line;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.store.S3JobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobsRegistryCsvTest {

    private final MemoryBuckets buckets = new MemoryBuckets(Clock.systemUTC(), "bucket");
    private final S3JobStore store = new S3JobStore(buckets, "bucket", "job");

    @Test
    void theFileGainsAVersionOnlyWhenALineChanges() throws IOException {
        Line open = new Line(1, "openai", "gpt-4.1", "batch_a", false);
        JobsRegistryCsv.write(store, List.of(open));
        JobsRegistryCsv.write(store, List.of(open));
        assertThat(versions()).isEqualTo(1);

        // As long as before.
        JobsRegistryCsv.write(store, List.of(new Line(1, "openai", "gpt-4.1", "batch_b", false)));
        assertThat(versions()).isEqualTo(2);
        JobsRegistryCsv.write(store, List.of(new Line(1, "openai", "gpt-4.1", "batch_b", true)));
        assertThat(versions()).isEqualTo(3);
        assertThat(new String(
                        buckets.bytes("bucket", "jobs/job/jobs_registry.csv").orElseThrow(), StandardCharsets.UTF_8))
                .contains("batch_b", "TRUE");
    }

    private int versions() {
        return buckets.listObjectVersions(r -> r.bucket("bucket").prefix("jobs/"))
                .versions()
                .size();
    }
}
