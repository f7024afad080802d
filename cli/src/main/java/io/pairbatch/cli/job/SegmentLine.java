package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.SegmentRecord;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// What became of a segment of a job with `verbose`, for people.
///
/// @param judge whose segment it is, of a job of several judges; "" of any other job
/// @param text its state, pairs, provider, batch and input file; no text of the table
public record SegmentLine(int segment, String judge, String text) {

    /// One of a job of one model.
    public SegmentLine(int segment, String text) {
        this(segment, "", text);
    }

    /// The line of a segment, once something was sent for it or it is accounted for.
    static Optional<SegmentLine> of(JobRecord job, SegmentRecord segment) {
        String batch = segment.batchId();
        if (segment.state() == null || (batch == null && !segment.done())) {
            return Optional.empty();
        }
        return Optional.of(new SegmentLine(
                segment.index(),
                segment.state().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + segment.rows()
                        + (segment.rows() == 1 ? " pair, " : " pairs, ")
                        + Objects.requireNonNullElse(job.backend(), "unknown provider") + ", "
                        + (batch == null ? "no batch" : "batch " + batch) + ", " + JobFiles.input(segment.index())));
    }

    /// Which segment it is, at the beginning of a line.
    public String name() {
        return name(segment, judge);
    }

    static String name(int segment, String judge) {
        return "segment " + segment + (judge.isEmpty() ? "" : " (judge " + judge + ")");
    }
}
