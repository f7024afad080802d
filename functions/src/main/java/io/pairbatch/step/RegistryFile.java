package io.pairbatch.step;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.JobsRegistryCsv;
import java.io.IOException;
import java.util.List;

/// Writes `jobs_registry.csv` from the registry's current state, if the job wants it.
public final class RegistryFile {

    private final SegmentRegistry segments;

    public RegistryFile(SegmentRegistry segments) {
        this.segments = segments;
    }

    public void write(OpenJob job) throws IOException {
        if (job.resolved().spec().output().writeRegistry()) {
            write(job, segments.all(job.id()));
        }
    }

    /// The same for segments that have just been read.
    public void write(OpenJob job, List<SegmentItem> all) throws IOException {
        if (job.resolved().spec().output().writeRegistry()) {
            JobsRegistryCsv.write(
                    job.store(), all.stream().map(RegistryFile::line).toList());
        }
    }

    private static JobsRegistryCsv.Line line(SegmentItem s) {
        return new JobsRegistryCsv.Line(
                s.index(), s.provider(), s.model(), s.batchId(), s.state().isFinal());
    }
}
