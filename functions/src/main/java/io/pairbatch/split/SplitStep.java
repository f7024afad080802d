package io.pairbatch.split;

import io.pairbatch.claim.Claimer;
import io.pairbatch.claim.Contents;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.RetryableException;
import io.pairbatch.job.Segment;
import io.pairbatch.job.Version;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.FailureCause;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.Claim;
import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.results.RetryList;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.SpecChange;
import io.pairbatch.step.DeletionMark;
import io.pairbatch.step.ErrorFile;
import io.pairbatch.step.JobOpener;
import io.pairbatch.step.JudgeJobs;
import io.pairbatch.step.Mirror;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Reckoning;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Stop;
import io.pairbatch.step.TagRules;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The first step: claims a job, freezes its specification, and writes and registers all its segments.
public final class SplitStep {

    /// Reserve between the last segment's end and the function's: time to respond.
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final Result TAKEN = new Result.Quiet("another execution runs the job");
    private static final Result DONE = new Result.Quiet("the job is already done");

    private final Claimer claimer;
    private final Contents contents;
    private final JobOpener jobs;
    private final JobRegistry registry;
    private final SegmentRegistry segments;
    private final Restoration restoration;
    private final Reckoning reckoning;
    private final RetryRounds rounds;
    private final DeletionMark deletions;
    private final Clock clock;

    public SplitStep(
            Claimer claimer,
            Contents contents,
            JobOpener jobs,
            JobRegistry registry,
            SegmentRegistry segments,
            Restoration restoration,
            Reckoning reckoning,
            RetryRounds rounds,
            DeletionMark deletions,
            Clock clock) {
        this.claimer = claimer;
        this.contents = contents;
        this.jobs = jobs;
        this.registry = registry;
        this.segments = segments;
        this.restoration = restoration;
        this.reckoning = reckoning;
        this.rounds = rounds;
        this.deletions = deletions;
        this.clock = clock;
    }

    /// The result of one call.
    public sealed interface Result {

        /// Nothing to do here.
        record Quiet(String why) implements Result {}

        /// Every segment is registered.
        record Split(OpenJob job) implements Result {}

        /// The job has several judges: their jobs split the table.
        record Panel(OpenJob job) implements Result {}

        /// Time was up; the next call continues from the mark.
        record Paused(OpenJob job, ObjectNode mark) implements Result {}

        /// The job is ours, but it cannot be done.
        record Stopped(Fence fence, Stop why) implements Result {}
    }

    /// Starts with an object that was created in the inbox.
    public Result begin(String bucket, String key, String owner, Deadline deadline)
            throws IOException, FencedException {
        return switch (claimer.claim(bucket, key, owner)) {
            case Claimer.Outcome.Quiet quiet -> new Result.Quiet(quiet.why());
            case Claimer.Outcome.Rejected rejected ->
                new Result.Stopped(rejected.fence(), Stop.rejecting(rejected.why()));
            case Claimer.Outcome.Done done -> {
                Result more = more(done.item(), done.resolved(), owner, deadline);
                yield more instanceof Result.Quiet
                        ? withinAnotherLimit(done.item().jobId(), owner, more, deadline)
                        : more;
            }
            case Claimer.Outcome.Mine mine -> {
                if (!mine.frozen() && !jobs.freeze(mine.resolved())) {
                    // Another execution froze it meanwhile, maybe with other values: look again.
                    throw new RetryableException("the job was frozen by another execution", null);
                }
                yield goOn(mine.fence(), null, deadline);
            }
        };
    }

