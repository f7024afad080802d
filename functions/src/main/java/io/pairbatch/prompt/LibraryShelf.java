package io.pairbatch.prompt;

import java.util.Optional;
import java.util.regex.Pattern;

/// A stack's library: templates and traits that are registered by name, as objects in the data bucket (contract 3.1).
public enum LibraryShelf {
    /// `library/templates/NAME.txt`, read by [TemplateText].
    TEMPLATES("library/templates/", ".txt"),
    /// `library/traits/NAME.json`, read by [TraitText].
    TRAITS("library/traits/", ".json");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private final String prefix;
    private final String extension;

    LibraryShelf(String prefix, String extension) {
        this.prefix = prefix;
        this.extension = extension;
    }

    /// Whether `name` is a valid name to register: 1 to 64 letters, digits, `_`, `.` and `-`, the first of them a
    /// letter or a digit. So it is never a path.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// The key prefix of everything of this kind; ends in `/`.
    public String prefix() {
        return prefix;
    }

    /// The object of a name.
    ///
    /// @throws IllegalArgumentException unless it [#isName]
    public String key(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a valid name in the library");
        }
        return prefix + name + extension;
    }

    /// The name that an object is registered under; empty for any other object.
    public Optional<String> nameOf(String key) {
        if (!key.startsWith(prefix)
                || !key.endsWith(extension)
                || key.length() <= prefix.length() + extension.length()) {
            return Optional.empty();
        }
        return Optional.of(key.substring(prefix.length(), key.length() - extension.length()))
                .filter(LibraryShelf::isName);
    }
}
