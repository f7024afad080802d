package io.pairbatch.pairs;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One accepted row of the input.
///
/// @param row the input row's number, 1-based, header and blank lines not counted
/// @param columns every column of the row in order, including `ID1`, `text1`, `ID2` and `text2`; a missing value is
/// null. What is made of samples has no texts there
public record Pair(
        long row, String id1, String id2, String text1, String text2, SequencedMap<String, @Nullable String> columns) {

    /// The same with the columns that it has in a table of pairs.
    public Pair asRow() {
        if (columns.containsKey("text1")) {
            return this;
        }
        SequencedMap<String, @Nullable String> all = new LinkedHashMap<>();
        all.put("ID1", id1);
        all.put("text1", text1);
        all.put("ID2", id2);
        all.put("text2", text2);
        all.putAll(columns);
        return new Pair(row, id1, id2, text1, text2, all);
    }
}
