package io.pairbatch.prompt;

import java.util.Optional;
import java.util.regex.Pattern;

/// A stack's library: templates and traits that are registered by name, as objects of the data bucket (contract 3.1).
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

    /// Whether something may be registered under `name`: 1 to 64 letters, digits, `_`, `.` and `-`, the first of them a
    /// letter or a digit. So it is never a path.
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Where everything of this kind lies; ends in `/`.
    public String prefix() {
        return prefix;
    }

    /// The object of a name.
    ///
    /// @throws IllegalArgumentException unless it [#isName]
    public String key(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name of the library");
        }
        return prefix + name + extension;
    }

    /// The name that an object is registered under; nothing for what lies there otherwise.
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
