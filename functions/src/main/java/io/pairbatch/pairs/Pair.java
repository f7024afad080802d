package io.pairbatch.pairs;

import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One accepted row of the input.
///
/// @param row the input row's number, 1-based, header and blank lines not counted
/// @param columns every column of the row in order, including `ID1`, `text1`, `ID2` and `text2`; a missing value is
/// null
public record Pair(
        long row, String id1, String id2, String text1, String text2, SequencedMap<String, @Nullable String> columns) {}
