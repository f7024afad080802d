package io.pairbatch.pairs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The commands that make a copy of a CSV file which can be read: with commas, in UTF-8, with our names. In R and
/// pandas,
/// the programs that write such tables.
///
/// @param file as the user has named it
/// @param sign what separates its columns
/// @param charset what it is in, as `iconv` spells it; null for UTF-8, empty if nobody can tell
/// @param mark what the copy's name has more
record CopyCommands(String file, char sign, @Nullable String charset, String mark) {

    private static final int MOST_NAMES = 20;
    private static final int LONGEST_NAME = 40;

    /// The end of a sentence such as `To make a copy with commas`: the commands, which give our names to the columns
    /// that
    /// were probably meant, and what is left to do.
    ///
    /// @param wrong what is wrong with the names; empty if nothing is
    String words(List<String> names, Optional<Columns.Wrong> wrong) {
        boolean renames = wrong.isPresent() && renames(names, wrong.get());
        String copy = quoted(Encoding.copy(file, mark));
        // Where nobody can tell the charset, the most usual one is named.
        String known = charset == null || !charset.isEmpty() ? charset : Encoding.WINDOWS_1252;
        String separator = sign == '\t' ? "\\t" : String.valueOf(sign);
        String read = "read.delim(" + quoted(file) + ", sep = \"" + separator
                + "\", colClasses = \"character\", check.names = FALSE, fileEncoding = \""
                + (known == null ? "UTF-8-BOM" : known) + "\")";
        String r = "write.csv("
                + (renames ? "setNames(" + read + ", c(" + newNames(names, wrong.get()) + "))" : read) + ", " + copy
                + ", row.names = FALSE, fileEncoding = \"UTF-8\")";
        String pandas =
                "import pandas as pd; pd.read_csv(" + quoted(file) + (sign == ',' ? "" : ", sep=\"" + separator + "\"")
                        + ", dtype=str, keep_default_na=False"
                        + (known == null ? "" : ", encoding=\"" + Encoding.python(known) + "\"") + ")"
                        + (renames ? ".rename(columns={" + renamed(wrong.get()) + "})" : "") + ".to_csv(" + copy
                        + ", index=False)";
        return ", in R: `" + r + "`; in pandas: `" + pandas + "`"
                + (wrong.isPresent() && !renames ? ". Then rename the columns in the copy" : "");
    }

    /// Whether the copy can have our names: each that is missing stands there in other words, and they are short enough
    /// for a command.
    private static boolean renames(List<String> names, Columns.Wrong wrong) {
        return wrong.meant().keySet().containsAll(wrong.missing())
                && names.size() <= MOST_NAMES
                && Set.copyOf(names).size() == names.size()
                && names.stream()
                        .allMatch(name -> name.length() <= LONGEST_NAME
                                && name.chars().noneMatch(Character::isISOControl)
                                && name.indexOf('`') < 0);
    }

    private static String newNames(List<String> names, Columns.Wrong wrong) {
        return names.stream()
                .map(name -> quoted(wrong.meant().entrySet().stream()
                        .filter(meant -> meant.getValue().equals(name))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(name)))
                .collect(Collectors.joining(", "));
    }

    private static String renamed(Columns.Wrong wrong) {
        return wrong.missing().stream()
                .map(needed -> quoted(String.valueOf(wrong.meant().get(needed))) + ": " + quoted(needed))
                .collect(Collectors.joining(", "));
    }

    /// As a string in R and Python.
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
