package io.pairbatch.chaos.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// One way to break the code.
///
/// @param name a few words with hyphens
/// @param file a source file, relative to the project's folder
/// @param before the original code, which must occur exactly once
/// @param after the replacement
public record Mutant(String name, String file, String before, String after) {

    private static final String RESOURCE = "mutants.txt";
    private static final String BEGIN = "=== ";
    private static final String BECOMES = "--->";

    /// All mutants.
    public static List<Mutant> all() {
        try (InputStream in = Objects.requireNonNull(Mutant.class.getResourceAsStream(RESOURCE))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Parses mutants: a line `=== name file`, the original code, a line `--->`, the replacement.
    static List<Mutant> parse(String text) {
        List<Mutant> mutants = new ArrayList<>();
        for (String part : text.split("(?m)^" + BEGIN, -1)) {
            int line = part.indexOf('\n');
            int middle = part.indexOf("\n" + BECOMES);
            if (line < 0 || middle < 0) {
                continue;
            }
            String[] head = part.substring(0, line).split(" ", 2);
            String before = part.substring(line + 1, middle);
            String after = part.substring(middle + 1 + BECOMES.length()).strip();
            mutants.add(new Mutant(head[0], head[1].strip(), before.strip(), after));
        }
        return mutants;
    }

    /// The broken source.
    ///
    /// @param home the project's folder
    /// @throws IllegalStateException if the code has changed so that the mutant does not apply any more
    String source(Path home) throws IOException {
        String source = Files.readString(home.resolve(file));
        String pattern = flat(before);
        int at = find(source, pattern);
        if (at < 0) {
            throw new IllegalStateException(
                    "mutant " + name + ": " + file + " does not contain exactly once: " + before);
        }
        int end = end(source, at, pattern);
        return source.substring(0, at) + after + source.substring(end);
    }

    /// Whitespace and line breaks come from the formatter, so they are ignored.
    private static String flat(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static int find(String source, String pattern) {
        int found = -1;
        for (int i = 0; i < source.length(); i++) {
            if (!Character.isWhitespace(source.charAt(i)) && end(source, i, pattern) > 0) {
                if (found >= 0) {
                    return -1;
                }
                found = i;
            }
        }
        return found;
    }

    /// Where the pattern that starts at `from` ends; 0 if it does not match there.
    private static int end(String source, int from, String pattern) {
        int matched = 0;
        int i = from;
        while (i < source.length() && matched < pattern.length()) {
            char c = source.charAt(i++);
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (c != pattern.charAt(matched++)) {
                return 0;
            }
        }
        return matched == pattern.length() ? i : 0;
    }
}
