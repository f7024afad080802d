package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.BACKEND;
import static io.pairbatch.registry.JobAttributes.COST_USD;
import static io.pairbatch.registry.JobAttributes.CREATED_AT;
import static io.pairbatch.registry.JobAttributes.EPOCH;
import static io.pairbatch.registry.JobAttributes.ERROR_CODE;
import static io.pairbatch.registry.JobAttributes.ERROR_MESSAGE;
import static io.pairbatch.registry.JobAttributes.FAILED;
import static io.pairbatch.registry.JobAttributes.FINISHED_AT;
import static io.pairbatch.registry.JobAttributes.ITEMS;
import static io.pairbatch.registry.JobAttributes.JOB;
import static io.pairbatch.registry.JobAttributes.KIND;
import static io.pairbatch.registry.JobAttributes.LIMITS;
import static io.pairbatch.registry.JobAttributes.MERGING_AT;
import static io.pairbatch.registry.JobAttributes.MODEL;
import static io.pairbatch.registry.JobAttributes.NAME;
import static io.pairbatch.registry.JobAttributes.OBSERVED;
import static io.pairbatch.registry.JobAttributes.OWNER;
import static io.pairbatch.registry.JobAttributes.PREFLIGHT;
import static io.pairbatch.registry.JobAttributes.PREFLIGHT_SAYS;
import static io.pairbatch.registry.JobAttributes.PREFLIGHT_TOKEN;
import static io.pairbatch.registry.JobAttributes.REVIVED_AT;
import static io.pairbatch.registry.JobAttributes.ROWS_ACCEPTED;
import static io.pairbatch.registry.JobAttributes.ROWS_READ;
import static io.pairbatch.registry.JobAttributes.ROWS_REJECTED;
import static io.pairbatch.registry.JobAttributes.SAMPLE_OF;
import static io.pairbatch.registry.JobAttributes.SEGMENTS;
import static io.pairbatch.registry.JobAttributes.SEGMENTS_BEFORE;
import static io.pairbatch.registry.JobAttributes.SOURCE_BUCKET;
import static io.pairbatch.registry.JobAttributes.SOURCE_KEY;
import static io.pairbatch.registry.JobAttributes.SOURCE_SIZE;
import static io.pairbatch.registry.JobAttributes.SOURCE_VERSION;
import static io.pairbatch.registry.JobAttributes.SPLIT_DONE;
import static io.pairbatch.registry.JobAttributes.SPLIT_VERSION;
import static io.pairbatch.registry.JobAttributes.STATE;
import static io.pairbatch.registry.JobAttributes.STRAYS;
import static io.pairbatch.registry.JobAttributes.STRAY_COUNT;
import static io.pairbatch.registry.JobAttributes.STRAY_LOOK;
import static io.pairbatch.registry.JobAttributes.UPDATED_AT;
import static io.pairbatch.registry.JobAttributes.key;

import io.pairbatch.registry.RegistryTable.Written;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The JOB items: who acts for a job, and where it stands. Each write is conditional on the owner and the epoch; a write
/// that is refused because its own first attempt had succeeded counts as success.
public final class JobRegistry {

    private final RegistryTable table;
    private final Clock clock;

    public JobRegistry(DynamoDbClient dynamo, String table, Clock clock) {
        this.table = new RegistryTable(dynamo, table);
        this.clock = clock;
    }

    /// Claims the job for execution `owner`: creates it, takes it over when its owner is gone or the job had stopped, or
    /// says whose it is.
    ///
    /// @param alive whether the execution with this ARN is running
    public Claim claim(NewJob job, String owner, Predicate<String> alive) {
        Row row = row(job.jobId(), JobState.SPLITTING, owner, 1)
                .with(NAME, job.name())
                .with(BACKEND, job.backend())
                .with(MODEL, job.model())
                .with(SOURCE_BUCKET, job.sourceBucket())
                .with(SOURCE_KEY, job.sourceKey())
                .with(SOURCE_VERSION, job.sourceVersion())
                .with(SOURCE_SIZE, job.sourceSize())
                .with(CREATED_AT, job.createdAt());
        Written written = table.put(ITEMS, row, Kind.JOB_ID.isMissing());
        JobItem item = JobItem.of(written.required());
        return written.done() ? new Claim.Mine(item) : claimExisting(item, owner, alive);
    }

