package io.pairbatch.forget;

import io.pairbatch.claim.Contents;
import io.pairbatch.claim.Identities;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.reconcile.Reconciler;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.DeletionRegistry.DeletingJob;
import io.pairbatch.registry.DeletionRegistry.Page;
import io.pairbatch.registry.DeletionRegistry.Phase;
import io.pairbatch.registry.DeletionRegistry.Removed;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.step.DeletionMark;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// Deletes a job: its data at the provider, every version of its objects and of the dropped files, and its items in the
/// registry. Each call works for a limited time and returns whether to call again; after an interruption, the next call
/// continues. It completes only when no function that was unaware of the deletion can still be writing. The JOB item is
/// deleted last; until then its state DELETING keeps out executions and drops.
public final class DeleteStep {

    private static final Duration NEEDED = Duration.ofSeconds(5);

    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final DeletionRegistry deletion;
    private final JobOpener jobs;
    private final S3Client s3;
    private final String bucket;
    private final ProviderErasure provider;
    private final Description description;
    private final Predicate<String> alive;
    private final Duration lateWrites;
    private final Clock clock;

    /// @param alive whether the execution with this ARN is running
    /// @param lateWrites how long after its job was taken away a function may still write
    public DeleteStep(
            JobRegistry registry,
            SegmentRegistry segments,
            DeletionRegistry deletion,
            JobOpener jobs,
            S3Client s3,
            String bucket,
            Reconciler reconciler,
            Predicate<String> alive,
            Duration lateWrites,
            Clock clock) {
        this.registry = registry;
        this.segments = segments;
        this.deletion = deletion;
        this.jobs = jobs;
        this.s3 = s3;
        this.bucket = bucket;
        this.provider = new ProviderErasure(segments, deletion, reconciler, jobs::keeping, clock);
        this.description = new Description(deletion, jobs);
        this.alive = alive;
        this.lateWrites = lateWrites;
        this.clock = clock;
    }

    /// The result of a call.
    public sealed interface Answer {

        /// There is no such job.
        record Unknown() implements Answer {}

        /// The job cannot be deleted in its current state; this call changed nothing.
        record Refused(String message, String remedy) implements Answer {}

        /// To be called again.
        ///
        /// @param seconds how long to wait before that
        record Again(String why, int seconds, DeletingJob job) implements Answer {}

        /// The jobs of its judges are to be deleted first, each as any other job.
        ///
        /// @param ids at least one
        record Judges(List<String> ids, DeletingJob job) implements Answer {}

        /// Only the registry's items are left; they record what happened to the provider's files and batches.
        record Removable(DeletingJob job) implements Answer {}

        /// The job no longer exists.
        record Done(DeletingJob job) implements Answer {}
    }

    /// Continues the deletion up to the registry's items, which stay so that they can be read.
    ///
    /// @param cancel whether to cancel running batches and fence the execution that runs the job
    /// @param skipProvider whether to leave the provider's data alone
    /// @param soon when to return, so that the caller can show progress
    /// @param end when the function ends; a call to the provider may last until then
    public Answer delete(String jobId, boolean cancel, boolean skipProvider, Deadline soon, Deadline end)
            throws IOException {
        Optional<DeletingJob> found = deletion.find(jobId);
        if (found.isEmpty()) {
            return new Answer.Unknown();
        }
        DeletingJob job = found.get();
        if (job.state() != JobState.DELETING) {
            Answer.Refused refused = ofJudge(jobId);
            if (refused == null && !cancel) {
                refused = refusal(job);
            }
            if (refused != null) {
                return refused;
            }
            Optional<DeletingJob> begun = deletion.begin(job, quietFrom(job));
            if (begun.isEmpty()) {
                return new Answer.Again("the job changed in the meantime", 1, job);
            }
            job = begun.get();
        }
        if (job.phase() == Phase.PROVIDER) {
            DeletionMark.write(jobs.store(jobId));
        }
        if (job.deleted() == null && job.phase() == Phase.PROVIDER) {
            job = deletion.describe(job, description.of(jobId));
        }
        if (isAlive(job.previousOwner())) {
            // Its functions may still write; each stops the next time it reads the registry.
            return new Answer.Again("the job's execution is ending", 3, job);
        }
        List<String> judges = judges(jobId);
        if (!judges.isEmpty()) {
            return new Answer.Judges(judges, job);
        }
        return switch (job.phase()) {
            case PROVIDER -> atProvider(job, skipProvider, soon, end);
            case OBJECTS -> objects(job, soon);
            case REGISTRY -> new Answer.Removable(job);
        };
    }

