package io.pairbatch.cli.job;

import io.pairbatch.job.JobId;
import io.pairbatch.pairs.Unjudged;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.text.Plural;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job's item in the registry. What the stack has not written yet is null or zero.
///
/// @param updatedAt changes with every write of the item
/// @param sourceKey the data file's key in the bucket
/// @param sourceVersion the version of the data file that the job reads
/// @param segments segments registered so far; all of them when `splitDone`
/// @param observed pairs with a winner, like those without one known once it is done
/// @param unjudged why rows have no judgement, as far as it is known
/// @param errorMessage every problem, one per line
/// @param preflight the result of the preflight request, in one line
/// @param sameAs the job that judges the same instead of this one, which has stopped
/// @param awaitsDeletion the job whose deletion it waits for before anything is sent; null if it waits for none
/// @param tags its study, its labels, and whether each segment is told
/// @param perRow how many comparisons each accepted row makes
/// @param simulated whether the simulator answers in place of the provider, so that nothing is paid
/// @param costs its money
/// @param cancelled whether a person has cancelled it, and nobody has had it go on since
/// @param judges the names of its judges, if it has several
/// @param panel the job that has several judges, of the job of one of them; null for any other job
/// @param judge which of them it is of; null likewise
public record Job(
        String id,
        JobState state,
        @Nullable Instant createdAt,
        @Nullable String updatedAt,
        @Nullable Instant finishedAt,
        @Nullable String sourceKey,
        @Nullable String sourceVersion,
        @Nullable String backend,
        @Nullable String model,
        long rowsRead,
        long rowsAccepted,
        long rowsRejected,
        int perRow,
        int segments,
        boolean splitDone,
        long observed,
        long failed,
        Unjudged unjudged,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable String preflight,
        @Nullable String sameAs,
        @Nullable String awaitsDeletion,
        JobTags tags,
        boolean simulated,
        Costs costs,
        boolean cancelled,
        List<String> judges,
        @Nullable String panel,
        @Nullable String judge) {

    /// Whether it has several judges.
    public boolean isPanel() {
        return !judges.isEmpty();
    }

    /// Who judges, in a word or two: the model, or how many judges; null while that is not known.
    public @Nullable String whoJudges() {
        return isPanel() ? Plural.of(judges.size(), "judge") : model;
    }

    /// The ids of the jobs of its judges, in their order.
    public List<String> judgeJobs() {
        return JobId.ofJudges(id, judges);
    }

    /// The same with what the jobs of its judges have counted.
    ///
    /// @param most the one of them that has read most rows
    Job judging(Job most, Costs sums, boolean split, int comparisons, int registered) {
        return new Job(
                id,
                state,
                createdAt,
                updatedAt,
                finishedAt,
                sourceKey,
                sourceVersion,
                backend,
                model,
                most.rowsRead,
                most.rowsAccepted,
                most.rowsRejected,
                comparisons,
                registered,
                split,
                observed,
                failed,
                unjudged,
                errorCode,
                errorMessage,
                preflight,
                sameAs,
                awaitsDeletion,
                tags,
                simulated,
                sums,
                cancelled,
                judges,
                panel,
                judge);
    }

    /// What is said beside a job that the simulator answered.
    public static final String SIMULATED = "(simulated, nothing was paid)";

    private static final long SLASHES_OF_A_FOLDER = 2;

    /// The state as shown to people; of a job that is done also how it has gone, as far as the registry tells, and
    /// whether a person has cancelled it.
    public String words() {
        String words = awaitsDeletion == null
                ? state.words(observed, failed)
                : "waiting for the deletion of " + awaitsDeletion;
        return cancelled && state != JobState.CANCELLED && state != JobState.CANCELLING ? words + ", cancelled" : words;
    }

    /// Whether it is done and has lost too many comparisons, as far as the registry tells; it counts no texts.
    public boolean hasLosses() {
        return state == JobState.DONE && (observed == 0 || JobState.tooMany(observed, failed));
    }

    /// Whether it is done, was cancelled, and some of its pairs have no winner.
    public boolean lacksAnswers() {
        return state == JobState.DONE && cancelled && failed > 0;
    }

    /// Accepted rows that are not in a finished job's sample. While a sample grows, most others are being judged.
    public long left() {
        return state == JobState.DONE ? Math.max(0, rowsAccepted - sent()) : 0;
    }

    /// Accepted rows whose comparisons have been sent, as far as they are counted.
    public long sent() {
        return (observed + failed) / perRow;
    }

    /// Whether the pairs with and without a winner are counted: at its end, or since the end of an earlier part.
    public boolean counted() {
        return state == JobState.DONE || observed + failed > 0;
    }

    /// Whether it waits in a folder where no job starts: one below `inbox/NAME/`.
    public boolean isTooDeep() {
        return state == JobState.WAITING_FOR_SPEC
                && sourceKey != null
                && sourceKey.chars().filter(c -> c == '/').count() > SLASHES_OF_A_FOLDER;
    }
}
