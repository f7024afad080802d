package io.pairbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks `contract-rules.txt`, the list of the contract's rules, against what shows that each rule is kept: case
/// folders, which name the rules in their `covers.txt`, and tests, which the list names. A rule needs one for each
/// provider that it concerns.
class ContractCoverageTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Pattern RULE =
            Pattern.compile("([1-9](?:\\.[0-9])?/[a-z0-9.-]+) \\| ([a-z ]+) \\| (contract|better|design) \\| (\\S.*)");
    private static final Pattern BY = Pattern.compile("    (?:(openai|anthropic|gemini) )?by: (\\w+)#(\\w+)");
    private static final Set<Backend> ALL = EnumSet.allOf(Backend.class);

    /// What is known about one rule.
    ///
    /// @param concerns empty if it does not depend on the provider
    private record Rule(String id, Set<Backend> concerns, List<TestName> tests, Set<Backend> covered) {}

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();
    private static final List<String> WRONG = new ArrayList<>();

    private record TestName(String type, String method) {}

    @BeforeAll
    static void readEverything() throws IOException {
        readList();
        for (String cases : List.of("contract", "contract-of-answers")) {
            try (Stream<Path> folders = Files.list(RESOURCES.resolve(cases))) {
                for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                    readCase(folder);
                }
            }
        }
    }

    @Test
    void everyRuleIsCoveredForEveryProviderThatItConcerns() {
        List<String> uncovered = new ArrayList<>();
        for (Rule rule : RULES.values()) {
            Set<Backend> left = EnumSet.copyOf(rule.concerns().isEmpty() ? ALL : rule.concerns());
            left.removeAll(rule.covered());
            boolean done = rule.concerns().isEmpty() ? !rule.covered().isEmpty() : left.isEmpty();
            if (!done) {
                uncovered.add(rule.id() + (rule.concerns().isEmpty() ? "" : " for " + left));
            }
        }
        assertThat(uncovered).as("rules that no case and no test covers").isEmpty();
    }

    @Test
    void everySectionHasItsRules() {
        Set<String> sections = new TreeSet<>();
        RULES.keySet().forEach(id -> sections.add(id.substring(0, id.indexOf('/'))));
        assertThat(sections)
                .contains(
                        "3.1", "3.2", "3.3", "4", "4.1", "4.2", "4.3", "5", "5.1", "5.2", "6.1", "6.2", "6.3", "6.4",
                        "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.7", "7.8");
    }

    @Test
    void everythingNamedExists() throws IOException {
        Map<String, String> sources = testSources();
        for (Rule rule : RULES.values()) {
            for (TestName test : rule.tests()) {
                String source = sources.get(test.type());
                if (source == null || !isTest(source, test.method())) {
                    WRONG.add(rule.id() + ": no such test: " + test.type() + "#" + test.method());
                }
            }
        }
        assertThat(WRONG).isEmpty();
    }

    private static void readList() throws IOException {
        Rule rule = null;
        for (String line : Files.readAllLines(RESOURCES.resolve("contract-rules.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher by = BY.matcher(line);
            Matcher named = RULE.matcher(line);
            if (by.matches() && rule != null) {
                rule.tests().add(new TestName(by.group(2), by.group(3)));
                rule.covered().addAll(by.group(1) == null ? ALL : Set.of(Backend.of(by.group(1))));
            } else if (named.matches()) {
                rule = new Rule(
                        named.group(1), backends(named.group(2)), new ArrayList<>(), EnumSet.noneOf(Backend.class));
                if (RULES.put(rule.id(), rule) != null) {
                    WRONG.add(rule.id() + " appears twice");
                }
            } else {
                WRONG.add("contract-rules.txt: " + line);
            }
        }
    }

    private static Set<Backend> backends(String words) {
        Set<Backend> backends = EnumSet.noneOf(Backend.class);
        switch (words) {
            case "all" -> backends.addAll(ALL);
            case "none" -> {}
            default -> Arrays.stream(words.split(" ", -1)).map(Backend::of).forEach(backends::add);
        }
        return backends;
    }

    private static void readCase(Path folder) throws IOException {
        Path covers = folder.resolve("covers.txt");
        if (!Files.exists(covers)) {
            return;
        }
        Path settings = folder.resolve("job.json");
        JsonNode given = new JsonMapper().readTree(Files.exists(settings) ? settings : folder.resolve("case.json"));
        Backend backend = Backend.of(given.path("backend").asString("openai"));
        for (String id : Files.readAllLines(covers)) {
            Rule rule = RULES.get(id);
            if (rule == null) {
                WRONG.add(covers + " names the rule " + id + ", which the list does not have");
            } else {
                rule.covered().add(backend);
                if (!rule.concerns().isEmpty() && !rule.concerns().contains(backend)) {
                    WRONG.add(covers + " names the rule " + id + ", which does not concern " + backend.code());
                }
            }
        }
    }

    /// Some rules are kept by other modules, whose classes are not available here but whose sources are.
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String module : List.of("analysis", "functions", "cli", "tests")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                for (Path file : files.filter(f -> f.toString().matches(".*(Test|IT)\\.java"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.merge(name, Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }

    private static boolean isTest(String source, String method) {
        Matcher declared = Pattern.compile("\\b(?:void|Stream<DynamicTest>) " + method + "\\(")
                .matcher(source);
        if (!declared.find()) {
            return false;
        }
        String before = source.substring(source.lastIndexOf("\n\n", declared.start()), declared.start());
        return Pattern.compile("@(?:Test|ParameterizedTest|TestFactory)\\b")
                .matcher(before)
                .find();
    }
}