    /// The jobs of its judges that are still there.
    private List<String> judges(String jobId) {
        return registry.find(jobId).map(JobItem::judgeJobs).orElse(List.of()).stream()
                .filter(judge -> registry.find(judge).isPresent())
                .toList();
    }

    /// A page of the registry's items.
    ///
    /// @param after the last item of the previous page; null for the first page
    public Page read(String jobId, @Nullable String after) {
        return deletion.page(jobId, after);
    }

    /// Deletes the registry's items, the JOB item last.
    public Answer finish(String jobId, Deadline deadline) throws IOException {
        Optional<DeletingJob> found = deletion.find(jobId);
        if (found.isEmpty()) {
            return new Answer.Unknown();
        }
        DeletingJob job = found.get();
        if (job.state() != JobState.DELETING || job.phase() != Phase.REGISTRY) {
            return new Answer.Refused("Parts of the job are not removed yet.", "Call delete first.");
        }
        int removed = -1;
        while (removed != 0) {
            if (!deadline.allows(NEEDED)) {
                return new Answer.Again("removing the registry's items", 0, job);
            }
            removed = deletion.removeItems(jobId);
            job = count(job, 0, 0, 0, 0, 0, removed);
            deletion.save(job);
        }
        for (String claim : claims(jobId)) {
            if (!new Versions(s3, bucket).remove(claim, v -> true, m -> true, deadline, (objects, markers) -> {})) {
                return new Answer.Again("removing the job's claims", 0, job);
            }
        }
        deletion.finish(job);
        return new Answer.Done(count(job, 0, 0, 0, 0, 0, 1));
    }

    /// The keys of the objects that name the job as the one for its table, and for its content.
    private List<String> claims(String jobId) throws IOException {
        List<String> claims = new ArrayList<>();
        JobItem item = registry.find(jobId).orElseThrow();
        String judged = item.judged();
        if (judged != null
                && Identities.holder(s3, bucket, judged).filter(jobId::equals).isPresent()) {
            claims.add(Identities.key(judged));
        }
        String content = item.contentClaim();
        if (content != null
                && Contents.holder(s3, bucket, content).filter(jobId::equals).isPresent()) {
            claims.add(Contents.key(content));
        }
        return claims;
    }

    /// From this time on, no function that started for the job can still be writing: a running function does not notice
    /// at once that the job was taken away. The last function of an ended job was called before the job ended.
    private Instant quietFrom(DeletingJob job) {
        Instant lastWork = job.state().active() || job.updatedAt() == null ? clock.instant() : job.updatedAt();
        return lastWork.plus(lateWrites);
    }

    private boolean isAlive(String owner) {
        return owner.startsWith("arn:") && alive.test(owner);
    }

    /// The job of a judge goes with the job that has the judges, which would have it begin again.
    private Answer.@Nullable Refused ofJudge(String jobId) {
        String panel = registry.find(jobId).map(JobItem::panel).orElse(null);
        boolean kept = panel != null
                && registry.find(panel)
                        .filter(job -> job.state() != JobState.DELETING)
                        .isPresent();
        return kept
                ? new Answer.Refused(
                        "Job " + jobId + " is that of one of the judges of job " + panel + ".",
                        "./pairbatch delete " + panel + " deletes it with those of the others.")
                : null;
    }

    private Answer.@Nullable Refused refusal(DeletingJob job) {
        for (String judge : judges(job.jobId())) {
            Answer.Refused refused = deletion.find(judge).map(this::refusal).orElse(null);
            if (refused != null) {
                return refused;
            }
        }
        if (job.state().active() && isAlive(job.owner())) {
            return new Answer.Refused(
                    "Job " + job.jobId() + " is running.",
                    "Let it end, or pass --cancel: its batches are stopped at the provider first, and what they have"
                            + " done by then is billed.");
        }
        List<SegmentItem> open = segments.all(job.jobId()).stream()
                .filter(s -> s.state() == SegmentState.SUBMITTED
                        || s.state() == SegmentState.SUBMITTING
                        || s.state() == SegmentState.IN_DOUBT)
                .toList();
        return open.isEmpty()
                ? null
                : new Answer.Refused(
                        "Job " + job.jobId() + " has " + open.size() + " batches that may still run at the provider.",
                        "Let it run to its end, or pass --cancel: they are stopped first, and what they have done by"
                                + " then is billed.");
    }

