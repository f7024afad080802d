package io.pairbatch.results;

import io.pairbatch.store.Csv;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/// The columns of tables that are joined by the names of their columns: those of the first, then what the others have
/// besides. Holds their names.
///
/// @param names none if no job has the table
/// @param partial those that not all of the tables have
public record JoinedColumns(List<String> names, List<String> partial) {

    /// Of the tables with these headers.
    ///
    /// @param last columns that stay behind all others, in this order: a table of ours that is dropped again is known
    /// by
    /// what it ends with
    public static JoinedColumns of(List<List<String>> headers, List<String> last) {
        SequencedSet<String> all = new LinkedHashSet<>();
        headers.forEach(all::addAll);
        List<String> tail = last.stream().filter(all::contains).toList();
        tail.forEach(all::remove);
        all.addAll(tail);
        List<Set<String>> each = headers.stream()
                .map(header -> (Set<String>) new HashSet<>(header))
                .toList();
        return new JoinedColumns(
                List.copyOf(all),
                all.stream()
                        .filter(name -> !each.stream().allMatch(header -> header.contains(name)))
                        .toList());
    }

    /// Where in a table with this header each of the columns stands; negative where it does not.
    public int[] places(List<String> header) {
        Map<String, Integer> places = new HashMap<>();
        for (String name : header) {
            places.putIfAbsent(name, places.size());
        }
        return names.stream().mapToInt(name -> places.getOrDefault(name, -1)).toArray();
    }

    /// The header line; empty if no job has the table.
    public String line() {
        StringBuilder line = new StringBuilder();
        if (!names.isEmpty()) {
            Csv.line(line, names);
        }
        return line.toString();
    }
}
