package io.pairbatch.cli.job;

import io.pairbatch.registry.JobState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The comparisons of a done job that have no winner: how many, why, and of which texts. Decides whether they are too
/// many to call the job just done.
///
/// @param judged comparisons with a winner
/// @param lost comparisons without one
/// @param rejected rows of the table that were never compared; they are no losses
/// @param causes why they were lost, or why rows were rejected where none was compared; the commonest first, a few
/// @param otherCauses what came of other causes than these; where a cause is known, all that it explains is no other
/// @param batches what the provider said of batches that did not run to their end, each status with how many; a few,
/// and only
/// what no cause says already
/// @param worst the texts that lost the largest part of their comparisons, or the most of them; a few
/// @param hit how many texts lost too large a part of theirs
/// @param uncounted lost comparisons with a text that was not counted, since there were too many texts
/// @param failed the lost comparisons by what kept them from having a winner, which says what can be done
public record Losses(
        long judged,
        long lost,
        long rejected,
        List<Cause> causes,
        long otherCauses,
        List<Cause> batches,
        List<Text> worst,
        long hit,
        long uncounted,
        FailedPairs failed) {

    /// How a job that is done has gone.
    public enum Verdict {
        /// Everything was judged, or nearly everything.
        DONE,
        /// Too many comparisons were lost.
        LOSSES,
        NOTHING_JUDGED
    }

    /// One cause, with an example of what the provider says.
    ///
    /// @param cause what kept these pairs from having a winner, where that is known; "" otherwise. Several codes, and
    /// several words, may have the same
    /// @param code an `error_code` of `failed_pairs.csv`, a `reason` of `rejected_rows.csv`, or the `status` of a batch
    /// @param example "" where there are no words
    public record Cause(String cause, String code, String example, long count) {

        /// One of which only the code is known.
        Cause(String code, String example, long count) {
            this("", code, example, count);
        }
    }

    /// A text and what it lost.
    ///
    /// @param comparisons all that it was in
    public record Text(String id, long lost, long comparisons) {

        /// Whether it lost more than a fifth of its comparisons. One or two may be lost by chance, unless these were
        /// all: then no ranking has the text. A table that has each text only once, of pairs of answers for example,
        /// ranks none.
        public boolean isHit() {
            boolean gone = lost == comparisons && lost > 1;
            return gone || (lost >= FEWEST_OF_A_TEXT && lost * MOST_OF_A_TEXT > comparisons);
        }
    }

    /// More than a fifth.
    private static final long MOST_OF_A_TEXT = 5;

    private static final long FEWEST_OF_A_TEXT = 3;

    public Losses {
        causes = List.copyOf(causes);
        batches = List.copyOf(batches);
        worst = List.copyOf(worst);
    }

    /// The causes that are shown, each with what it was told by; by code where the cause is not known.
    public Map<String, List<Cause>> byCause() {
        Map<String, List<Cause>> all = new LinkedHashMap<>();
        for (Cause each : causes) {
            String name = each.cause().isEmpty() ? each.code() + " " + all.size() : each.cause();
            all.computeIfAbsent(name, first -> new ArrayList<>()).add(each);
        }
        return all;
    }

    /// How many comparisons a cause explains, all of its codes and words together.
    ///
    /// @param told what is shown of it
    public long explained(List<Cause> told) {
        String cause = told.getFirst().cause();
        return cause.isEmpty() ? told.stream().mapToLong(Cause::count).sum() : failed.named(cause);
    }

    /// How the job has gone.
    public Verdict verdict() {
        if (judged == 0) {
            return Verdict.NOTHING_JUDGED;
        }
        return hit > 0 || JobState.tooMany(judged, lost) ? Verdict.LOSSES : Verdict.DONE;
    }
}
