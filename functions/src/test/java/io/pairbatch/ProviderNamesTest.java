package io.pairbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Checks that a provider is named only in its own package and in the list of providers: not in other strings or
/// identifiers. Comments are exempt.
class ProviderNamesTest {

    private static final Path PROJECT = Path.of("..");
    private static final List<String> MODULES = List.of("functions", "cli", "infra");
    private static final String PROVIDERS = "functions/src/main/java/io/pairbatch/provider/";
    private static final String CATALOG = PROVIDERS + "catalog/Providers.java";

    /// Other names that identify a provider besides its code: its hosts, its models, services that speak its protocol.
    private static final Map<String, String> OTHER_NAMES =
            Map.of("openai", "|azure|groq|mistral|gpt-", "anthropic", "|claude", "gemini", "|googleapis");

    /// Words that contain a provider's name but belong to no provider, each with its reason.
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "openai_max_retries", "a field of every job, whoever its provider is (contract 1.2)",
            "openaiMaxRetries", "the same in Java",
            "OPENAI_MAX_RETRIES", "the same, where it is declared",
            "openai_api_key", "a word by which people try to put a key into a job, which is refused");

    /// Strings, text blocks, characters, comments, identifiers. The first match in a file wins.
    private static final Pattern TOKEN =
            Pattern.compile("\"\"\"(?s:.*?)(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'"
                    + "|(?<comment>//[^\n]*|/\\*(?s:.*?)\\*/)|[A-Za-z_$][A-Za-z0-9_$]*");

    private static final Map<String, List<String>> WORDS = new HashMap<>();

    @BeforeAll
    static void readEverySource() throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String name = PROJECT.relativize(file).toString().replace('\\', '/');
                    WORDS.put(name, words(Files.readString(file)));
                }
            }
        }
    }

    private static List<String> words(String source) {
        List<String> words = new ArrayList<>();
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            if (token.group("comment") == null) {
                words.add(token.group());
            }
        }
        return words;
    }

    @Test
    void everyModuleIsRead() {
        assertThat(MODULES)
                .allSatisfy(module -> assertThat(WORDS.keySet()).anyMatch(file -> file.startsWith(module + "/")));
        assertThat(WORDS).containsKey(CATALOG);
    }

    @Test
    void aProviderIsNamedInItsOwnPackageAlone() {
        Set<String> found = new TreeSet<>();
        for (Backend backend : Backend.values()) {
            String code = backend.code();
            Pattern names = Pattern.compile("(?i)" + code + OTHER_NAMES.getOrDefault(code, ""));
            WORDS.forEach((file, words) -> {
                if (file.startsWith(PROVIDERS + code + "/") || file.equals(CATALOG)) {
                    return;
                }
                words.stream()
                        .filter(word -> names.matcher(word).find())
                        .filter(word -> !EXCEPTIONS.containsKey(word.replace("\"", "")))
                        .forEach(word -> found.add(file + ": " + word.strip()));
            });
        }
        assertThat(found)
                .as("names of providers outside of their packages; ask Backend or Providers instead")
                .isEmpty();
    }

    @Test
    void everyExceptionIsStillNeeded() {
        Set<String> unused = new TreeSet<>(EXCEPTIONS.keySet());
        WORDS.values().forEach(words -> words.forEach(word -> unused.remove(word.replace("\"", ""))));
        assertThat(unused).isEmpty();
    }

    @Test
    void aProvidersPackageIsNamedAfterItsCode() {
        assertThat(Backend.values())
                .allSatisfy(backend -> assertThat(WORDS.keySet())
                        .anyMatch(file ->
                                file.startsWith(PROVIDERS + backend.code().toLowerCase(Locale.ROOT) + "/")));
    }
}
