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

    /// The comparison of the pair with this number.
    ///
    /// @param order 1 for the texts as they stand, 2 with the second one first
    public Pair judgedAs(long number, int order) {
        return order == 1
                ? row == number ? this : new Pair(number, id1, id2, text1, text2, columns)
                : new Pair(number, id2, id1, text2, text1, reversed());
    }

    /// What says something of one of the texts changes its place, or is missing where the other one has it not; other
    /// columns stay.
    private SequencedMap<String, @Nullable String> reversed() {
        SequencedMap<String, @Nullable String> other = new LinkedHashMap<>();
        columns.forEach((name, value) -> {
            String partner = partner(name);
            other.put(name, partner.equals(name) ? value : columns.get(partner));
        });
        return other;
    }

    /// The name of the other text's column: those that every table has, and `ID1.x` beside `ID2.x`.
    private static String partner(String name) {
        return switch (name) {
            case "ID1" -> "ID2";
            case "ID2" -> "ID1";
            case "text1" -> "text2";
            case "text2" -> "text1";
            default ->
                name.startsWith("ID1.")
                        ? "ID2." + name.substring(4)
                        : name.startsWith("ID2.") ? "ID1." + name.substring(4) : name;
        };
    }

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
