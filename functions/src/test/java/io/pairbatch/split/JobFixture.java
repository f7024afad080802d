package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The one place where tests create a job: a small OpenAI job, with the fields that a test changes.
public final class JobFixture {

    private static final String SMALL = """
            {"model": "gpt-4.1", "trait_name": "T", "trait_description": "D",
             "prompt_template": "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} {SAMPLE_2}"}
            """;

    private JobFixture() {}

    /// A specification.
    ///
    /// @param fields JSON such as `"batch_size": 2, "run": 3`, or empty
    public static JobSpec spec(String fields) throws IOException {
        return StandardRules.reader().read(List.of(layer("{" + fields + "}"), layer(SMALL)), name -> Optional.empty());
    }

    /// A frozen job with such a specification; its table is `inbox/a/p.csv`.
    public static ResolvedJob resolved(String jobId, String fields) throws IOException {
        return new ResolvedJob(
                jobId, Instant.EPOCH, "0", new ResolvedJob.Source("b", "inbox/a/p.csv", "v", "e", 1), spec(fields));
    }

    private static SpecLayer layer(String json) throws IOException {
        return SpecLayer.parse("job.json", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
