package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.registry.RegistryTable.Written;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who acts for a job: the execution that created its item, or took it over. Each owner has its own epoch, and the
/// writes of earlier owners are refused.
public final class JobClaims {

    private static final String CANCELLED =
            "the job was cancelled: what the provider has not answered by its end has no winner";

    private final RegistryTable table;
    private final Clock clock;

    JobClaims(RegistryTable table, Clock clock) {
        this.table = table;
        this.clock = clock;
    }

    /// Claims the job for execution `owner`: creates it, takes it over if its owner is gone or the job had stopped, or
    /// returns its owner.
    ///
    /// @param alive whether the execution with this ARN is running
    public Claim claim(NewJob job, String owner, Predicate<String> alive) {
        Row row = job.tags()
                .on(row(job.jobId(), JobState.SPLITTING, owner, 1))
                .with(NAME, job.name())
                .with(BACKEND, job.backend())
                .with(MODEL, job.model())
                .with(SOURCE_BUCKET, job.sourceBucket())
                .with(SOURCE_KEY, job.sourceKey())
                .with(SOURCE_VERSION, job.sourceVersion())
                .with(SOURCE_SIZE, job.sourceSize())
                .with(JUDGED, job.judged())
                .with(COST_LIMIT, job.costLimit())
                .with(SIMULATED, job.simulated() ? true : null)
                .with(JUDGES, job.judges().isEmpty() ? null : job.judges())
                .with(PANEL, job.panel())
                .with(JUDGE, job.judge())
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

    /// Takes the job for `owner` as its `epoch`-th owner, which must be one more than the current epoch.
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

    /// Cancels a job that is not done: from then on no create of it can be intended.
    ///
    /// @return false if it is done by now, or never began
    public boolean cancel(String jobId) {
        return table.change(
                ITEMS,
                key(jobId),
                List.of(CANCELLED_AT.first(clock.instant())),
                STATE.isEither(JobState.SPLITTING, JobState.RUNNING)
                        .or(STATE.isEither(JobState.FAILED, JobState.WAITING_FOR_KEY))
                        .or(STATE.is(JobState.WAITING_FOR_DECISION)));
    }

    /// Takes a stopped job from its owner, and gives it to nobody.
    ///
    /// @return false if it goes on by now, or has another owner
    public boolean fence(JobItem stopped) {
        return table.change(
                ITEMS,
                key(stopped.jobId()),
                List.of(EPOCH.to(stopped.epoch() + 1)),
                EPOCH.is(stopped.epoch()).and(STATE.is(stopped.state())));
    }

    /// Records that the job's next execution is about to be started.
    ///
    /// @return false if the job has another owner or state by now, or one was started less than `gap` ago
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

    /// Takes a finished job for `owner` as its `epoch`-th owner, to judge more of its rows. The rows already judged do
    /// not change.
    ///
    /// @param limit how many in total; 0 for all
    /// @param last the last segment that there is
    public Claim extend(String jobId, String owner, long epoch, int limit, int last) {
        JobItem old = require(jobId);
        List<Integer> limits = new ArrayList<>(old.limits());
        limits.add(limit);
        return takeFinished(
                jobId,
                owner,
                epoch,
                STATE.to(JobState.SPLITTING),
                REREADING.removed(),
                CANCELLED_AT.removed(),
                SPLIT_DONE.to(false),
                SEGMENTS_BEFORE.to(Math.max(last, old.segments())),
                SAMPLE_OF.to(old.rowsAccepted()),
                LIMITS.to(limits));
    }

    /// Takes a finished job of several judges for `owner` as its `epoch`-th owner, and has it ask
    /// something of their jobs.
    ///
    /// @param epochs by which epoch each of these must have gone on; 0 for one that is not asked
    /// @param wish a JSON object; null for nothing but what they have by now
    /// @param limit how many rows they are to judge; null to leave that as it is
    public Claim askJudges(
            String jobId,
            String owner,
            long epoch,
            List<Integer> epochs,
            @Nullable String wish,
            @Nullable Integer limit) {
        JobItem old = require(jobId);
        List<Integer> limits = new ArrayList<>(old.limits());
        if (limit != null) {
            limits.add(limit);
        }
        return takeFinished(
                jobId,
                owner,
                epoch,
                STATE.to(JobState.RUNNING),
                CANCELLED_AT.removed(),
                JUDGE_EPOCHS.to(epochs),
                JUDGE_WISH.to(wish),
                LIMITS.to(limits.isEmpty() ? null : limits));
    }

    private JobItem require(String jobId) {
        return table.find(ITEMS, key(jobId))
                .map(JobItem::of)
                .orElseThrow(() -> new IllegalStateException("no job " + jobId));
    }

    private Claim takeFinished(String jobId, String owner, long epoch, Change... changes) {
        Written written = table.update(
                ITEMS,
                key(jobId),
                Changes.all(
                        List.of(
                                OWNER.to(owner),
                                EPOCH.to(epoch),
                                UPDATED_AT.to(clock.instant()),
                                FINISHED_AT.removed(),
                                MERGING_AT.removed(),
                                COLLECTING.removed(),
                                STRAY_LOOK.removed()),
                        List.of(changes)),
                EPOCH.is(epoch - 1).and(STATE.is(JobState.DONE)));
        return claimed(jobId, owner, written);
    }

    /// Records that the job's policy was written: its merge then does not end with the old one.
    ///
    /// @param deletes whether the merge deletes the answers
    /// @return false if it is too late for that
    public boolean changePolicy(String jobId, boolean deletes) {
        Condition inTime = Kind.JOB_ID.exists().and(STATE.isNot(JobState.DONE)).and(STATE.isNot(JobState.DELETING));
        return table.change(
                ITEMS,
                key(jobId),
                List.of(POLICY_CHANGES.oneMore()),
                deletes ? inTime.and(STATE.isNot(JobState.MERGING)) : inTime);
    }

    /// Takes a job for `owner` as its `epoch`-th owner, to register all its segments again: what is registered stays as
    /// it is.
    public Claim splitAgain(String jobId, String owner, long epoch) {
        Written written = table.update(
                ITEMS,
                key(jobId),
                List.of(
                        OWNER.to(owner),
                        EPOCH.to(epoch),
                        UPDATED_AT.to(clock.instant()),
                        STATE.to(JobState.SPLITTING),
                        SPLIT_DONE.to(false),
                        SEGMENTS_BEFORE.removed(),
                        ERROR_CODE.removed(),
                        ERROR_MESSAGE.removed(),
                        FINISHED_AT.removed(),
                        MERGING_AT.removed(),
                        STRAY_LOOK.removed()),
                EPOCH.is(epoch - 1).and(STATE.isNot(JobState.DELETING)));
        return claimed(jobId, owner, written);
    }

    /// Records that answers of the job are to be fetched once more: if it is done, and whoever records this dies before
    /// its
    /// next execution is started, somebody else starts that.
    public void recordCollecting(String jobId) {
        table.change(ITEMS, key(jobId), List.of(COLLECTING.to(true)), Kind.JOB_ID.exists());
    }

    /// Takes a finished job for `owner` as its `epoch`-th owner, to read its answers again, or to fetch
    /// some of them once more.
    public Claim readAgain(String jobId, String owner, long epoch) {
        return takeFinished(jobId, owner, epoch, STATE.to(JobState.RUNNING), REREADING.to(true));
    }

    /// Takes a finished job for `owner` as its `epoch`-th owner, to send pairs without a winner again. What failed in
    /// the
    /// segments that the registry knows is settled by that. A segment that only its list knows, since the table was
    /// restored to an older state, may be one that this wish has made: the job's own rule still has to look at it.
    ///
    /// @param codes their error codes and causes, separated by blanks
    /// @param last the last segment that there is
    public Claim retry(String jobId, String owner, long epoch, String codes, int last) {
        JobItem old = require(jobId);
        return takeFinished(
                jobId,
                owner,
                epoch,
                STATE.to(JobState.RUNNING),
                REREADING.removed(),
                CANCELLED_AT.removed(),
                RETRY_ASKED.to(codes),
                RETRIED_TO.to(Math.max(old.retriedTo(), old.segments())),
                RETRY_UP_TO.to(Math.max(last, old.segments())));
    }

    /// Records how much the job may cost from now on.
    ///
    /// @param nano in nano-USD; null for no limit
    /// @return false if it is being deleted, or gone
    public boolean limitCost(String jobId, @Nullable Long nano) {
        return table.change(ITEMS, key(jobId), List.of(COST_LIMIT.to(nano)), JobRegistry.IS_KEPT);
    }

    /// Records what a drop of the same files says for those who list and watch the job.
    public void tag(String jobId, JobTags tags) {
        table.change(ITEMS, key(jobId), tags.changes(), Kind.JOB_ID.exists());
    }

    /// Notes what a drop of the same files changes, or does not, where the job's people look.
    ///
    /// @param refuses whether something is not done
    public void notice(String jobId, String notice, boolean refuses) {
        table.change(
                ITEMS,
                key(jobId),
                List.of(NOTICE.to(notice), NOTICE_REFUSES.to(refuses ? true : null)),
                Kind.JOB_ID.exists());
    }

    /// Notes that a person has cancelled the job. What is missing then is known at its end, and is advised then.
    public void noteCancelled(String jobId) {
        notice(jobId, CANCELLED, false);
    }

    /// Takes that back, and nothing that was noted since: the job goes on with what had no answer.
    public void forgetCancelled(String jobId) {
        table.change(ITEMS, key(jobId), List.of(NOTICE.removed(), NOTICE_REFUSES.removed()), NOTICE.is(CANCELLED));
    }

    /// Takes back what was noted, if something was not done: the latest drop asks for nothing else than what is done.
    public void forgetRefusal(String jobId) {
        table.change(ITEMS, key(jobId), List.of(NOTICE.removed(), NOTICE_REFUSES.removed()), NOTICE_REFUSES.is(true));
    }

    /// Records that somebody who does not own the job is about to write one of its files. A deletion that begins later
    /// waits until that is over.
    ///
    /// @return false if the job is being deleted, or was: nothing may be written then
    public boolean entering(String jobId) {
        return table.change(
                ITEMS,
                key(jobId),
                List.of(UPDATED_AT.to(clock.instant())),
                Kind.JOB_ID.exists().and(STATE.isNot(JobState.DELETING)));
    }

    /// Notes which job has taken the place of one.
    public void recordSuccessor(String jobId, String successor) {
        table.change(ITEMS, key(jobId), List.of(SAME_AS.to(successor)), Kind.JOB_ID.exists());
    }

    /// Notes what drops of a job of an older version are known by again.
    public void recordJudged(String jobId, String judged) {
        table.change(ITEMS, key(jobId), List.of(JUDGED.to(judged)), Kind.JOB_ID.exists());
    }

    /// Records that a folder waits for its other files, so that users see it; the record is removed when the folder's
    /// job is claimed.
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

    /// Removes the record of [#noteWaiting].
    public void forgetWaiting(String waitingId) {
        table.delete(ITEMS, key(waitingId));
    }
}
