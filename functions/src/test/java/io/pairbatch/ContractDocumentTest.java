package io.pairbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checks that docs/CONTRACT.md has every section that is cited by number: in the sources of all modules, in the list
/// of rules, and in the names of the cases.
class ContractDocumentTest {

    private static final Path ROOT = Path.of("..");
    private static final Path RESOURCES = Path.of("src/test/resources");

    private static final String NUMBER = "[1-9][0-9]?(?:\\.[1-9][0-9]?)?";
    private static final Pattern SECTION = Pattern.compile(NUMBER);
    private static final Pattern HEADING = Pattern.compile("(?m)^#{2,3} (" + NUMBER + ") \\S");

    /// The word and one number, or several separated by commas and `and`.
    private static final Pattern CITATION =
            Pattern.compile("(?i)\\bcontract \\(?(" + NUMBER + "(?:(?:, | and )" + NUMBER + ")*)(?![0-9.]*[0-9])");

    /// A comment may have a line break between the word and the number.
    private static final Pattern LINE_BREAK = Pattern.compile("\\R\\s*(?:/{2,3})?\\s*");

    private static final Pattern RULE = Pattern.compile("(?m)^(" + NUMBER + ")/");
    private static final Pattern CASE = Pattern.compile("(" + NUMBER + ")-.*");

    @Test
    void everySectionThatASourceCitesExists() throws IOException {
        Set<String> sections = sections();
        Set<String> cited = new TreeSet<>();
        List<String> missing = new ArrayList<>();
        for (Path source : sources()) {
            String text = LINE_BREAK.matcher(Files.readString(source)).replaceAll(" ");
            for (String numbers : found(CITATION, text)) {
                for (String number : found(SECTION, numbers)) {
                    cited.add(number);
                    if (!sections.contains(number)) {
                        missing.add(source + " cites " + number);
                    }
                }
            }
        }
        assertThat(cited).as("what is cited").contains("1.3", "2", "3.1", "4.1", "5.2", "6.2", "7.6", "8");
        assertThat(missing).as("citations of sections that do not exist").isEmpty();
    }

    @Test
    void everySectionOfARuleExists() throws IOException {
        List<String> ruled = found(RULE, Files.readString(RESOURCES.resolve("contract-rules.txt")));
        assertThat(ruled).isNotEmpty();
        assertThat(sections()).containsAll(ruled);
    }

    @Test
    void everySectionOfACaseExists() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (String cases : List.of("contract", "contract-of-answers")) {
            try (Stream<Path> folders = Files.list(RESOURCES.resolve(cases))) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    Matcher named = CASE.matcher(folder.getFileName().toString());
                    assertThat(named.matches())
                            .as("%s begins with a section", folder)
                            .isTrue();
                    shown.add(named.group(1));
                }
            }
        }
        assertThat(sections()).containsAll(shown);
    }

    @Test
    void noSectionAppearsTwice() throws IOException {
        assertThat(found(HEADING, document())).doesNotHaveDuplicates();
    }

    private static Set<String> sections() throws IOException {
        return new TreeSet<>(found(HEADING, document()));
    }

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/CONTRACT.md"));
    }

    /// The last group of every match, or the whole match of a pattern without groups.
    private static List<String> found(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                addSources(module.resolve("src"), sources);
            }
        }
        return sources;
    }

    private static void addSources(Path folder, List<Path> sources) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".java")) {
                    sources.add(file);
                }
            }
        }
    }
}