    private Answer atProvider(DeletingJob job, boolean skip, Deadline soon, Deadline end) throws IOException {
        ProviderErasure.Unfinished unfinished = null;
        if (skip) {
            provider.skip(job.jobId());
        } else if (!deletion.segments(job.jobId()).isEmpty()) {
            try {
                unfinished = askProvider(job, soon, end);
            } catch (JobRejectedException e) {
                return new Answer.Refused(
                        e.getMessage() == null ? "The provider cannot be reached." : e.getMessage(),
                        "Put a key that the provider accepts into the stack's secret, or pass --skip-provider: then its"
                                + " files and batches are left there and listed.");
            } catch (RetryableException e) {
                return new Answer.Again("the provider cannot be reached: " + e.getMessage(), 5, job);
            }
        }
        if (unfinished != null) {
            return new Answer.Again(unfinished.why(), unfinished.seconds(), job);
        }
        DeletingJob next = job.in(Phase.OBJECTS);
        deletion.save(next);
        return new Answer.Again("the provider has deleted what it can; the record says what it keeps", 0, next);
    }

    private ProviderErasure.@Nullable Unfinished askProvider(DeletingJob job, Deadline soon, Deadline end)
            throws IOException {
        ResolvedJob frozen = jobs.frozen(job.jobId())
                .orElseThrow(() -> new RetryableException("job.json of " + job.jobId() + " does not exist", null));
        Fence fence = new Fence(job.jobId(), job.owner(), job.epoch());
        OpenJob open = new OpenJob(fence, registry.find(job.jobId()).orElseThrow(), frozen, jobs.store(job.jobId()));
        return provider.run(open, jobs.account(open, end), soon);
    }

    private Answer objects(DeletingJob begun, Deadline deadline) {
        DeletingJob[] job = {begun};
        String prefix = "jobs/" + begun.jobId() + "/";
        Versions versions = new Versions(s3, bucket);
        boolean all = versions.remove(prefix, v -> true, m -> true, deadline, (objects, markers) -> {
            job[0] = count(job[0], objects, markers, 0, 0, 0, 0);
            deletion.save(job[0]);
        });
        if (!all || versions.anyUnder(prefix)) {
            return new Answer.Again("removing the job's objects", 0, job[0]);
        }
        job[0] = count(job[0], 0, 0, versions.abortUploads(prefix), 0, 0, 0);
        InboxPlan plan = InboxPlan.of(begun, deletion.others(begun, InboxPlan.place(begun)), versions);
        boolean inbox = plan.prefix().isEmpty()
                || versions.remove(plan.prefix(), plan.version(), plan.marker(), deadline, (objects, markers) -> {
                    job[0] = count(job[0], 0, 0, 0, objects, markers, 0);
                    deletion.save(job[0]);
                });
        if (!inbox) {
            return new Answer.Again("removing what was dropped", 0, job[0]);
        }
        Instant quiet = begun.quietFrom();
        if (quiet != null && clock.instant().isBefore(quiet)) {
            // Objects that appear before then are removed by later calls.
            long left = Duration.between(clock.instant(), quiet).toSeconds() + 1;
            return new Answer.Again(
                    "all that is there is removed; waiting until " + quiet.truncatedTo(ChronoUnit.SECONDS)
                            + ": a function that began before the deletion may still write, and that is removed then",
                    (int) Math.min(left, 30),
                    job[0]);
        }
        List<String> judges = judges(begun.jobId());
        if (!judges.isEmpty()) {
            // A function that began before the deletion has let one begin.
            return new Answer.Judges(judges, job[0]);
        }
        DeletingJob next = job[0].with(job[0].removed(), plan.kept()).in(Phase.REGISTRY);
        deletion.save(next);
        return new Answer.Removable(next);
    }

    private static DeletingJob count(
            DeletingJob job, long versions, long markers, long uploads, long inbox, long inboxMarkers, long items) {
        Removed r = job.removed();
        return job.with(
                new Removed(
                        r.versions() + versions,
                        r.markers() + markers,
                        r.uploads() + uploads,
                        r.inboxVersions() + inbox,
                        r.inboxMarkers() + inboxMarkers,
                        r.items() + items),
                job.inboxKept());
    }
}
