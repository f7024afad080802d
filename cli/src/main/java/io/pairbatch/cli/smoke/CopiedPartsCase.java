package io.pairbatch.cli.smoke;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.ResultFiles;
import io.pairbatch.job.JobFiles;
import java.io.IOException;

/// Segments whose results are so large that the merge has S3 copy them as parts of an upload. S3 refuses a part of less
/// than 5 MiB that is not the last, and one that is named without its checksum; emulators do not.
final class CopiedPartsCase implements Case {

    static final String NAME = "copied-parts";

    private static final int ROWS = 16;
    private static final int PER_SEGMENT = 8;
    /// Sixteen MB a segment: the first 5 MiB follow the header, and what is left is more than a part.
    private static final int NOTE = 2_000_000;
    /// With fewer winners a segment's results may be too small.
    private static final int WINNERS = ROWS - 2;

    private static final SmokeJob.Size SIZE = new SmokeJob.Size(ROWS, ROWS, ROWS / PER_SEGMENT);
    private static final int PARTS = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String shows() {
        return "results of 32 MB are merged by copying parts within S3, with a checksum";
    }

    /// The job that another case works with, too.
    ///
    /// @param label of the case
    static SmokeJob job(Bench bench, String label) throws IOException {
        return SmokeJob.of(
                bench, label, NAME, Tables.write(bench, NAME, ROWS, NOTE), null, Tables.fields(PER_SEGMENT), SIZE);
    }

    @Override
    public SmokeJob prepare(Bench bench) throws IOException {
        return job(bench, NAME);
    }

    @Override
    public String check(SmokeJob job) throws IOException, InterruptedException {
        Job done = job.await();
        long winners = job.conserved(done).files().observed();
        job.sentOnce(done);
        if (winners < WINNERS) {
            throw new SkippedException(
                    "Only " + winners + " of " + ROWS + " pairs have a winner, so the results are too small for parts.",
                    "Try another model, or another --run.");
        }
        String key = ResultFiles.prefix(done.id()) + JobFiles.COMBINED;
        Workings.Stored stored = job.bench().workings().stored(key);
        // The embedded emulator keeps none.
        boolean unknown = stored.checksum().isEmpty()
                && job.bench().session().deployment().embedded();
        if (stored.parts() < PARTS || (stored.checksum().isEmpty() && !unknown)) {
            throw Bench.failed(
                    "The merged file has " + stored.parts() + " parts (at least " + PARTS + " were expected) and "
                            + (stored.checksum().isEmpty() ? "no" : "a") + " checksum.",
                    "Look at s3://" + job.bench().session().bucket().name() + "/" + key + ".");
        }
        return ROWS + " rows, merged of " + stored.parts() + " parts, "
                + (unknown ? "of which the emulator keeps no checksum" : "with a checksum");
    }
}
