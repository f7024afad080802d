package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.provider.Judge;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// One job, and all that befalls it.
///
/// @param seed of everything that is left to chance
/// @param table the pairs that are dropped
/// @param weather what goes wrong until `healsAt`
/// @param upheavals what befalls the whole stack, in order of time
/// @param healsAt from when on nothing goes wrong any more
/// @param quirks what is so all the time, and is no fault
record Scenario(
        long seed,
        Backend backend,
        PairTable table,
        Judge.Rates rates,
        Weather weather,
        List<Upheaval> upheavals,
        Instant healsAt,
        Quirks quirks) {

    static final Instant START = Instant.parse("2026-12-01T08:00:00Z");

    /// A job to which nothing happens.
    static Scenario calm(long seed, Backend backend, int segments) {
        return new Scenario(
                seed,
                backend,
                PairTable.drawn(seed, segments),
                Judge.Rates.NONE,
                Weather.FAIR,
                List.of(),
                START.plus(Duration.ofHours(12)),
                Quirks.NONE);
    }

    /// How the stack is at all times.
    ///
    /// @param pausing whether a split has so little time that it pauses after every segment
    /// @param wholeBodies whether S3 answers a range of a version by the whole object, as an emulator does
    record Quirks(boolean pausing, boolean wholeBodies) {

        static final Quirks NONE = new Quirks(false, false);
    }

    Scenario with(Weather other) {
        return new Scenario(seed, backend, table, rates, other, upheavals, START.plus(Duration.ofHours(30)), quirks);
    }

    Scenario with(Quirks other) {
        return new Scenario(seed, backend, table, rates, weather, upheavals, healsAt, other);
    }

    /// Polls are most of a job; longer waits make room for more jobs.
    int intervalSeconds() {
        return List.of(60, 300, 900).get((int) Math.floorMod(seed, 3L));
    }

    /// Something that befalls the whole stack.
    ///
    /// @param at how long after the start
    record Upheaval(Duration at, Kind kind) {

        enum Kind {
            /// Every execution ends without a word, and every function dies; the stack is started again a while later.
            RESTART,
            /// The same, and the table is gone.
            LOSE_TABLE,
            /// The same, and the table is what it was some time ago.
            OLD_TABLE,
            /// Executions are aborted; functions go on.
            ABORT,
            /// The event of the job's files comes again.
            EVENT_AGAIN,
            /// The same files are dropped again.
            DROP_AGAIN,
            /// The provider's key is replaced by another of the same project.
            NEW_KEY,
            /// The provider's key is revoked; a new one comes hours later.
            KEY_REVOKED,
            /// Somebody else makes batches in the same project.
            STRANGERS,
            /// The provider has a batch with the job's token that no submission of the job has made.
            STRAY,
            /// Somebody deletes the job, whatever state it is in; nothing befalls the stack after that.
            DELETE
        }
    }
}
