package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.pairs.TableReport;
import io.pairbatch.registry.RegistryTable.Written;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The JOB items: the state of each job. Each write is conditional on the owner and the epoch ([JobClaims]); a write
/// that is refused because its own first attempt had succeeded counts as success.
public final class JobRegistry {

    /// That there is such a job. DynamoDB takes no check of a transaction without a value.
    static final Condition IS_THERE = KIND.is(JOB);

    /// That a job is not being deleted.
    static final Condition IS_KEPT = Kind.JOB_ID.exists().and(STATE.isNot(JobState.DELETING));

    private final RegistryTable table;
    private final JobClaims claims;
    private final Clock clock;

    public JobRegistry(DynamoDbClient dynamo, String table, Clock clock) {
        this.table = new RegistryTable(dynamo, table);
        this.claims = new JobClaims(this.table, clock);
        this.clock = clock;
    }

    /// The claims of the jobs.
    public JobClaims claims() {
        return claims;
    }

    /// Passes on every job, newest first; the index may lag slightly behind the table.
    public void each(Consumer<JobItem> job) {
        table.newestFirst(ITEMS, JOB, null).forEach(row -> job.accept(JobItem.of(row)));
    }

    /// Restores limits that the registry has lost; the split starts again from the beginning.
    public void restoreLimits(Fence fence, List<Integer> limits) throws FencedException {
        update(fence, LIMITS.to(limits), SPLIT_DONE.to(false), SEGMENTS_BEFORE.removed());
    }

    /// The job's current item, if it exists.
    public Optional<JobItem> find(String jobId) {
        return table.find(ITEMS, key(jobId)).map(JobItem::of);
    }

    /// The job's current item.
    ///
    /// @throws FencedException if it does not belong to the fence
    public JobItem require(Fence fence) throws FencedException {
        return find(fence.jobId())
                .filter(job -> job.owner().equals(fence.owner()) && job.epoch() == fence.epoch())
                .orElseThrow(() -> new FencedException(fence));
    }

    /// The time by the clock that the registry's times are of.
    public Instant now() {
        return clock.instant();
    }

    /// Moves the job to `state`; clears an earlier error.
    public void move(Fence fence, JobState state) throws FencedException {
        update(fence, STATE.to(state), AWAITS_DELETION.removed(), ERROR_CODE.removed(), ERROR_MESSAGE.removed());
    }

    /// Moves the job to SPLITTING, at the start of a split.
    ///
    /// @param version of Pairbatch that splits it
    /// @param perRow how many comparisons each accepted row makes
    /// @return false if the split is done
    public boolean startSplitting(Fence fence, String version, int perRow) throws FencedException {
        Written written = table.update(
                ITEMS,
                key(fence.jobId()),
                List.of(
                        UPDATED_AT.to(clock.instant()),
                        STATE.to(JobState.SPLITTING),
                        SPLIT_VERSION.to(version),
                        perRow == 1 ? PER_ROW.removed() : PER_ROW.to(perRow),
                        ERROR_CODE.removed(),
                        ERROR_MESSAGE.removed()),
                isOurs(fence).and(SPLIT_DONE.isMissing().or(SPLIT_DONE.is(false))));
        if (!written.done()) {
            ours(fence, written);
        }
        return written.done();
    }

    /// Records the progress of the split. A call that was given up may still be splitting when its repetition is done
    /// and the job is RUNNING or further: its progress is then outdated.
    ///
    /// @param done whether every segment is registered; the job is then RUNNING
    public void recordSplitProgress(
            Fence fence, long rowsRead, long rowsAccepted, long rowsRejected, int segments, boolean done)
            throws FencedException {
        recordSplitProgress(fence, rowsRead, rowsAccepted, rowsRejected, segments, done, null);
    }

    /// The same, with what the table's owner should know of its rows; null leaves what is there.
    public void recordSplitProgress(
            Fence fence,
            long rowsRead,
            long rowsAccepted,
            long rowsRejected,
            int segments,
            boolean done,
            @Nullable TableReport report)
            throws FencedException {
        List<Change> changes = new ArrayList<>(List.of(
                UPDATED_AT.to(clock.instant()),
                ROWS_READ.to(rowsRead),
                ROWS_ACCEPTED.to(rowsAccepted),
                ROWS_REJECTED.to(rowsRejected),
                SEGMENTS.to(segments),
                TABLE.ifKnown(report == null ? null : report.toJson().toString())));
        if (done) {
            changes.addAll(List.of(
                    SPLIT_DONE.to(true),
                    STATE.to(JobState.RUNNING),
                    AWAITS_DELETION.removed(),
                    ERROR_CODE.removed(),
                    ERROR_MESSAGE.removed()));
        }
        Written written =
                table.update(ITEMS, key(fence.jobId()), changes, isOurs(fence).and(STATE.is(JobState.SPLITTING)));
        if (!written.done() && !ours(fence, written).get(SPLIT_DONE, false)) {
            throw new FencedException(fence);
        }
    }

