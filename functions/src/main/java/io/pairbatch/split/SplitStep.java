package io.pairbatch.split;

import io.pairbatch.claim.Claimer;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.JobRejectedException;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Sample;
import io.pairbatch.job.Segment;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.step.Jobs;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Stop;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The first step: claims a job, freezes its specification, and writes and registers all its segments.
public final class SplitStep {

    /// Between the last segment's end and the function's: time to answer.
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Claimer claimer;
    private final Jobs jobs;
    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final Restoration restoration;

    public SplitStep(
            Claimer claimer, Jobs jobs, JobRegistry registry, SegmentRegistry segments, Restoration restoration) {
        this.claimer = claimer;
        this.jobs = jobs;
        this.registry = registry;
        this.segments = segments;
        this.restoration = restoration;
    }

    /// What came of one call.
    public sealed interface Result {

        /// Nothing to do here.
        record Quiet(String why) implements Result {}

        /// Every segment is registered.
        record Split(OpenJob job) implements Result {}

        /// Time was up; the next call goes on from the cursor.
        record Paused(OpenJob job, SplitCursor cursor) implements Result {}

        /// The job is ours and cannot be done.
        record Stopped(Fence fence, Stop why) implements Result {}
    }

    /// Begins with an object that was created in the inbox.
    public Result begin(String bucket, String key, String owner, io.pairbatch.time.Deadline deadline)
            throws IOException, FencedException {
        return switch (claimer.claim(bucket, key, owner)) {
            case Claimer.Outcome.Quiet quiet -> new Result.Quiet(quiet.why());
            case Claimer.Outcome.Rejected rejected -> new Result.Stopped(rejected.fence(), Stop.of(rejected.why()));
            case Claimer.Outcome.Done done -> more(done.item(), done.resolved(), owner, deadline);
            case Claimer.Outcome.Mine mine -> {
                freeze(jobs.store(mine.fence().jobId()), mine.resolved());
                yield goOn(mine.fence(), null, deadline);
            }
        };
    }

    /// Takes a job over as its `epoch`-th owner. One that the registry has lost, but whose frozen specification is
    /// there, is claimed anew.
    public Result takeOver(String jobId, long epoch, String owner, io.pairbatch.time.Deadline deadline)
            throws IOException, FencedException {
        Optional<ResolvedJob> forgotten = registry.find(jobId).isPresent() ? Optional.empty() : jobs.frozen(jobId);
        Claim claim =
                forgotten.isPresent() ? claimer.claim(forgotten.get(), owner) : registry.take(jobId, owner, epoch);
        return switch (claim) {
            case Claim.Mine mine -> goOn(new Fence(jobId, owner, mine.job().epoch()), null, deadline);
            case Claim.Taken taken -> new Result.Quiet("another execution does the job");
            case Claim.Finished finished -> new Result.Quiet("the job is done already");
        };
    }

    /// The same files with a larger limit: the finished job goes on with the rows that it lacks.
    private Result more(JobItem done, ResolvedJob dropped, String owner, io.pairbatch.time.Deadline deadline)
            throws IOException, FencedException {
        Integer wanted = dropped.spec().sample().limit();
        return extend(done, done.epoch() + 1, owner, wanted == null ? Sample.EVERY_ROW : wanted, deadline);
    }

    /// Judges more rows of a finished job, as its `epoch`-th owner.
    ///
    /// @param limit how many in all; 0 for every one
    public Result judgeMore(String jobId, long epoch, String owner, int limit, io.pairbatch.time.Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> item = registry.find(jobId);
        return item.isEmpty()
                ? new Result.Quiet("there is no such job")
                : extend(item.get(), epoch, owner, limit, deadline);
    }

    private Result extend(JobItem item, long epoch, String owner, int limit, io.pairbatch.time.Deadline deadline)
            throws IOException, FencedException {
        String jobId = item.jobId();
        JobStore store = jobs.store(jobId);
        List<Integer> mirrored = Mirror.limits(store);
        // A registry that was set back has forgotten a growth: that one comes first.
        boolean behind = mirrored.size() > item.limits().size();
        int wanted = behind ? mirrored.getLast() : limit;
        boolean mine = item.owner().equals(owner)
                && !item.limits().isEmpty()
                && item.limits().getLast() == wanted;
        Optional<ResolvedJob> frozen = jobs.frozen(jobId);
        if (!mine && (frozen.isEmpty() || !frozen.get().spec().sample().isRaisedBy(wanted, item.limits()))) {
            return new Result.Quiet("the job is done already");
        }
        if (!mine && !isThere(frozen.get())) {
            return new Result.Quiet("its table is gone: what has been judged stays as it is");
        }
        return switch (mine ? new Claim.Mine(item) : registry.extend(jobId, owner, epoch, wanted)) {
            case Claim.Mine taken -> goOn(new Fence(jobId, owner, taken.job().epoch()), null, deadline);
            case Claim.Taken taken -> new Result.Quiet("another execution does the job");
            case Claim.Finished finished -> new Result.Quiet("the job is done already");
        };
    }