    /// Begins the job of one of several judges.
    ///
    /// @param panelId the job that has the judges
    /// @param number the judge's place among them, from 1
    public Result beginJudge(String panelId, int number, String owner, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> panel = registry.find(panelId);
        Optional<ResolvedJob> frozen = jobs.frozen(panelId);
        if (panel.isEmpty()
                || frozen.isEmpty()
                || panel.get().cancelled()
                || panel.get().state() == JobState.DELETING) {
            return new Result.Quiet("the job that has the judge does not go on");
        }
        ResolvedJob job = frozen.get().judges(Providers::options).get(number - 1);
        return switch (claimer.claim(job, owner)) {
            case Claim.Mine mine -> {
                jobs.freeze(job);
                yield goOn(new Fence(job.jobId(), owner, mine.job().epoch()), null, deadline);
            }
            case Claim.Taken taken -> TAKEN;
            case Claim.Finished finished -> DONE;
        };
    }

    /// Takes over a job as its `epoch`-th owner. A job that the registry has lost, but whose frozen specification
    /// exists, is claimed again.
    public Result takeOver(String jobId, long epoch, String owner, Deadline deadline)
            throws IOException, FencedException {
        Optional<ResolvedJob> forgotten = registry.find(jobId).isPresent() ? Optional.empty() : jobs.frozen(jobId);
        Claim claim = forgotten.isPresent()
                ? claimer.claim(forgotten.get(), owner)
                : registry.claims().take(jobId, owner, epoch);
        return switch (claim) {
            case Claim.Mine mine -> {
                Fence fence = new Fence(jobId, owner, mine.job().epoch());
                yield claimer.stopIfReplaced(fence)
                        ? new Result.Quiet("another job has taken its place")
                        : goOn(fence, null, deadline);
            }
            case Claim.Taken taken -> TAKEN;
            case Claim.Finished finished -> DONE;
        };
    }

    /// Takes over a job as its `epoch`-th owner, and rebuilds its registry: all its segments are registered again, and
    /// brought up to date with the copy in S3.
    public Result recover(String jobId, long epoch, String owner, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> found = registry.find(jobId);
        if (found.isEmpty()) {
            return takeOver(jobId, epoch, owner, deadline);
        }
        if (found.get().owner().equals(owner)) {
            return goOn(found.get(), deadline);
        }
        return switch (registry.claims().splitAgain(jobId, owner, epoch)) {
            case Claim.Mine mine -> {
                Fence fence = new Fence(jobId, owner, mine.job().epoch());
                yield claimer.stopIfReplaced(fence)
                        ? new Result.Quiet("another job has taken its place")
                        : goOn(fence, null, deadline);
            }
            case Claim.Taken taken -> TAKEN;
            case Claim.Finished finished -> DONE;
        };
    }

    /// The same files with a larger limit: the finished job continues with the rows that it lacks.
    private Result more(JobItem done, ResolvedJob dropped, String owner, Deadline deadline)
            throws IOException, FencedException {
        int wanted = dropped.spec().batching().sample().rows();
        return extend(done, done.epoch() + 1, owner, wanted, deadline);
    }

    /// The same files with another limit on their cost: the finished job continues with what it did not submit.
    ///
    /// @param otherwise the result where the limit is the one that its files tell
    private Result withinAnotherLimit(String jobId, String owner, Result otherwise, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> job = registry.find(jobId)
                .filter(item -> item.state() == JobState.DONE && item.costs().hasAnotherLimit());
        return job.isPresent()
                ? retry(jobId, job.get().epoch() + 1, owner, FailureCause.BUDGET_REACHED.code(), deadline)
                : otherwise;
    }

    /// Judges more rows of a finished job, as its `epoch`-th owner.
    ///
    /// @param limit how many in total; 0 for all
    public Result judgeMore(String jobId, long epoch, String owner, int limit, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> item = registry.find(jobId);
        return item.isEmpty()
                ? new Result.Quiet("there is no such job")
                : extend(item.get(), epoch, owner, limit, deadline);
    }