    /// Records that a job of several judges is about to have their jobs go on, and is RUNNING. An older version, which
    /// knows of no judges, splits nothing of it then.
    ///
    /// @param epochs by which epoch each of these must have gone on before its end counts
    public void recordJudgeEpochs(Fence fence, List<Integer> epochs) throws FencedException {
        update(
                fence,
                STATE.to(JobState.RUNNING),
                SPLIT_DONE.to(true),
                JUDGE_EPOCHS.to(epochs),
                ERROR_CODE.removed(),
                ERROR_MESSAGE.removed());
    }

    /// Records what the jobs of several judges have counted, before their job ends.
    ///
    /// @param perRow how many comparisons each accepted row makes, of all judges
    public void recordJudged(Fence fence, long rows, long accepted, long rejected, int perRow, int segments)
            throws FencedException {
        update(
                fence,
                ROWS_READ.to(rows),
                ROWS_ACCEPTED.to(accepted),
                ROWS_REJECTED.to(rejected),
                PER_ROW.to(perRow),
                SEGMENTS.to(segments),
                SPLIT_DONE.to(true));
    }

    /// Records how many segments there are, with those of later rounds.
    public void recordSegments(Fence fence, int segments) throws FencedException {
        update(fence, SEGMENTS.to(segments));
    }

    /// Records again that the job was cancelled, or that it has gone on since, where the registry has lost that.
    public void recordCancelled(Fence fence, boolean cancelled) throws FencedException {
        update(fence, cancelled ? CANCELLED_AT.first(clock.instant()) : CANCELLED_AT.removed());
    }

    /// Writes the job's money anew, counted from its segments and files.
    ///
    /// @param seen what was there before they were looked at
    /// @return false, with nothing changed, if it has changed since
    public boolean restateCosts(Fence fence, Costs seen, Costs now) throws FencedException {
        if (seen.equals(now)) {
            return true;
        }
        Written written = table.update(
                ITEMS,
                key(fence.jobId()),
                List.of(
                        COST_LIMIT.to(now.limit()),
                        COST_COMMITTED.to(now.committed()),
                        COST_SPENT.to(now.spent()),
                        COST_OPEN_ENDED.to(now.openEnded()),
                        PREFLIGHT_SPENT.to(now.preflightSpent())),
                isOurs(fence).and(seen.unchanged()));
        if (!written.done()) {
            ours(fence, written);
        }
        return written.done();
    }

    /// Records for people what the next batch would have to reserve, where there is no room for it; null where there
    /// is.
    public void recordNeeded(Fence fence, @Nullable Long needed) {
        table.change(ITEMS, key(fence.jobId()), List.of(COST_NEEDED.to(needed)), isOurs(fence));
    }

    /// Records that all that is to be sent again is registered.
    ///
    /// @param segment the last one whose failures were looked at
    public void recordRetried(Fence fence, int segment) throws FencedException {
        update(fence, RETRIED_TO.to(segment), RETRY_ASKED.removed(), RETRY_UP_TO.removed());
    }

    /// Records what the job's table holds.
    ///
    /// @param content SHA-256 of the accepted rows
    /// @param claim what the content is claimed by
    public void recordContent(Fence fence, String content, String claim) throws FencedException {
        update(fence, CONTENT.to(content), CONTENT_CLAIM.to(claim));
    }

    /// Records that the job, which is at work again if it had stopped, waits until another one, which judged the same,
    /// is
    /// deleted.
    public void awaitDeletion(Fence fence, String other) throws FencedException {
        update(
                fence,
                STATE.to(JobState.RUNNING),
                AWAITS_DELETION.to(other),
                ERROR_CODE.removed(),
                ERROR_MESSAGE.removed());
    }