    private Claim claimExisting(JobItem old, String owner, Predicate<String> alive) {
        if (old.owner().equals(owner)) {
            return new Claim.Mine(old);
        }
        if (old.state() == JobState.DELETING) {
            return new Claim.Taken(old);
        }
        if (old.state() == JobState.DONE || old.state() == JobState.CANCELLED) {
            return new Claim.Finished(old);
        }
        if (old.state().active() && alive.test(old.owner())) {
            return new Claim.Taken(old);
        }
        return take(old.jobId(), owner, old.epoch() + 1);
    }

    /// Takes the job for `owner` as its `epoch`-th, which must be one more than the present one.
    public Claim take(String jobId, String owner, long epoch) {
        Written written = table.update(
                ITEMS,
                key(jobId),
                List.of(OWNER.to(owner), EPOCH.to(epoch), UPDATED_AT.to(clock.instant())),
                EPOCH.is(epoch - 1).and(STATE.isNot(JobState.DELETING)));
        return claimed(jobId, owner, written);
    }

    private static Claim claimed(String jobId, String owner, Written written) {
        Row row = written.row();
        if (row == null) {
            throw new IllegalStateException("no job " + jobId);
        }
        JobItem job = JobItem.of(row);
        return job.owner().equals(owner) ? new Claim.Mine(job) : new Claim.Taken(job);
    }

    /// Tells every job, newest first; the index may be a moment behind the table.
    public void each(Consumer<JobItem> job) {
        table.newestFirst(ITEMS, JOB, null).forEach(row -> job.accept(JobItem.of(row)));
    }

    /// Notes that the job's next execution is about to be started.
    ///
    /// @return false when the job has another owner or state by now, or one was started less than `gap` ago
    public boolean revive(JobItem job, Duration gap) {
        Instant now = clock.instant();
        return table.change(
                ITEMS,
                key(job.jobId()),
                List.of(REVIVED_AT.to(now)),
                EPOCH.is(job.epoch())
                        .and(STATE.is(job.state()))
                        .and(REVIVED_AT.isMissing().or(REVIVED_AT.atMost(now.minus(gap)))));
    }

    /// Takes a finished job for `owner` as its `epoch`-th, to judge more of its rows. A finished job does not change.
    ///
    /// @param limit how many in all; 0 for every one
    public Claim extend(String jobId, String owner, long epoch, int limit) {
        JobItem old = find(jobId).orElseThrow(() -> new IllegalStateException("no job " + jobId));
        List<Integer> limits = new ArrayList<>(old.limits());
        limits.add(limit);
        Written written = table.update(
                ITEMS,
                key(jobId),
                List.of(
                        OWNER.to(owner),
                        EPOCH.to(epoch),
                        UPDATED_AT.to(clock.instant()),
                        STATE.to(JobState.SPLITTING),
                        SPLIT_DONE.to(false),
                        SEGMENTS_BEFORE.to(old.segments()),
                        SAMPLE_OF.to(old.rowsAccepted()),
                        LIMITS.to(limits),
                        FINISHED_AT.removed(),
                        MERGING_AT.removed(),
                        STRAY_LOOK.removed()),
                EPOCH.is(epoch - 1).and(STATE.is(JobState.DONE)));
        return claimed(jobId, owner, written);
    }

    /// Writes down limits that the registry has forgotten; the split goes on from its beginning.
    public void restoreLimits(Fence fence, List<Integer> limits) throws FencedException {
        update(fence, LIMITS.to(limits), SPLIT_DONE.to(false), SEGMENTS_BEFORE.removed());
    }

    /// The job as it stands, if there is one.
    public Optional<JobItem> find(String jobId) {
        return table.find(ITEMS, key(jobId)).map(JobItem::of);
    }

