package io.pairbatch.pairs;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The names of a table's columns: the required ones, and the ones that were probably meant.
final class Columns {

    static final String ID1 = "ID1";
    static final String TEXT1 = "text1";
    static final String ID2 = "ID2";
    static final String TEXT2 = "text2";

    /// The columns that `failed_pairs.csv` has after the input's. A table that ends with these, in this order, is one
    /// of ours that was dropped again.
    static final List<String> OWN = List.of("order", "repeat", "judge", "error_code", "error_detail");

    private static final List<String> NEEDED = List.of(ID1, TEXT1, ID2, TEXT2);
    private static final int SHOWN_NAMES = 20;
    private static final int SHOWN_LENGTH = 40;

    private Columns() {}

    /// Whether `names` ends with our own columns.
    static boolean endWithOwn(List<String> names) {
        int kept = names.size() - OWN.size();
        return kept >= 0 && names.subList(kept, names.size()).equals(OWN);
    }

    /// Checks the header line of a CSV file.
    ///
    /// @throws JobRejectedException `INPUT_COLUMNS`
    static void checkHeader(String file, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty() && names.size() > 1) {
                throw refused(file, "no name over column " + (i + 1), "a name for each column");
            }
            if (!seen.add(names.get(i))) {
                throw refused(file, "two columns `" + cut(names.get(i)) + "`", "each name once");
            }
        }
        if (names.size() == 1 && !seen.containsAll(NEEDED)) {
            String only = names.getFirst();
            String separator = only.indexOf(';') >= 0 ? "semicolons" : only.indexOf('\t') >= 0 ? "tabs" : "";
            if (!separator.isEmpty()) {
                throw refused(file, "columns that are separated by " + separator, "commas between the columns");
            }
        }
        checkNeeded(file, names);
    }

    /// Checks the first object of a JSONL file: a misspelled name would reject every row.
    ///
    /// @throws JobRejectedException `INPUT_COLUMNS`
    static void checkFirstObject(String file, Collection<String> names) {
        boolean none = NEEDED.stream().noneMatch(names::contains);
        if (none || !nearMisses(names).isEmpty()) {
            checkNeeded(file, names);
        }
    }

    private static void checkNeeded(String file, Collection<String> names) {
        List<String> missing =
                NEEDED.stream().filter(name -> !names.contains(name)).toList();
        if (missing.isEmpty()) {
            return;
        }
        String near = nearMisses(names);
        if (missing.size() == NEEDED.size() && near.isEmpty()) {
            // There may be no header, and this may be a participant's text.
            throw refused(
                    file,
                    "a first line of " + names.size() + " fields, none of which is the name of a column that we need",
                    "a header with ID1, text1, ID2 and text2");
        }
        throw refused(
                file,
                "the columns " + shown(names) + (near.isEmpty() ? "" : " (" + near + ")"),
                "ID1, text1, ID2 and text2; missing: " + String.join(", ", missing));
    }

    private static String nearMisses(Collection<String> names) {
        return NEEDED.stream()
                .filter(needed -> !names.contains(needed))
                .flatMap(needed -> names.stream()
                        .filter(name -> isNear(needed, name))
                        .limit(1)
                        .map(name -> "`" + cut(name) + "` for `" + needed + "`"))
                .collect(Collectors.joining(", "));
    }

    private static boolean isNear(String needed, String name) {
        String plain = plain(name);
        return plain.equals(plain(needed))
                || (needed.startsWith("text") && plain.equals("sample" + needed.substring(4)));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static String shown(Collection<String> names) {
        String list = names.stream().limit(SHOWN_NAMES).map(Columns::cut).collect(Collectors.joining(", "));
        return names.size() > SHOWN_NAMES ? list + ", … (" + names.size() + ")" : list;
    }

    private static String cut(String name) {
        String line = name.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN_LENGTH ? line : line.substring(0, SHOWN_LENGTH) + "…";
    }

    private static JobRejectedException refused(String file, String found, String expected) {
        return new JobRejectedException(new Problem(ErrorCode.INPUT_COLUMNS, file, found, expected));
    }
}