    private Result extend(JobItem item, long epoch, String owner, int limit, Deadline deadline)
            throws IOException, FencedException {
        String jobId = item.jobId();
        JobStore store = jobs.store(jobId);
        List<Integer> mirrored = Mirror.limits(store);
        // A registry that was restored to an older state has lost an extension: that one comes first.
        boolean behind = mirrored.size() > item.limits().size();
        int wanted = behind ? mirrored.getLast() : limit;
        boolean mine = item.owner().equals(owner)
                && !item.limits().isEmpty()
                && item.limits().getLast() == wanted;
        Optional<ResolvedJob> frozen = jobs.frozen(jobId);
        if (!mine
                && (frozen.isEmpty() || !frozen.get().spec().batching().sample().isRaisedBy(wanted, item.limits()))) {
            return DONE;
        }
        if (!mine && !jobs.isThere(frozen.get())) {
            String why = "its table is gone: the existing judgements stay as they are";
            registry.claims().notice(jobId, asked("a larger limit") + "not done, because " + why, true);
            return new Result.Quiet(why);
        }
        if (!mine && frozen.get().spec().isPanel()) {
            return ask(
                    item,
                    frozen.get(),
                    epoch,
                    owner,
                    wish("limit", Json.MAPPER.getNodeFactory().numberNode(wanted)),
                    wanted,
                    deadline);
        }
        forgetCancel(item, epoch);
        return goOn(
                mine ? new Claim.Mine(item) : registry.claims().extend(jobId, owner, epoch, wanted, last(jobId)),
                deadline);
    }

    /// Takes a finished job as its `epoch`-th owner, and has its answers read by other rules. Nothing is sent.
    ///
    /// @param rules the fields that change, as in a job file
    public Result readAgain(String jobId, long epoch, String owner, ObjectNode rules, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> found = registry.find(jobId);
        Optional<ResolvedJob> frozen = jobs.frozen(jobId);
        if (found.isEmpty() || frozen.isEmpty()) {
            return new Result.Quiet("there is no such job");
        }
        JobItem item = found.get();
        if (item.owner().equals(owner)) {
            return goOn(item, deadline);
        }
        if (item.state() != JobState.DONE) {
            return new Result.Quiet("the job is not done");
        }
        if (frozen.get().spec().isPanel()) {
            return ask(item, frozen.get(), epoch, owner, wish("reading", rules), null, deadline);
        }
        String asked = asked("reread");
        Optional<String> deleted = TagRules.deleted(jobs.store(jobId), segments.all(jobId));
        if (deleted.isPresent()) {
            String why = "not done, because " + deleted.get() + ", with answers, was deleted";
            registry.claims().notice(jobId, asked + why, true);
            return new Result.Quiet(why);
        }
        JobSpec wanted = JobSpecJson.readBy(frozen.get().spec(), rules, Providers::options);
        if (!registry.claims().entering(jobId)) {
            return new Result.Quiet("the job is being deleted");
        }
        // First the rules: whoever goes on with the job then reads by them.
        try (Draft draft = jobs.store(jobId).create(JobFiles.POLICY)) {
            draft.write(frozen.get().policy(wanted));
            draft.commit();
        }
        return switch (registry.claims().readAgain(jobId, owner, epoch)) {
            case Claim.Mine mine -> {
                registry.claims()
                        .notice(jobId, asked + SpecChange.inReading(frozen.get().spec(), wanted), false);
                yield goOn(new Fence(jobId, owner, mine.job().epoch()), null, deadline);
            }
            case Claim.Taken taken -> TAKEN;
            case Claim.Finished finished -> DONE;
        };
    }

    /// Takes a finished job as its `epoch`-th owner, and has the answers of some of its segments fetched once more.
    /// Nothing is sent.
    public Result collectAgain(String jobId, long epoch, String owner, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> found = registry.find(jobId);
        if (found.isEmpty()) {
            return new Result.Quiet("there is no such job");
        }
        if (found.get().owner().equals(owner)) {
            return goOn(found.get(), deadline);
        }
        Optional<ResolvedJob> panel = panel(jobId);
        if (panel.isPresent()) {
            return ask(found.get(), panel.get(), epoch, owner, null, null, deadline);
        }
        return goOn(registry.claims().readAgain(jobId, owner, epoch), deadline);
    }

