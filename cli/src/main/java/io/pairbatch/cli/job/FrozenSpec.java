package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// A job's specification as it holds now: its frozen `job.json` and what was changed later.
public final class FrozenSpec {

    private FrozenSpec() {}

    /// Reads it; empty where the job was never frozen.
    public static Optional<JobSpec> of(Bucket bucket, String jobId) throws IOException {
        String folder = ResultFiles.prefix(jobId);
        try (InputStream frozen = bucket.open(folder + JobFiles.JOB, null).orElse(null);
                InputStream policy = bucket.open(folder + JobFiles.POLICY, null).orElse(null)) {
            return frozen == null
                    ? Optional.empty()
                    : Optional.of(
                            ResolvedJob.read(frozen, policy, Providers::options).spec());
        }
    }
}
