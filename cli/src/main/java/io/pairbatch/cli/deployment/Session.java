package io.pairbatch.cli.deployment;

import io.pairbatch.cli.job.Bucket;
import io.pairbatch.cli.job.JobSource;
import io.pairbatch.cli.job.Pacing;

/// An open connection to a deployment.
public record Session(Deployment deployment, JobSource jobs, Bucket bucket, Pacing pacing, Runnable closing)
        implements AutoCloseable {

    @Override
    public void close() {
        closing.run();
    }
}
