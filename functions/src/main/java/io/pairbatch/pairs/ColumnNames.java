package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.text.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a table calls columns that we need, as the field `columns` of its job says. Readers of the table see our names.
final class ColumnNames {

    private static final String FIELD = "`columns` in job.json";

    /// Their names by ours, in order.
    private final SequencedMap<String, String> theirs;

    private final Map<String, String> ours = new HashMap<>();

    /// @param columns the table's names, by ours
    ColumnNames(Map<String, String> columns) {
        theirs = new TreeMap<>(columns);
        theirs.forEach((our, their) -> ours.put(their, our));
    }

    /// Whether the table has our names.
    boolean isEmpty() {
        return theirs.isEmpty();
    }

    /// The names of a CSV file's columns, in ours.
    ///
    /// @param needed those that must be there
    /// @throws JobRejectedException `INPUT_COLUMNS`
    List<String> ofHeader(String file, List<String> names, List<String> needed) {
        if (isEmpty()) {
            return names;
        }
        checkBeside(file, names);
        List<String> missing =
                theirs.values().stream().filter(name -> !names.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw absent(file, names, missing);
        }
        List<String> renamed = names.stream().map(this::our).toList();
        List<String> unnamed =
                needed.stream().filter(name -> !renamed.contains(name)).toList();
        if (!unnamed.isEmpty()) {
            throw refused(
                    file,
                    "the columns " + Columns.shown(names) + "; " + FIELD + " has " + said(),
                    String.join(", ", needed) + "; missing: " + String.join(", ", unnamed)
                            + ", which `columns` has to name as well");
        }
        return renamed;
    }

    /// Looks at the names in the first object of a JSONL file: others may lack some of them.
    ///
    /// @throws JobRejectedException `INPUT_COLUMNS`
    void checkFirstObject(String file, Collection<String> names) {
        if (isEmpty()) {
            return;
        }
        checkBeside(file, names);
        if (theirs.values().stream().noneMatch(names::contains)) {
            throw absent(file, names, List.copyOf(theirs.values()));
        }
    }

    /// A row of a JSONL file with our names; empty if it has a column of our name beside the one that stands for it.
    Optional<JsonFields.Line.Fields> ofRow(JsonFields.Line.Fields row) {
        if (isEmpty()) {
            return Optional.of(row);
        }
        if (!beside(row.values().keySet()).isEmpty()) {
            return Optional.empty();
        }
        SequencedMap<String, @Nullable String> values =
                LinkedHashMap.newLinkedHashMap(row.values().size());
        row.values().forEach((name, value) -> values.put(our(name), value));
        return Optional.of(new JsonFields.Line.Fields(
                values,
                row.repaired(),
                row.kinds().entrySet().stream()
                        .collect(Collectors.toMap(kind -> our(kind.getKey()), Map.Entry::getValue)),
                row.nul()));
    }

    private String our(String name) {
        return ours.getOrDefault(name, name);
    }

    /// Our names that are there for other columns.
    private List<String> beside(Collection<String> names) {
        return theirs.entrySet().stream()
                .filter(name -> names.contains(name.getKey()) && names.contains(name.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> !ours.containsKey(name))
                .toList();
    }

    private void checkBeside(String file, Collection<String> names) {
        List<String> beside = beside(names);
        if (!beside.isEmpty()) {
            String name = beside.getFirst();
            throw refused(
                    file,
                    "a column `" + name + "` beside `" + Columns.cut(String.valueOf(theirs.get(name))) + "`, which "
                            + FIELD + " has for `" + name + "`",
                    "one of the two: leave `" + name + "` out of `columns`, or give that column another name");
        }
    }

    private JobRejectedException absent(String file, Collection<String> names, List<String> missing) {
        List<String> near = new ArrayList<>();
        missing.forEach(name -> Spelling.nearest(name, names)
                .ifPresent(found -> near.add("`" + Columns.cut(found) + "` for `" + Columns.cut(name) + "`")));
        return refused(
                file,
                "the columns " + Columns.shown(names),
                "those that " + FIELD + " names: " + said() + "; missing: "
                        + missing.stream()
                                .map(name -> "`" + Columns.cut(name) + "`")
                                .collect(Collectors.joining(", "))
                        + (near.isEmpty() ? "" : " (perhaps " + String.join(", ", near) + ")"));
    }

    /// Such as `` `left` for `ID1` ``.
    private String said() {
        return theirs.entrySet().stream()
                .map(name -> "`" + Columns.cut(name.getValue()) + "` for `" + name.getKey() + "`")
                .collect(Collectors.joining(", "));
    }

    private static JobRejectedException refused(String file, String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.INPUT_COLUMNS, file, found, expected));
    }
}