    /// The job as it stands.
    ///
    /// @throws FencedException when it is not the fence's
    public JobItem require(Fence fence) throws FencedException {
        return find(fence.jobId())
                .filter(job -> job.owner().equals(fence.owner()) && job.epoch() == fence.epoch())
                .orElseThrow(() -> new FencedException(fence));
    }

    /// Moves the job to `state`; an earlier error is cleared.
    public void move(Fence fence, JobState state) throws FencedException {
        update(fence, STATE.to(state), ERROR_CODE.removed(), ERROR_MESSAGE.removed());
    }

    /// Moves the job to SPLITTING, at the beginning of a split.
    ///
    /// @param version of Pairbatch that splits it
    /// @return false when the split is done
    public boolean splitting(Fence fence, String version) throws FencedException {
        Written written = table.update(
                ITEMS,
                key(fence.jobId()),
                List.of(
                        UPDATED_AT.to(clock.instant()),
                        STATE.to(JobState.SPLITTING),
                        SPLIT_VERSION.to(version),
                        ERROR_CODE.removed(),
                        ERROR_MESSAGE.removed()),
                isOurs(fence).and(SPLIT_DONE.isMissing().or(SPLIT_DONE.is(false))));
        if (!written.done()) {
            ours(fence, written);
        }
        return written.done();
    }

    /// Records how far the split has come. A call that was given up may still be splitting when its repetition is done
    /// and the job is RUNNING, or further: what it says then is not news.
    ///
    /// @param done whether every segment is registered; the job is RUNNING then
    public void splitProgress(
            Fence fence, long rowsRead, long rowsAccepted, long rowsRejected, int segments, boolean done)
            throws FencedException {
        List<Change> changes = new ArrayList<>(List.of(
                UPDATED_AT.to(clock.instant()),
                ROWS_READ.to(rowsRead),
                ROWS_ACCEPTED.to(rowsAccepted),
                ROWS_REJECTED.to(rowsRejected),
                SEGMENTS.to(segments)));
        if (done) {
            changes.addAll(List.of(
                    SPLIT_DONE.to(true), STATE.to(JobState.RUNNING), ERROR_CODE.removed(), ERROR_MESSAGE.removed()));
        }
        Written written = table.update(
                ITEMS, key(fence.jobId()), changes, isOurs(fence).and(STATE.is(JobState.SPLITTING)));
        if (!written.done() && !ours(fence, written).get(SPLIT_DONE, false)) {
            throw new FencedException(fence);
        }
    }

    /// Moves the job to MERGING.
    ///
    /// @return when it first got there, which stands for the job's end in every file
    public Instant merging(Fence fence) throws FencedException {
        move(fence, JobState.MERGING);
        return table.update(
                        ITEMS,
                        key(fence.jobId()),
                        List.of(MERGING_AT.first(clock.instant())),
                        Kind.JOB_ID.exists())
                .required()
                .require(MERGING_AT);
    }

    /// Ends the job with its counts.
    public void finish(Fence fence, long observed, long failed, @Nullable String costUsd) throws FencedException {
        update(
                fence,
                STATE.to(JobState.DONE),
                OBSERVED.to(observed),
                FAILED.to(failed),
                FINISHED_AT.to(clock.instant()),
                COST_USD.ifKnown(costUsd));
    }

    /// Stops the job in `state` with an error.
    public void stop(Fence fence, JobState state, String errorCode, String errorMessage) throws FencedException {
        update(fence, STATE.to(state), ERROR_CODE.to(errorCode), ERROR_MESSAGE.to(errorMessage));
    }

    /// Writes down which batches at the provider nobody owns.
    public void noteStrays(Fence fence, StrayBatches strays) throws FencedException {
        update(
                fence,
                STRAYS.to(strays.ids()),
                STRAY_COUNT.to(strays.count()),
                STRAY_LOOK.ifKnown(strays.looked()));
    }

