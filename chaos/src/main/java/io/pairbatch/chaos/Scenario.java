package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Judge;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One job, and everything that happens to it.
///
/// @param seed of all random choices
/// @param table the pairs that are dropped
/// @param weather the faults until `healsAt`
/// @param upheavals what happens to the whole stack, in order of time
/// @param healsAt the time from which nothing goes wrong any more
/// @param quirks permanent properties that are not faults
/// @param money what the job may cost
record Scenario(
        long seed,
        Backend backend,
        PairTable table,
        Judge.Rates rates,
        Weather weather,
        List<Upheaval> upheavals,
        Instant healsAt,
        Quirks quirks,
        Money money) {

    static final Instant START = Instant.parse("2026-12-01T08:00:00Z");

    /// A job without any faults.
    static Scenario calm(long seed, Backend backend, int segments) {
        return new Scenario(
                seed,
                backend,
                PairTable.drawn(seed, segments),
                Judge.Rates.NONE,
                Weather.FAIR,
                List.of(),
                START.plus(Duration.ofHours(12)),
                Quirks.NONE,
                Money.FREE);
    }

    Scenario with(PairTable other) {
        return new Scenario(seed, backend, other, rates, weather, upheavals, healsAt, quirks, money);
    }

    Scenario with(Money other) {
        return new Scenario(seed, backend, table, rates, weather, upheavals, healsAt, quirks, other);
    }

    /// What the job may cost.
    ///
    /// @param usd its limit at first; null for none
    /// @param capped whether its requests limit the length of an answer
    /// @param dense whether each answer takes as many tokens as it can; only where they are capped
    /// @param raised whether a person raises the limit when the job has ended for lack of room
    /// @param lowered at which upload the limit is lowered to what is committed; 0 for never
    record Money(@Nullable BigDecimal usd, boolean capped, boolean dense, boolean raised, int lowered) {

        static final Money FREE = new Money(null, false, false, false, 0);
    }

    /// Permanent properties of the stack.
    ///
    /// @param pausing whether a split has so little time that it pauses after every segment, and a merge after a few
    /// files
    /// @param wholeBodies whether S3 answers a range of a version with the whole object, as an emulator does
    /// @param rescued whether the batches were made before the job, and elsewhere
    /// @param panel whether the job names its judge among `judges`, so that it has a job of its own
    record Quirks(boolean pausing, boolean wholeBodies, boolean rescued, boolean panel) {

        static final Quirks NONE = new Quirks(false, false, false, false);
    }

    Scenario with(Weather other) {
        return new Scenario(
                seed, backend, table, rates, other, upheavals, START.plus(Duration.ofHours(30)), quirks, money);
    }

    Scenario with(Judge.Rates others) {
        return new Scenario(seed, backend, table, others, weather, upheavals, healsAt, quirks, money);
    }

    Scenario with(Quirks other) {
        return new Scenario(seed, backend, table, rates, weather, upheavals, healsAt, other, money);
    }

    Scenario with(List<Upheaval> others) {
        return new Scenario(seed, backend, table, rates, weather, others, healsAt, quirks, money);
    }

    /// Some jobs delete their answers when they are done.
    boolean keepsAnswers() {
        return Math.floorMod(seed, 7L) != 3;
    }

    /// In some jobs the judge is asked for labels of the user's own, and may find that neither text is better.
    boolean asksForLabels() {
        return Math.floorMod(seed, 6L) == 4 && !quirks.rescued();
    }

    /// What becomes of batches that run past their window.
    String overdue() {
        return Math.floorMod(seed, 3L) == 2 ? "wait" : "cancel";
    }

    /// Whether answers are never read again from the files in the bucket, which may then be damaged.
    boolean readsOnce() {
        return upheavals.stream()
                .noneMatch(it -> it.kind() == Upheaval.Kind.READ_AGAIN || it.kind() == Upheaval.Kind.DROP_CHANGED);
    }

    /// Most of a job's effects are polls; longer waits leave room for more jobs.
    int intervalSeconds() {
        return List.of(60, 300, 900).get((int) Math.floorMod(seed, 3L));
    }

    /// Something that happens to the whole stack.
    ///
    /// @param at time since the start
    record Upheaval(Duration at, Kind kind) {

        enum Kind {
            /// All executions end without any notification, and all functions die; the stack is restarted a while
            /// later.
            RESTART,
            /// The same, and the table is lost.
            LOSE_TABLE,
            /// The same, and the table is restored to an earlier state.
            OLD_TABLE,
            /// The same, and the table has lost the job's own item.
            LOSE_JOB,
            /// The same, and the table has lost some of the items of the job's segments and of their creates.
            LOSE_ITEMS,
            /// A user has the job's registry rebuilt.
            RECOVER,
            /// Executions are aborted; functions continue.
            ABORT,
            /// The event for the job's files is delivered again.
            EVENT_AGAIN,
            /// The same files are dropped again.
            DROP_AGAIN,
            /// The same table is dropped again, with a job file that has the work done, and the table split, otherwise.
            DROP_CHANGED,
            /// The same pairs are dropped in another file and another folder.
            DROP_COPY,
            /// A user has the answers of the job, if it is done, read by other rules.
            READ_AGAIN,
            /// A user has all pairs of the job without a winner, if it is done, sent again.
            RETRY,
            /// A user cancels the job.
            CANCEL,
            /// A user has the job go on.
            CONTINUE,
            /// A user has the answers of a collected segment fetched once more, whose file in the bucket is damaged or
            /// not.
            COLLECT_AGAIN,
            /// A user changes the limit on what the job may cost, mostly to a higher one.
            CHANGE_LIMIT,
            /// The provider's key is replaced by another one of the same project.
            NEW_KEY,
            /// The provider's key is revoked; a new one is set hours later.
            KEY_REVOKED,
            /// A deployment leaves the job's provider out.
            LEFT_OUT,
            /// The next deployment has it again, and a person has the job go on, or drops the files that were refused.
            BROUGHT_BACK,
            /// Somebody else creates batches in the same project.
            STRANGERS,
            /// The provider has a batch with the job's token that no submission of the job has created.
            STRAY,
            /// A user deletes the job in whatever state it is; nothing happens to the stack after that.
            DELETE
        }
    }
}
