package io.pairbatch.submit;

import io.pairbatch.preflight.Preflight;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.PreflightOutcome;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Stop;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The step that sends: what others have made is taken over, then the preflight, then as many batches as there is room
/// and time for.
public final class SubmitStep {

    private final Preflight preflight;
    private final Submitter submitter;
    private final Adopter adopter;
    private final RegistryFile registryFile;
    private final SegmentRegistry segments;

    public SubmitStep(
            Preflight preflight,
            Submitter submitter,
            RegistryFile registryFile,
            SegmentRegistry segments,
            Clock clock) {
        this.preflight = preflight;
        this.submitter = submitter;
        this.adopter = new Adopter(segments, clock);
        this.registryFile = registryFile;
        this.segments = segments;
    }

    /// What comes next.
    ///
    /// @param again whether there is more that could be sent at once
    /// @param preflight the result of the preflight, if this call made or resolved it
    /// @param stop why the job cannot continue
    /// @param sent the segments that have a batch since this call; empty unless the job is `verbose`
    public record Result(
            boolean again,
            @Nullable PreflightOutcome preflight,
            @Nullable Stop stop,
            List<SegmentItem> sent) {

        Result(boolean again, @Nullable PreflightOutcome preflight, @Nullable Stop stop) {
            this(again, preflight, stop, List.of());
        }
    }

    /// Sends what can be sent.
    ///
    /// @throws FencedException if the job is no longer ours, or not RUNNING
    public Result run(OpenJob job, Account account, Deadline deadline) throws IOException, FencedException {
        Adopter.Result adopted = adopter.adopt(job, account, deadline);
        if (adopted.again() || adopted.stop() != null) {
            return new Result(adopted.again(), null, adopted.stop());
        }
        if (job.item().cancelled()) {
            return submit(job, account, deadline, null);
        }
        return switch (preflight.check(job, account, deadline)) {
            case Preflight.Result.Stopped stopped -> new Result(false, null, stopped.why());
            case Preflight.Result.OutOfTime outOfTime -> new Result(true, null, null);
            case Preflight.Result.GoOn goOn -> submit(job, account, deadline, goOn.outcome());
        };
    }

    private Result submit(OpenJob job, Account account, Deadline deadline, @Nullable PreflightOutcome outcome)
            throws IOException {
        boolean verbose = job.resolved().spec().output().verbose();
        Set<Integer> before = verbose ? batches(job).keySet() : Set.of();
        SubmitReport report = submitter.submit(job, account, deadline);
        registryFile.write(job);
        boolean over = report.blocked() != null && !segments.anyOpen(job.id());
        Map<Integer, SegmentItem> sent = verbose ? batches(job) : new TreeMap<>();
        sent.keySet().removeAll(before);
        return new Result(report.outOfTime(), outcome, over ? report.blocked() : null, List.copyOf(sent.values()));
    }

    private Map<Integer, SegmentItem> batches(OpenJob job) {
        Map<Integer, SegmentItem> batches = new TreeMap<>();
        segments.all(job.id()).stream()
                .filter(segment -> segment.batchId() != null)
                .forEach(segment -> batches.put(segment.index(), segment));
        return batches;
    }
}
