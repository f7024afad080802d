package io.pairbatch.cli.smoke;

import io.pairbatch.cli.job.Job;
import io.pairbatch.job.JobFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// The example's pairs, from the drop to results that add up.
final class ExampleCase implements Case {

    private static final SmokeJob.Size SIZE = new SmokeJob.Size(190, 190, 4);

    @Override
    public String name() {
        return "job";
    }

    @Override
    public String shows() {
        return "the example's 190 pairs are judged in 4 batches, and every row is in one result file";
    }

    @Override
    public SmokeJob prepare(Bench bench) throws IOException {
        Path essays = bench.home().resolve("examples/essays");
        return SmokeJob.of(
                bench, name(), name(), essays.resolve("pairs.csv"), essays.resolve(JobFiles.JOB), Map.of(), SIZE);
    }

    @Override
    public String check(SmokeJob job) throws IOException, InterruptedException {
        Job done = job.await();
        String rows = job.conserved(done).files().line();
        job.sentOnce(done);
        return rows + ", one batch for each segment";
    }
}