    /// Marks that the job's preflight is about to be sent.
    ///
    /// @param token names this attempt
    /// @return whether it is ours to send; false where another call has sent it
    /// @throws FencedException also when the job is not RUNNING
    public boolean startPreflight(Fence fence, String token) throws FencedException {
        Written written = table.update(
                ITEMS,
                key(fence.jobId()),
                List.of(
                        PREFLIGHT.to(PreflightMark.STARTED),
                        PREFLIGHT_TOKEN.to(token),
                        UPDATED_AT.to(clock.instant())),
                isOurs(fence).and(STATE.is(JobState.RUNNING)).and(PREFLIGHT.isMissing()));
        if (written.done()) {
            return true;
        }
        // The first attempt's answer may have been lost on its way to the SDK.
        Row old = ours(fence, written);
        if (old.get(STATE) != JobState.RUNNING || !old.has(PREFLIGHT)) {
            throw new FencedException(fence);
        }
        return token.equals(old.get(PREFLIGHT_TOKEN));
    }

    /// Records what came of the preflight.
    ///
    /// @param token of the attempt; null for whichever is marked as started
    /// @param mark null where it was refused, so that it may be made again
    /// @param says the outcome in one line, for people
    public void endPreflight(Fence fence, @Nullable String token, @Nullable PreflightMark mark, String says)
            throws FencedException {
        Change now = UPDATED_AT.to(clock.instant());
        List<Change> changes = mark == null
                ? List.of(now, PREFLIGHT.removed(), PREFLIGHT_TOKEN.removed(), PREFLIGHT_SAYS.removed())
                : List.of(now, PREFLIGHT.to(mark), PREFLIGHT_SAYS.to(says));
        Condition mine = isOurs(fence).and(PREFLIGHT.is(PreflightMark.STARTED));
        Written written = table.update(
                ITEMS, key(fence.jobId()), changes, token == null ? mine : mine.and(PREFLIGHT_TOKEN.is(token)));
        if (!written.done()) {
            // Recorded already: by ourselves, or by a call that took this one for dead.
            ours(fence, written);
        }
    }

    private static Condition isOurs(Fence fence) {
        return OWNER.is(fence.owner()).and(EPOCH.is(fence.epoch()));
    }

    /// The item that a condition did not hold for, if it is the fence's all the same.
    private static Row ours(Fence fence, Written refused) throws FencedException {
        Row old = refused.row();
        if (old == null || !fence.owner().equals(old.get(OWNER)) || old.get(EPOCH, 0L) != fence.epoch()) {
            throw new FencedException(fence);
        }
        return old;
    }

    private void update(Fence fence, Change... changes) throws FencedException {
        List<Change> all = new ArrayList<>(List.of(changes));
        all.add(UPDATED_AT.to(clock.instant()));
        if (!table.change(ITEMS, key(fence.jobId()), all, isOurs(fence))) {
            throw new FencedException(fence);
        }
    }

    /// The part of a transaction that holds only while the job is the fence's and RUNNING.
    Write runningCheck(Fence fence) {
        return check(fence, JobState.RUNNING);
    }

    /// The part of a transaction that holds only while the job is the fence's and in this state.
    Write check(Fence fence, JobState state) {
        return new Write.Check(ITEMS, key(fence.jobId()), isOurs(fence).and(STATE.is(state)));
    }

    /// Notes that a folder waits for its other files, so that it is seen; the note goes when the folder's job is
    /// claimed.
    public void noteWaiting(String waitingId, String name, String bucket, String key, String why) {
        table.put(
                ITEMS,
                row(waitingId, JobState.WAITING_FOR_SPEC, "none", 0)
                        .with(NAME, name)
                        .with(SOURCE_BUCKET, bucket)
                        .with(SOURCE_KEY, key)
                        .with(ERROR_MESSAGE, why)
                        .with(CREATED_AT, clock.instant()));
    }

    private Row row(String jobId, JobState state, String owner, long epoch) {
        return new Row()
                .with(Kind.JOB_ID, jobId)
                .with(Kind.ITEM, JOB)
                .with(KIND, JOB)
                .with(STATE, state)
                .with(OWNER, owner)
                .with(EPOCH, epoch)
                .with(UPDATED_AT, clock.instant());
    }

    /// Removes the note of [#noteWaiting].
    public void forgetWaiting(String waitingId) {
        table.delete(ITEMS, key(waitingId));
    }
}
