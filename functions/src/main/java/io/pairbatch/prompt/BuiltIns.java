package io.pairbatch.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The templates and traits that need no file (contract 3.1). `default` asks for what contract 3.2 lists; `test1` to
/// `test5` ask for the same in other ways, to show how much a result depends on the wording.
public final class BuiltIns {

    /// The template of a job that does not name one.
    public static final String DEFAULT_TEMPLATE = "default";

    private static final SortedSet<String> TEMPLATES =
            new TreeSet<>(Set.of(DEFAULT_TEMPLATE, "test1", "test2", "test3", "test4", "test5"));

    private static final Map<String, Trait> TRAITS = Map.of(
            "overall_quality",
            new Trait(
                    "Overall Quality",
                    "How good the text is as a whole piece of writing: how well its content, structure and language"
                            + " work together for its reader."),
            "organization",
            new Trait(
                    "Organization",
                    "How well the text is ordered: whether its ideas follow one another clearly, belong together within"
                            + " their parts, and lead from an opening to a close."));

    private BuiltIns() {}

    /// The text of a built-in template, without a final newline.
    public static Optional<String> template(String name) {
        return TEMPLATES.contains(name) ? Optional.of(resource(name + ".txt")) : Optional.empty();
    }

    /// The names of the built-in templates.
    public static SortedSet<String> templates() {
        return Collections.unmodifiableSortedSet(TEMPLATES);
    }

    /// The built-in trait with this key.
    public static Optional<Trait> trait(String key) {
        return Optional.ofNullable(TRAITS.get(key));
    }

    /// The keys of the built-in traits.
    public static SortedSet<String> traits() {
        return new TreeSet<>(TRAITS.keySet());
    }

    private static String resource(String name) {
        try (InputStream in = BuiltIns.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("Missing resource in the package: " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
