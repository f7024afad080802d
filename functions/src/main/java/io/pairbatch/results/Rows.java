package io.pairbatch.results;

import io.pairbatch.pairs.TableReport;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows of the input that are told of.
///
/// @param count how many
/// @param first the first of them, [#SHOWN] at most
public record Rows(long count, List<Long> first) {

    /// How many are named.
    public static final int SHOWN = 20;

    public static final Rows NONE = new Rows(0, List.of());

    public Rows {
        first = List.copyOf(first);
    }

    /// One row.
    public static Rows of(long row) {
        return new Rows(1, List.of(row));
    }

    /// Those of both.
    public Rows plus(Rows more) {
        return new Rows(
                count + more.count,
                Stream.concat(first.stream(), more.first.stream()).limit(SHOWN).toList());
    }

    /// These and one more, if it is one.
    public Rows with(long row, boolean it) {
        return it ? plus(of(row)) : this;
    }

    /// The same with fewer rows, for a list of many.
    public TableReport.Rows shortened() {
        return new TableReport.Rows(
                count, first.stream().limit(TableReport.SHOWN).toList(), "");
    }

    /// ` (rows 1, 2 and 3 more)`; empty where none is named.
    public String inBrackets() {
        if (first.isEmpty()) {
            return "";
        }
        String named = first.stream().map(String::valueOf).collect(Collectors.joining(", "));
        long more = count - first.size();
        return (count == 1 ? " (row " : " (rows ") + named + (more == 0 ? "" : " and " + more + " more") + ")";
    }
}
