package io.pairbatch.cli.view;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names the command in what is printed as the user has called it. All texts, those of the stack too, say
/// `./pairbatch`; whoever works in another folder can type what they read all the same.
public final class Called extends FilterWriter {

    /// How all texts name the command.
    public static final String BY_DEFAULT = "./pairbatch";

    private static final Pattern NAMED = Pattern.compile("(?<![\\w./-])\\./pairbatch(?![\\w.-])");

    /// What a shell, a sentence and JSON take as it is.
    private static final Pattern PLAIN = Pattern.compile("[\\w./~@+-]+");

    private final String name;

    private Called(Writer out, String name) {
        super(out);
        this.name = Matcher.quoteReplacement(name);
    }

    /// A writer to `out`.
    ///
    /// @param name as the launcher was called; null if it does not say so
    public static Writer in(Writer out, @Nullable String name) {
        return name == null || name.equals(BY_DEFAULT) || !PLAIN.matcher(name).matches() ? out : new Called(out, name);
    }

    /// A text is written in one piece: no name is in two of them.
    @Override
    public void write(String text, int from, int length) throws IOException {
        String whole = text.substring(from, from + length);
        out.write(whole.contains(BY_DEFAULT) ? NAMED.matcher(whole).replaceAll(name) : whole);
    }
}
