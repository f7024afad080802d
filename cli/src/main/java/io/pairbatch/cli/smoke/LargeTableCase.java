package io.pairbatch.cli.smoke;

import io.pairbatch.cli.job.Job;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A table that is uploaded in parts, of which a sample is judged.
final class LargeTableCase implements Case {

    private static final int ROWS = 2_200;
    /// So the table is larger than what `run` uploads as a whole, which is 128 MiB.
    private static final int NOTE = 64_000;
    private static final SmokeJob.Size SIZE = new SmokeJob.Size(ROWS, 10, 2);

    @Override
    public String name() {
        return "large-table";
    }

    @Override
    public String shows() {
        return "a table of 141 MB is uploaded in parts and read; 10 of its pairs are judged";
    }

    @Override
    public SmokeJob prepare(Bench bench) throws IOException {
        Map<String, String> fields = new TreeMap<>(Tables.fields(5));
        fields.put("limit", "10");
        return SmokeJob.of(bench, name(), name(), Tables.write(bench, name(), ROWS, NOTE), null, fields, SIZE);
    }

    @Override
    public String check(SmokeJob job) throws IOException, InterruptedException {
        Job done = job.await();
        String rows = job.conserved(done).files().line();
        job.sentOnce(done);
        String key = Objects.requireNonNull(done.sourceKey());
        int parts = job.bench().workings().stored(key).parts();
        if (parts < 2) {
            throw Bench.failed(
                    "The table was not uploaded in parts.",
                    "Look at the ETag of s3://" + job.bench().session().bucket().name() + "/" + key + ".");
        }
        return rows + ", uploaded in " + parts + " parts";
    }
}
