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
/// @param file a source file, from the project's folder on
/// @param before what stands there, once
/// @param after what is put in its place
public record Mutant(String name, String file, String before, String after) {

    private static final String RESOURCE = "mutants.txt";
    private static final String BEGIN = "=== ";
    private static final String BECOMES = "--->";

    /// All of them.
    public static List<Mutant> all() {
        try (InputStream in = Objects.requireNonNull(Mutant.class.getResourceAsStream(RESOURCE))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads mutants: a line `=== name file`, what stands there, a line `--->`, what it becomes.
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
    /// @throws IllegalStateException when the code has changed and the mutant does not fit any more
    String source(Path home) throws IOException {
        String source = Files.readString(home.resolve(file));
        String pattern = flat(before);
        int at = find(source, pattern);
        if (at < 0) {
            throw new IllegalStateException("mutant " + name + ": " + file + " does not hold, exactly once: " + before);
        }
        int end = end(source, at, pattern);
        return source.substring(0, at) + after + source.substring(end);
    }

    /// Blanks and line ends are the formatter's, so they do not count.
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

    /// Where the pattern ends that begins at `from`; 0 when it does not stand there.
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