    /// Ends a job of which nothing was sent, because a person has cancelled it. What was noted of it holds no more.
    public void cancelUnsent(Fence fence, String errorCode, String message) throws FencedException {
        update(
                fence,
                STATE.to(JobState.CANCELLED),
                CANCELLED_AT.first(clock.instant()),
                AWAITS_DELETION.removed(),
                NOTICE.removed(),
                NOTICE_REFUSES.removed(),
                ERROR_CODE.to(errorCode),
                ERROR_MESSAGE.to(message));
    }

    /// Stops the job because another one judges the same.
    public void stopAsDuplicate(Fence fence, String other, String message) throws FencedException {
        update(
                fence,
                STATE.to(JobState.DUPLICATE),
                SAME_AS.to(other),
                AWAITS_DELETION.removed(),
                ERROR_CODE.to(JobState.DUPLICATE.name()),
                ERROR_MESSAGE.to(message));
    }

    /// Moves the job to MERGING.
    ///
    /// @return when it first got there, which is the job's end time in every file
    public Instant startMerging(Fence fence) throws FencedException {
        move(fence, JobState.MERGING);
        return table.update(ITEMS, key(fence.jobId()), List.of(MERGING_AT.first(clock.instant())), Kind.JOB_ID.exists())
                .required()
                .require(MERGING_AT);
    }

    /// Ends the job with its counts.
    ///
    /// @param finishedAt as its files say
    /// @param failedByCode the failed pairs by `error_code`
    /// @param tagRules by which its answers were read
    /// @param limit the limit that its files tell; null for none
    /// @param needed the limit that what was not submitted needs; null if it is enough
    /// @param policyChanges how often its policy had changed when its files were put together
    /// @param collecting whether it was known then that answers were to be fetched once more
    /// @return false, with nothing changed, if it has changed since
    public boolean finish(
            Fence fence,
            Instant finishedAt,
            long observed,
            long failed,
            SortedMap<String, TableReport.Rows> failedByCode,
            @Nullable String costUsd,
            String tagRules,
            @Nullable Long limit,
            @Nullable Long needed,
            int policyChanges,
            boolean collecting)
            throws FencedException {
        Condition unchanged =
                isOurs(fence).and(policyChanges == 0 ? POLICY_CHANGES.isMissing() : POLICY_CHANGES.is(policyChanges));
        Written written = table.update(
                ITEMS,
                key(fence.jobId()),
                Changes.all(
                        List.of(
                                UPDATED_AT.to(clock.instant()),
                                STATE.to(JobState.DONE),
                                COLLECTING.removed(),
                                OBSERVED.to(observed),
                                FAILED.to(failed),
                                FAILED_BY_CODE.to(
                                        failedByCode.isEmpty()
                                                ? null
                                                : TableReport.write(failedByCode)
                                                        .toString()),
                                FINISHED_AT.to(finishedAt),
                                TAG_RULES.to(tagRules),
                                REREADING.removed()),
                        List.of(COST_USD.to(costUsd), MERGED_LIMIT.to(limit), COST_NEEDED.to(needed))),
                collecting ? unchanged : unchanged.and(COLLECTING.isMissing()));
        if (!written.done()) {
            ours(fence, written);
        }
        return written.done();
    }

    /// Stops the job in `state` with an error.
    public void stop(Fence fence, JobState state, String errorCode, String errorMessage) throws FencedException {
        update(
                fence,
                STATE.to(state),
                AWAITS_DELETION.removed(),
                ERROR_CODE.to(errorCode),
                ERROR_MESSAGE.to(errorMessage));
    }

    /// Records which batches at the provider belong to no submission.
    public void recordStrays(Fence fence, StrayBatches strays) throws FencedException {
        update(fence, STRAYS.to(strays.ids()), STRAY_COUNT.to(strays.count()), STRAY_LOOK.ifKnown(strays.looked()));
    }

    /// Records the progress of a poll that did not have time for all batches.
    ///
    /// @param segment the last one that was read; 0 after a complete poll
    public void recordReadTo(Fence fence, int segment) {
        table.change(ITEMS, key(fence.jobId()), List.of(READ_TO.to(segment)), isOurs(fence));
    }

    /// Records when the open batches are next looked at, for people. Nothing depends on it.
    public void recordNextLook(Fence fence, Instant at) {
        table.change(ITEMS, key(fence.jobId()), List.of(NEXT_LOOK.to(at)), isOurs(fence));
    }

