package io.pairbatch.cli.samples;

import io.pairbatch.cli.job.TableEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What those texts of a folder seem to be in that are not UTF-8.
///
/// @param name of the character set, for `--convert-from`; empty where nobody can tell, or where reading the folder so
/// would spoil other texts
/// @param files how many texts these are
/// @param words what is wrong with the first of them; empty if nobody can tell
record TextCharset(String name, int files, String words) {

    /// Looks at some texts of a folder.
    ///
    /// @param names of those that are not UTF-8
    /// @param texts how many texts there are in all
    static TextCharset of(Path folder, List<String> names, int texts) throws IOException {
        Set<String> found = new HashSet<>();
        String words = "";
        for (String name : names) {
            TableEncoding is = TableEncoding.of(folder.resolve(name));
            words = name.equals(names.getFirst()) ? is.words() : words;
            // One whose only such byte means something in several of them is in what the others are in.
            if (!is.charset().isEmpty()) {
                found.add(is.charset());
            }
        }
        String only = found.size() == 1 ? found.iterator().next() : "";
        // A plain text is one in most character sets, but not in those of two or four bytes.
        boolean spoils = only.startsWith("utf-") && names.size() < texts;
        return new TextCharset(spoils ? "" : only, names.size(), words);
    }

    /// The end of a sentence that names the files.
    String first() {
        return words.isEmpty() ? "" : " (" + (files == 1 ? "" : "the first: ") + words + ")";
    }
}
