package io.pairbatch.collect;

import io.pairbatch.provider.Answer;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Where the last answer to each pair of a segment is in the spool. Uses about 16 bytes of memory per pair.
final class AnswerIndex {

    private final long[] rows;
    private final long[] lastPlace;
    private final AnswerSpool spool;
    private final BitSet answered;
    private int withLine;
    private long duplicates;

    /// @param rows the rows of the segment's pairs, ascending
    AnswerIndex(long[] rows, AnswerSpool spool) {
        this.rows = rows;
        this.lastPlace = new long[rows.length];
        Arrays.fill(lastPlace, AnswerSpool.NONE);
        this.spool = spool;
        this.answered = new BitSet(rows.length);
    }

    /// Adds an answer to the pair of this comparison number, with its line if that is kept; false if the segment has no
    /// such pair.
    boolean add(long comparison, Answer answer, @Nullable String raw) throws IOException {
        int pair = Arrays.binarySearch(rows, comparison);
        if (pair < 0) {
            return false;
        }
        if (lastPlace[pair] == AnswerSpool.NONE) {
            withLine++;
        } else {
            duplicates++;
        }
        if (!isFailure(answer)) {
            answered.set(pair);
        }
        lastPlace[pair] = spool.write(answer, raw, lastPlace[pair]);
        return true;
    }

    /// The place of the last answer to the `pair`-th pair (from 0), or [AnswerSpool#NONE].
    long lastPlace(int pair) {
        return lastPlace[pair];
    }

    int pairs() {
        return rows.length;
    }

    /// How many pairs have a line.
    int withLine() {
        return withLine;
    }

    /// How many pairs have a line that is not an error.
    int answered() {
        return answered.cardinality();
    }

    /// What the provider counts as failed. A line that does not say so counts as an answer.
    private static boolean isFailure(Answer answer) {
        Integer status = answer.statusCode();
        boolean told = answer.errorMessage() != null || answer.providerError() != null;
        return status == null ? told && answer.content() == null : status >= 400;
    }

    /// How many lines there are beyond one for each pair.
    long duplicates() {
        return duplicates;
    }
}
