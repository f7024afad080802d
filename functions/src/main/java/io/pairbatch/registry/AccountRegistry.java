package io.pairbatch.registry;

import static io.pairbatch.registry.AccountAttributes.*;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The items of a provider account whose batches carry no metadata: whose turn it is to create, and which batches are
/// known. With one create at a time, there is little to search when its response is lost.
public final class AccountRegistry {

    private final RegistryTable table;
    private final Clock clock;

    AccountRegistry(RegistryTable table, Clock clock) {
        this.table = table;
        this.clock = clock;
    }

    /// Whose turn it is, as last read.
    ///
    /// @param token of the create in progress; null if there is none
    /// @param until when that create is certainly over
    public record Turn(
            String account,
            @Nullable String token,
            @Nullable Instant until) {

        /// Whether somebody else may be creating a batch.
        public boolean isTaken(Instant now) {
            return token != null && until != null && now.isBefore(until);
        }
    }

    public Turn turn(String account) {
        Row row = table.find(TURNS, turnKey(account)).orElseGet(Row::new);
        return new Turn(account, row.get(CREATE_TOKEN), row.get(LEASE_UNTIL));
    }

    /// Takes the turn if it is unchanged since it was read.
    Write take(Turn seen, Submission submission, Instant leaseUntil) {
        return new Write.Update(
                TURNS,
                turnKey(seen.account()),
                List.of(CREATE_TOKEN.to(submission.token()), LEASE_UNTIL.to(leaseUntil)),
                seen.token() == null ? CREATE_TOKEN.isMissing() : CREATE_TOKEN.is(seen.token()));
    }

    /// Releases the turn once a create has been answered; otherwise it ends with its lease, and another submission gets
    /// it.
    public void release(Submission submission) {
        table.change(
                TURNS,
                turnKey(submission.account()),
                List.of(CREATE_TOKEN.removed(), LEASE_UNTIL.removed()),
                CREATE_TOKEN.is(submission.token()));
    }

    /// Records a batch as known.
    Write owned(String jobId, Submission submission, String batchId) {
        return owned(jobId, submission, batchId, null);
    }

    /// The same if it is not known yet.
    Write ownedFirst(String jobId, Submission submission, String batchId) {
        return owned(jobId, submission, batchId, Kind.JOB_ID.isMissing());
    }

    /// The same unless another job has it, or one that was deleted had it.
    Write ownedOnly(String jobId, Submission submission, String batchId) {
        return owned(jobId, submission, batchId, Kind.JOB_ID.isMissing().or(OWNER_JOB.is(jobId)));
    }

    private Write owned(String jobId, Submission submission, String batchId, @Nullable Condition condition) {
        ItemKey key = batchKey(submission.account(), batchId);
        Row row = new Row()
                .with(Kind.JOB_ID, key.jobId())
                .with(Kind.ITEM, key.item())
                .with(OWNER_JOB, jobId)
                .with(SEGMENT_INDEX, submission.segment())
                .with(INTENDED_AT, isOurs(submission) ? submission.createdAt() : null)
                .with(CREATED_AT, clock.instant());
        return new Write.Put(BATCHES, row, condition);
    }

    /// When somebody else has asked for a batch is not known well enough for a list's witness.
    private static boolean isOurs(Submission submission) {
        return submission.outcome() != SubmissionOutcome.RESCUED;
    }

    /// A batch that we have recorded.
    ///
    /// @param intendedAt when its create was intended; null if an older version recorded it, or somebody else has made
    /// it
    public record Known(@Nullable Instant intendedAt) {}

    /// Whether a batch of the account is known, for any job.
    public boolean owns(String account, String batchId) {
        return known(account, batchId).isPresent();
    }

    /// What is known about a batch of the account, for any job.
    public Optional<Known> known(String account, String batchId) {
        return table.find(BATCHES, batchKey(account, batchId)).map(row -> new Known(row.get(INTENDED_AT)));
    }

    /// Removes the owner of a batch, if it is this job. A batch that still exists stays known, without an owner:
    /// otherwise the search for a lost create might mistake it for the one in question.
    ///
    /// @param exists whether the provider may still list it
    public void disown(String account, String jobId, String batchId, boolean exists) {
        ItemKey key = batchKey(account, batchId);
        if (exists) {
            table.change(BATCHES, key, List.of(OWNER_JOB.removed(), SEGMENT_INDEX.removed()), OWNER_JOB.is(jobId));
        } else {
            table.delete(BATCHES, key, OWNER_JOB.is(jobId));
        }
    }

    private static ItemKey turnKey(String account) {
        return new ItemKey(partition(account), "TURN");
    }

    private static ItemKey batchKey(String account, String batchId) {
        return new ItemKey(partition(account), "BATCH#" + batchId);
    }

    private static String partition(String account) {
        return "ACCOUNT#" + account;
    }
}
