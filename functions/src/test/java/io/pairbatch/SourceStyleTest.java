package io.pairbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Checks what the formatter leaves open, in the sources of all modules.
class SourceStyleTest {

    private static final Path ROOT = Path.of("..");

    /// Text blocks, strings, characters and comments, which may hold anything.
    private static final Pattern TEXT =
            Pattern.compile("\"\"\"(?s:.*?)(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'"
                    + "|//[^\n]*|/\\*(?s:.*?)\\*/");

    private static final Pattern VAR = Pattern.compile("\\bvar\\s+\\w");

    /// A brace at the end of a line, with the type that it opens, if any, and the blank line after it, if any. An enum
    /// begins with its constants.
    private static final Pattern OPENED =
            Pattern.compile("(?<type>(?<![.\\w])(?:class|interface|record)\\s+[A-Z]\\w*[^;{}]*)?"
                    + "(?<brace>\\{)[ ~]*\n(?<blank>\n)?");

    /// The sources by name, without texts; each keeps its lines.
    private static final Map<String, String> SOURCES = new TreeMap<>();

    @BeforeAll
    static void readEverySource() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path folder : modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        SOURCES.put(ROOT.relativize(file).toString(), withoutTexts(Files.readString(file)));
                    }
                }
            }
        }
    }

    @Test
    void everyTypeIsWrittenOut() {
        List<String> found = new ArrayList<>();
        SOURCES.forEach((name, source) -> {
            Matcher declared = VAR.matcher(source);
            while (declared.find()) {
                found.add(place(name, source, declared.end()));
            }
        });
        assertThat(found).as("declarations with var; write the type").isEmpty();
    }

    @Test
    void everyModuleIsRead() {
        assertThat(SOURCES)
                .containsKeys(
                        "backend/src/main/java/io/pairbatch/backend/Backend.java",
                        "tests/src/test/java/io/pairbatch/tests/TestStack.java");
    }

    @Test
    void aTypeBeginsWithABlankLineAndNothingElseDoes() {
        List<String> found = new ArrayList<>();
        SOURCES.forEach((name, source) -> {
            Matcher opened = OPENED.matcher(source);
            while (opened.find()) {
                boolean blank = opened.group("blank") != null;
                if (blank != (opened.group("type") != null)) {
                    found.add((blank ? "one too many: " : "none: ") + place(name, source, opened.end("brace")));
                }
            }
        });
        assertThat(found)
                .as("blank lines after a brace: one, if it opens a class, an interface or a record, else none")
                .isEmpty();
    }

    private static String withoutTexts(String source) {
        return TEXT.matcher(source)
                .replaceAll(text ->
                        "~" + "\n~".repeat((int) text.group().lines().skip(1).count()));
    }

    private static String place(String name, String source, int end) {
        return name + ":" + source.substring(0, end).lines().count();
    }
}
