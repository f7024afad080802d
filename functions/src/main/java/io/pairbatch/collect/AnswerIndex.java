package io.pairbatch.collect;

import io.pairbatch.provider.Answer;
import java.io.IOException;
import java.util.Arrays;

/// Where in the spool the last answer to each pair of a segment is. Holds 16 bytes a pair.
final class AnswerIndex {

    private final long[] rows;
    private final long[] lastPlace;
    private final AnswerSpool spool;
    private long duplicates;

    /// @param rows the rows of the segment's pairs, ascending
    AnswerIndex(long[] rows, AnswerSpool spool) {
        this.rows = rows;
        this.lastPlace = new long[rows.length];
        Arrays.fill(lastPlace, AnswerSpool.NONE);
        this.spool = spool;
    }

    /// Takes an answer to the pair of this comparison number; false when the segment has no such pair.
    boolean add(long comparison, Answer answer) throws IOException {
        int pair = Arrays.binarySearch(rows, comparison);
        if (pair < 0) {
            return false;
        }
        if (lastPlace[pair] != AnswerSpool.NONE) {
            duplicates++;
        }
        lastPlace[pair] = spool.write(answer, lastPlace[pair]);
        return true;
    }

    /// The place of the last answer to the `pair`-th pair (from 0), or [AnswerSpool#NONE].
    long lastPlace(int pair) {
        return lastPlace[pair];
    }

    int pairs() {
        return rows.length;
    }

    /// How many answers had a later one.
    long duplicates() {
        return duplicates;
    }
}