    /// Takes a finished job as its `epoch`-th owner, and sends pairs without a winner again.
    ///
    /// @param codes their error codes and causes, separated by blanks
    public Result retry(String jobId, long epoch, String owner, String codes, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> found = registry.find(jobId);
        if (found.isEmpty()) {
            return new Result.Quiet("there is no such job");
        }
        JobItem item = found.get();
        if (item.owner().equals(owner)) {
            return goOn(item, deadline);
        }
        Optional<ResolvedJob> panel = panel(jobId);
        if (panel.isPresent()) {
            return ask(
                    item,
                    panel.get(),
                    epoch,
                    owner,
                    wish("retry", Json.MAPPER.getNodeFactory().stringNode(codes)),
                    null,
                    deadline);
        }
        forgetCancel(item, epoch);
        return goOn(registry.claims().retry(jobId, owner, epoch, codes, last(jobId)), deadline);
    }

    private Result goOn(Claim claim, Deadline deadline) throws IOException, FencedException {
        return switch (claim) {
            case Claim.Mine mine -> goOn(mine.job(), deadline);
            case Claim.Taken taken -> TAKEN;
            case Claim.Finished finished -> DONE;
        };
    }

    private Result goOn(JobItem mine, Deadline deadline) throws IOException, FencedException {
        return goOn(new Fence(mine.jobId(), mine.owner(), mine.epoch()), null, deadline);
    }

    private Optional<ResolvedJob> panel(String jobId) throws IOException {
        return jobs.frozen(jobId).filter(job -> job.spec().isPanel());
    }

    private static ObjectNode wish(String name, JsonNode value) {
        ObjectNode wish = Json.MAPPER.createObjectNode();
        wish.set(name, value);
        return wish;
    }

    /// Takes a finished job of several judges as its `epoch`-th owner, and has it ask the same of each of their jobs
    /// that is done and has something to do for it.
    ///
    /// @param wish null for nothing: what they have by now is merged again
    private Result ask(
            JobItem item,
            ResolvedJob panel,
            long epoch,
            String owner,
            @Nullable ObjectNode wish,
            @Nullable Integer limit,
            Deadline deadline)
            throws IOException, FencedException {
        String jobId = item.jobId();
        List<Integer> epochs = new JudgeJobs(registry).next(panel, judge -> wish != null && does(judge, panel, wish));
        forgetCancel(item, epoch);
        return goOn(
                registry.claims().askJudges(jobId, owner, epoch, epochs, wish == null ? null : wish.toString(), limit),
                deadline);
    }

    private static boolean does(JobItem judge, ResolvedJob panel, ObjectNode wish) {
        if (judge.state() != JobState.DONE) {
            return false;
        }
        if (wish.has("limit")) {
            return panel.spec()
                    .batching()
                    .sample()
                    .isRaisedBy(wish.path("limit").intValue(), judge.limits());
        }
        return wish.has("reading") || judge.failed() > 0;
    }

    /// A job that goes on is cancelled no more. A late or repeated call, which will not get it, leaves a later cancel
    /// alone.
    private void forgetCancel(JobItem item, long epoch) throws IOException {
        if (item.state() == JobState.DONE && item.epoch() + 1 == epoch) {
            jobs.store(item.jobId()).delete(JobFiles.CANCELLED);
            registry.claims().forgetCancelled(item.jobId());
        }
    }

    /// The last segment that the registry or a list knows: a table that was restored to an older state lacks some.
    private int last(String jobId) throws IOException {
        int[] last = {0};
        segments.all(jobId).forEach(segment -> last[0] = Math.max(last[0], segment.index()));
        RetryList.each(jobs.store(jobId), segment -> last[0] = Math.max(last[0], segment));
        return last[0];
    }

