package io.pairbatch.step;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.JobsRegistry;
import java.io.IOException;

/// Writes `jobs_registry.csv` as the registry stands, where the job wants it.
public final class RegistryFile {

    private final SegmentRegistry segments;

    public RegistryFile(SegmentRegistry segments) {
        this.segments = segments;
    }

    public void write(OpenJob job) throws IOException {
        if (job.resolved().spec().writeRegistry()) {
            JobsRegistry.write(
                    job.store(),
                    segments.all(job.id()).stream().map(RegistryFile::line).toList());
        }
    }

    private static JobsRegistry.Line line(SegmentItem s) {
        return new JobsRegistry.Line(
                s.index(), s.provider(), s.model(), s.batchId(), s.state().isFinal());
    }
}
