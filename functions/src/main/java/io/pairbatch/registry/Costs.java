package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.cost.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The money of a job, on its JOB item, in nano-USD.
///
/// @param limit `max_cost_usd`; null for none
/// @param committed what was spent, and what is reserved for batches that were not paid for yet
/// @param spent what the collected answers and the live request cost
/// @param openEnded how many of the reservations can be exceeded
/// @param needed what the next batch would have to reserve, where there is no room for it; null otherwise
/// @param preflightReserved what a live request that is under way has reserved
/// @param preflightSpent what live requests cost, among `spent`
/// @param merged the limit that the files of a finished job tell; null for none
public record Costs(
        @Nullable Long limit,
        long committed,
        long spent,
        long openEnded,
        @Nullable Long needed,
        long preflightReserved,
        long preflightSpent,
        @Nullable Long merged) {

    /// Of a job that has sent nothing, and has no limit.
    public static final Costs NONE = new Costs(null, 0, 0, 0, null, 0, 0, null);

    static Costs of(Row row) {
        return new Costs(
                row.get(COST_LIMIT),
                row.get(COST_COMMITTED, 0L),
                row.get(COST_SPENT, 0L),
                row.get(COST_OPEN_ENDED, 0L),
                row.get(COST_NEEDED),
                row.get(PREFLIGHT_RESERVED, 0L),
                row.get(PREFLIGHT_SPENT, 0L),
                row.get(MERGED_LIMIT));
    }

    /// What was spent and is reserved of both.
    public Costs plus(Costs more) {
        return new Costs(
                null,
                committed + more.committed,
                spent + more.spent,
                openEnded + more.openEnded,
                null,
                preflightReserved + more.preflightReserved,
                preflightSpent + more.preflightSpent,
                null);
    }

    /// The same with another limit.
    public Costs within(long another) {
        return new Costs(another, committed, spent, openEnded, needed, preflightReserved, preflightSpent, merged);
    }

    /// What is reserved for batches that were not paid for yet.
    public long reserved() {
        return committed - spent;
    }

    /// What the next batch waits for, where the limit has no room for it.
    public Optional<String> waits() {
        return limit == null || needed == null
                ? Optional.empty()
                : Optional.of("the next batch waits for room in max_cost_usd: " + NanoUsd.words(spent) + " spent, "
                        + NanoUsd.words(reserved()) + " reserved of " + NanoUsd.words(limit)
                        + "; it may cost up to " + NanoUsd.words(needed));
    }

    /// What is to be said of a finished job that did not submit all of its pairs.
    public Optional<String> lacks(String jobId) {
        return needed == null
                ? Optional.empty()
                : Optional.of("max_cost_usd"
                        + (merged == null ? "" : " of " + NanoUsd.words(merged))
                        + " left no room for some pairs, which were not submitted; a limit of USD "
                        + NanoUsd.limit(needed) + " is enough for them: ./pairbatch continue " + jobId
                        + " --max-cost " + NanoUsd.limit(needed));
    }

    /// Whether the limit that holds is another one than the files of a finished job tell.
    public boolean hasAnotherLimit() {
        return !Objects.equals(limit, merged);
    }

    /// Whether this may be reserved now. Only the transaction that reserves it decides.
    public boolean hasRoomFor(Reservation wanted) {
        Long most = limit;
        return most == null || (openEnded <= 0 && committed + wanted.nano() <= most);
    }

    /// That the limit is still this one, and leaves room. DynamoDB cannot add, so what may be committed before is
    /// computed here.
    static Condition roomFor(@Nullable Long limit, Reservation wanted) {
        if (limit == null) {
            return COST_LIMIT.isMissing();
        }
        Condition fits = COST_COMMITTED.atMost(limit - wanted.nano());
        Condition room = wanted.nano() <= limit ? COST_COMMITTED.isMissing().or(fits) : fits;
        return COST_LIMIT.is(limit).and(room).and(COST_OPEN_ENDED.isMissing().or(COST_OPEN_ENDED.atMost(0L)));
    }

    /// That the limit is still this one, and leaves no room.
    static Condition noRoomFor(long limit, Reservation wanted) {
        Condition full = COST_COMMITTED.above(limit - wanted.nano());
        return COST_LIMIT.is(limit).and(wanted.nano() <= limit ? full : full.or(COST_COMMITTED.isMissing()));
    }

    static List<Change> reserve(Reservation wanted) {
        return List.of(
                Attribute.plus(COST_COMMITTED, wanted.nano()),
                Attribute.plus(COST_OPEN_ENDED, wanted.openEnded() ? 1 : 0));
    }

    static List<Change> release(Reservation held) {
        return List.of(
                Attribute.plus(COST_COMMITTED, -held.nano()),
                Attribute.plus(COST_OPEN_ENDED, held.openEnded() ? -1 : 0));
    }

    /// The cost takes the place of what was reserved.
    static List<Change> settle(Reservation held, long cost) {
        return List.of(
                Attribute.plus(COST_COMMITTED, cost - held.nano()),
                Attribute.plus(COST_OPEN_ENDED, held.openEnded() ? -1 : 0),
                Attribute.plus(COST_SPENT, cost));
    }

    /// A part of a transaction that changes the sums of a job; only a check where they stay as they are.
    static Write write(String jobId, List<Change> changes, Condition condition) {
        List<Change> real = new ArrayList<>(changes);
        real.removeIf(Change.NONE::equals);
        return real.isEmpty()
                ? new Write.Check(ITEMS, key(jobId), condition)
                : new Write.Update(ITEMS, key(jobId), real, condition);
    }

    /// That no sum has changed since.
    Condition unchanged() {
        return same(COST_COMMITTED, committed)
                .and(same(COST_SPENT, spent))
                .and(same(COST_OPEN_ENDED, openEnded))
                .and(limit == null ? COST_LIMIT.isMissing() : COST_LIMIT.is(limit));
    }

    private static Condition same(Attribute<Long> sum, long value) {
        return value == 0 ? sum.isMissing().or(sum.is(0L)) : sum.is(value);
    }
}