    private boolean isThere(ResolvedJob job) throws IOException {
        try (InputStream in = jobs.openSource(job.source(), 0)) {
            return in.available() >= 0;
        } catch (JobRejectedException e) {
            return false;
        }
    }

    private static void freeze(JobStore store, ResolvedJob resolved) throws IOException {
        if (store.size(JobFiles.JOB) >= 0) {
            return;
        }
        try (Draft draft = store.create(JobFiles.JOB)) {
            resolved.write(draft);
            draft.commit();
        }
    }

    /// Goes on with a claimed job.
    ///
    /// @param cursor where the call before paused; null from the start
    public Result goOn(Fence fence, @Nullable SplitCursor cursor, io.pairbatch.time.Deadline deadline)
            throws IOException, FencedException {
        OpenJob job = opened(fence, cursor == null);
        try {
            if (job.item().splitDone()) {
                registry.move(fence, JobState.RUNNING);
                return restored(job);
            }
            Parts parts = Parts.of(
                    job.resolved().spec(), job.item().limits(), job.item().sampleOf());
            SplitCursor from = cursor == null ? start(job.item()) : cursor;
            if (cursor == null) {
                registry.move(fence, JobState.SPLITTING);
            }
            Splitter splitter =
                    new Splitter(job.resolved(), input(job.resolved()), job.store(), jobs.format(job), parts);
            return record(
                    job,
                    splitter.run(
                            from,
                            new Deadline(deadline.clock(), deadline.end().minus(MARGIN)),
                            new Registration(job, from.totals().accepted())));
        } catch (JobRejectedException e) {
            return new Result.Stopped(fence, Stop.of(e));
        } catch (Fenced e) {
            throw e.cause;
        }
    }

    /// The job with all its limits: a registry that was lost learns them from its mirror.
    private OpenJob opened(Fence fence, boolean begins) throws IOException, FencedException {
        OpenJob job = jobs.open(fence);
        List<Integer> limits = begins ? Mirror.limits(job.store()) : List.of();
        if (begins && limits.size() < job.item().limits().size()) {
            Mirror.limits(job.store(), job.item().limits());
        }
        if (limits.size() <= job.item().limits().size()) {
            return job;
        }
        registry.restoreLimits(fence, limits);
        return jobs.open(fence);
    }

    /// The segments of earlier parts are there already, unless the registry was lost.
    private static SplitCursor start(JobItem item) {
        return item.segmentsBefore() == 0
                ? SplitCursor.START
                : SplitCursor.startOf(item.limits().size(), item.segmentsBefore());
    }

    private Result record(OpenJob job, SplitResult result) throws IOException, FencedException {
        return switch (result) {
            case SplitResult.Paused paused -> new Result.Paused(job, paused.cursor());
            case SplitResult.Done done -> {
                SplitTotals totals = done.totals();
                registry.splitProgress(
                        job.fence(), totals.rows(), totals.accepted(), totals.rejected(), totals.segments(), true);
                yield restored(job);
            }
        };
    }

    /// Every segment is registered; before any is submitted the registry learns what only its mirror still knows.
    private Result restored(OpenJob job) throws IOException {
        restoration.restore(job);
        return new Result.Split(job);
    }

    private InputFile input(ResolvedJob resolved) {
        ResolvedJob.Source source = resolved.source();
        return new InputFile(source.name(), source.size(), offset -> jobs.openSource(source, offset));
    }

    /// Registers each written segment and shows how far the split has come.
    private final class Registration implements Consumer<Segment> {

        private final OpenJob job;
        private long accepted;

        Registration(OpenJob job, long accepted) {
            this.job = job;
            this.accepted = accepted;
        }

        @Override
        public void accept(Segment segment) {
            String provider = job.resolved().spec().backend().code();
            segments.register(job.id(), segment, provider, job.resolved().spec().model());
            accepted += segment.rows();
            try {
                registry.splitProgress(
                        job.fence(), segment.lastRow(), accepted, rejected(segment), segment.index(), false);
            } catch (FencedException e) {
                throw new Fenced(e);
            }
        }

        /// Between the rows of a sample there are others than rejected ones; how many, its end tells.
        private long rejected(Segment segment) {
            return job.resolved().spec().sample().limit() == null
                    ? segment.lastRow() - accepted
                    : job.item().rowsRejected();
        }
    }

    /// Carries the checked exception through the splitter.
    private static final class Fenced extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final FencedException cause;

        Fenced(FencedException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