    /// Records that the job's preflight request is about to be sent, and reserves the job's money for it.
    ///
    /// @param token identifies this attempt
    /// @param costs the job's money, as the caller knows it
    /// @param bound what the request can cost at most
    /// @return whether the caller may send it; false if another call has sent it, or the money has moved on
    /// @throws FencedException also if the job is not RUNNING
    public boolean startPreflight(Fence fence, String token, Costs costs, Reservation bound) throws FencedException {
        Written written = table.update(
                ITEMS,
                key(fence.jobId()),
                Changes.all(
                        List.of(
                                PREFLIGHT.to(PreflightMark.STARTED),
                                PREFLIGHT_TOKEN.to(token),
                                PREFLIGHT_RESERVED.to(bound.nano()),
                                UPDATED_AT.to(clock.instant())),
                        Costs.reserve(new Reservation(bound.nano(), false))),
                running(fence).and(PREFLIGHT.isMissing()).and(Costs.roomFor(costs.limit(), bound)));
        if (written.done()) {
            return true;
        }
        // The first attempt's response may have been lost on its way to the SDK.
        Row old = ours(fence, written);
        if (old.get(STATE) != JobState.RUNNING) {
            throw new FencedException(fence);
        }
        return token.equals(old.get(PREFLIGHT_TOKEN));
    }

    /// Records the result of the preflight, and what it cost in place of what it had reserved.
    ///
    /// @param reserved what it had reserved
    /// @param cost null where it is not known: then it counts as what was reserved
    /// @param token of the attempt; null for whichever is recorded as started
    /// @param mark null if it was refused, so that it may be made again
    /// @param says the outcome in one line, for people
    public void endPreflight(
            Fence fence,
            @Nullable String token,
            @Nullable PreflightMark mark,
            String says,
            long reserved,
            @Nullable Long cost)
            throws FencedException {
        Change now = UPDATED_AT.to(clock.instant());
        long paid = cost == null ? reserved : cost;
        List<Change> changes = Changes.all(
                mark == null
                        ? List.of(now, PREFLIGHT.removed(), PREFLIGHT_TOKEN.removed(), PREFLIGHT_SAYS.removed())
                        : List.of(now, PREFLIGHT.to(mark), PREFLIGHT_SAYS.to(says)),
                Costs.settle(new Reservation(reserved, false), paid),
                List.of(PREFLIGHT_RESERVED.removed(), Attribute.plus(PREFLIGHT_SPENT, paid)));
        Condition mine = isOurs(fence).and(PREFLIGHT.is(PreflightMark.STARTED));
        Written written = table.update(
                ITEMS, key(fence.jobId()), changes, token == null ? mine : mine.and(PREFLIGHT_TOKEN.is(token)));
        if (!written.done()) {
            // Already recorded: by ourselves, or by a call that assumed this one was dead.
            ours(fence, written);
        }
    }

    private static Condition isOurs(Fence fence) {
        return OWNER.is(fence.owner()).and(EPOCH.is(fence.epoch()));
    }

    /// The item that a condition failed for, if it belongs to the fence nevertheless.
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

    /// The part of a transaction that holds only while the job belongs to the fence and is RUNNING.
    Write runningCheck(Fence fence) {
        return check(fence, JobState.RUNNING);
    }

    /// What must hold for that.
    Condition running(Fence fence) {
        return isOurs(fence).and(STATE.is(JobState.RUNNING));
    }

    /// The part of a transaction that a create may follow: only while the job is RUNNING and nobody has cancelled it,
    /// and if its limit leaves room for what is reserved.
    ///
    /// @param limit as the caller knows it
    Write creating(Fence fence, @Nullable Long limit, Reservation bound) {
        return Costs.write(fence.jobId(), Costs.reserve(bound), mayCreate(fence).and(Costs.roomFor(limit, bound)));
    }

    private static Condition mayCreate(Fence fence) {
        return isOurs(fence).and(STATE.is(JobState.RUNNING)).and(CANCELLED_AT.isMissing());
    }

    /// Whether that holds but for the money.
    boolean mayCreate(Fence fence, Row job) {
        return fence.owner().equals(job.get(OWNER))
                && job.get(EPOCH, 0L) == fence.epoch()
                && job.get(STATE) == JobState.RUNNING
                && !job.has(CANCELLED_AT);
    }

    /// The part of a transaction that holds only while the job belongs to the fence and is in this state.
    Write check(Fence fence, JobState state) {
        return new Write.Check(ITEMS, key(fence.jobId()), isOurs(fence).and(STATE.is(state)));
    }
}