    private String asked(String wish) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS) + ", " + wish + ": ";
    }

    /// Only a job that grew has segments of its own for each limit.
    private static List<Integer> before(OpenJob job) throws IOException {
        return job.item().limits().isEmpty() ? List.of() : Mirror.segmentsBefore(job.store());
    }

    /// Continues a claimed job.
    ///
    /// @param mark where the previous call paused; null for the start
    public Result goOn(Fence fence, @Nullable JsonNode mark, Deadline deadline) throws IOException, FencedException {
        OpenJob job = opened(fence, mark == null);
        if (job.resolved().spec().isPanel()) {
            return new Result.Panel(job);
        }
        Parts parts =
                Parts.of(job.resolved().spec(), job.item().limits(), job.item().sampleOf(), before(job));
        try {
            SplitCursor from = cursor(job, mark);
            if (job.item().splitDone() || (from == null && !begins(job))) {
                return goOn(job, parts, deadline);
            }
            from = from == null ? start(job.item()) : from;
            Splitter splitter =
                    new Splitter(job.resolved(), input(job.resolved()), job.store(), jobs.format(job), parts);
            SplitResult result = splitter.run(from, deadline.earlier(MARGIN), new Registration(job, from));
            return switch (result) {
                case SplitResult.Paused paused ->
                    new Result.Paused(
                            job,
                            SplitMark.of(job.resolved().source(), paused.cursor())
                                    .toJson());
                case SplitResult.Done done -> ended(job, parts, done, deadline);
            };
        } catch (JobRejectedException e) {
            return new Result.Stopped(fence, Stop.of(e));
        } catch (Fenced e) {
            throw e.cause;
        }
    }

    /// Where to continue; null to start over: at the beginning, and after a partial split by another version.
    private static @Nullable SplitCursor cursor(OpenJob job, @Nullable JsonNode mark) {
        SplitMark made = mark == null ? null : SplitMark.fromJson(mark);
        return made != null && made.fits(job.resolved().source()) ? made.cursor() : null;
    }

    /// Starts the part that is not split yet. Segments of it that another version has registered are replaced one by
    /// one; that version's lists of rejected rows are emptied, because this version writes none if there is no such
    /// row.
    ///
    /// @return false if a call that was given up has reached the table's end in the meantime
    private boolean begins(OpenJob job) throws IOException, FencedException {
        if (job.item().splitDone()) {
            return false;
        }
        if (!Version.CURRENT.equals(job.item().splitVersion())
                && start(job.item()).part() == 0) {
            List<String> lists = new ArrayList<>();
            job.store().list("parts/batch_", name -> {
                if (name.endsWith(JobFiles.REJECTED_ROWS)) {
                    lists.add(name);
                }
            });
            for (String list : lists) {
                try (Draft draft = job.store().create(list)) {
                    draft.commit();
                }
            }
        }
        return registry.startSplitting(job.fence(), Version.CURRENT, perRow(job));
    }

    /// The job with all its limits: a lost registry restores them from its mirror.
    private OpenJob opened(Fence fence, boolean begins) throws IOException, FencedException {
        OpenJob job = jobs.open(fence);
        List<Integer> limits = begins ? Mirror.limits(job.store()) : List.of();
        if (begins && limits.size() < job.item().limits().size()) {
            Mirror.limits(job.store(), job.item().limits(), job.item().segmentsBefore());
        }
        if (limits.size() <= job.item().limits().size()) {
            return job;
        }
        registry.restoreLimits(fence, limits);
        return jobs.open(fence);
    }

    private static int perRow(OpenJob job) {
        return job.resolved().spec().batching().repetition().perPair();
    }

    /// The segments of earlier parts exist already, unless the registry was lost.
    private static SplitCursor start(JobItem item) {
        return item.segmentsBefore() == 0
                ? SplitCursor.START
                : SplitCursor.startOf(item.limits().size(), item.segmentsBefore());
    }

    /// The end of the table is reached. Before anything is submitted, the segments are checked against the table.
    private Result ended(OpenJob job, Parts parts, SplitResult.Done done, Deadline deadline)
            throws IOException, FencedException {
        SplitTotals totals = done.totals();
        List<SegmentItem> all = segments.dropAfter(job.fence(), totals.segments());
        String flaw = SplitProof.flaw(all, parts, totals.rows(), totals.accepted(), perRow(job));
        if (flaw != null) {
            return flawed(job, flaw);
        }
        // A table without an accepted row shares its content with every other such table.
        @Nullable
        String content = totals.accepted() == 0 ? null : done.content().hex();
        if (content != null) {
            registry.recordContent(
                    job.fence(),
                    content,
                    Contents.digest(
                            content, job.resolved().spec(), job.resolved().isSimulated()));
        }
        registry.recordSplitProgress(
                job.fence(),
                totals.rows(),
                totals.accepted(),
                totals.rejected(),
                totals.segments(),
                true,
                // A part that is judged later does not look at the rows again.
                totals.table().equals(TableReport.NONE) ? null : totals.table());
        Result elsewhere = elsewhere(job, content, deadline);
        return elsewhere == null ? restored(job) : elsewhere;
    }

    /// The table was split before this call.
    private Result goOn(OpenJob opened, Parts parts, Deadline deadline) throws IOException, FencedException {
        OpenJob job = opened.item().splitDone() ? opened : jobs.open(opened.fence());
        JobItem item = job.item();
        String flaw = SplitProof.flaw(segments.all(job.id()), parts, item.rowsRead(), item.rowsAccepted(), perRow(job));
        if (flaw != null) {
            return flawed(job, flaw);
        }
        Result elsewhere = elsewhere(job, item.content(), deadline);
        if (elsewhere != null) {
            return elsewhere;
        }
        registry.move(job.fence(), JobState.RUNNING);
        return restored(job);
    }

    /// Where another job judges the same, this one ends, and that one goes on if it has stopped, or has judged fewer
    /// rows than are wanted now.
    ///
    /// @param content null in a job of an older version, which shares no claim
    /// @return null if no other job judges the same
    private @Nullable Result elsewhere(OpenJob job, @Nullable String content, Deadline deadline)
            throws IOException, FencedException {
        JobSpec spec = job.resolved().spec();
        @Nullable String other;
        try {
            other = content == null ? null : contents.claim(job, content).orElse(null);
        } catch (Contents.DeletingException e) {
            return waiting(job, e);
        }
        if (content == null || other == null) {
            return null;
        }
        registry.stopAsDuplicate(
                job.fence(),
                other,
                "job " + other + " judges the same pairs in the same way, so nothing was sent; its results are in jobs/"
                        + other + "/" + otherReading(other, spec)
                        + "; to have them judged once more, drop them with `run` "
                        + contents.nextRun(content, spec, job.resolved().isSimulated()));
        return goOnElsewhere(other, limit(job), job.fence().owner(), deadline);
    }

    /// A cancelled job does not wait: it has sent nothing, holds no claim, and so has nothing to merge.
    private Result waiting(OpenJob job, Contents.DeletingException why) throws IOException, FencedException {
        if (job.store().size(JobFiles.CANCELLED) < 0 || !contents.nothingLetIn(job.id())) {
            registry.awaitDeletion(job.fence(), why.jobId());
            throw new RetryableException(String.valueOf(why.getMessage()), why);
        }
        String message = "the job was cancelled while " + why.getMessage() + "; nothing of it was sent";
        new ErrorFile(JobState.CANCELLED, ErrorCode.CANCELLED.code(), message, List.of(), false, false)
                .write(job.store(), job.fence(), clock.instant());
        registry.cancelUnsent(job.fence(), ErrorCode.CANCELLED.name(), message);
        return new Result.Quiet("the job was cancelled before anything of it was sent");
    }

    /// The other job's answers can be read as this one's would have been, and nothing is paid.
    private String otherReading(String other, JobSpec spec) throws IOException {
        String rules = jobs.frozen(other)
                .map(job -> SpecChange.inReading(job.spec(), spec))
                .orElse("");
        return rules.isEmpty() ? "" : ", and `reread` reads them with " + rules;
    }

    private Result goOnElsewhere(String jobId, int limit, String owner, Deadline deadline)
            throws IOException, FencedException {
        Optional<JobItem> found = registry.find(jobId);
        long next = found.map(JobItem::epoch).orElse(0L) + 1;
        JobState state = found.map(JobItem::state).orElse(JobState.FAILED);
        if (found.isPresent() && state == JobState.DONE) {
            return extend(found.get(), next, owner, limit, deadline);
        }
        if (found.isPresent() && found.get().owner().equals(owner)) {
            // An earlier call of this execution has taken it over.
            return goOn(found.get(), deadline);
        }
        return switch (state) {
            case FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION -> takeOver(jobId, next, owner, deadline);
            default -> new Result.Quiet("job " + jobId + " judges the same");
        };
    }

    private static int limit(OpenJob job) {
        return job.resolved()
                .spec()
                .batching()
                .sample()
                .limits(job.item().limits())
                .getLast();
    }

    private static Result flawed(OpenJob job, String flaw) {
        return new Result.Stopped(
                job.fence(),
                Stop.of(
                        JobState.FAILED,
                        ErrorCode.INTERNAL,
                        "the segments of " + job.resolved().source().name(),
                        flaw,
                        "each accepted row in one segment; where the registry has lost some, `./pairbatch recover "
                                + job.id() + "` rebuilds them"));
    }

    /// Before any segment is submitted, the registry restores what only its mirror still knows.
    private Result restored(OpenJob job) throws IOException, FencedException {
        rounds.restore(job);
        restoration.restore(job);
        if (deletions.resumes(job)) {
            return new Result.Quiet("the job is being deleted");
        }
        reckoning.restate(job);
        boolean cancelled = job.store().size(JobFiles.CANCELLED) >= 0;
        if (job.item().cancelled() != cancelled) {
            // An older table may say either.
            registry.recordCancelled(job.fence(), cancelled);
        }
        return new Result.Split(job);
    }

    private InputFile input(ResolvedJob resolved) {
        ResolvedJob.Source source = resolved.source();
        return new InputFile(source.name(), source.size(), offset -> jobs.openSource(source, offset));
    }

    /// Registers each written segment and records the progress of the split.
    private final class Registration implements Consumer<Segment> {

        private final OpenJob job;
        private final int each;
        private long accepted;

        /// @param from which may stand within the comparisons of a row
        Registration(OpenJob job, SplitCursor from) {
            this.job = job;
            this.each = perRow(job);
            this.accepted = from.totals().accepted() * each
                    - Math.floorMod(-from.position().rows(), (long) each);
        }

        @Override
        public void accept(Segment segment) {
            String provider = job.resolved().spec().backend().code();
            String model = job.resolved().spec().model();
            accepted += segment.rows();
            try {
                if (!segments.register(job.id(), segment, provider, model)) {
                    segments.replace(job.fence(), segment, provider, model);
                }
                registry.recordSplitProgress(
                        job.fence(),
                        Math.ceilDiv(segment.lastRow(), each),
                        Math.ceilDiv(accepted, each),
                        rejected(segment),
                        segment.index(),
                        false);
            } catch (FencedException e) {
                throw new Fenced(e);
            }
        }

        /// The rows between those of a sample are not only rejected ones; their number is known at the end.
        private long rejected(Segment segment) {
            return job.resolved().spec().batching().sample().limit() == null
                    ? Math.ceilDiv(segment.lastRow(), each) - Math.ceilDiv(accepted, each)
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
