package io.pairbatch.prompt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// Checks whether a text is a prompt template (contract 3.1).
public final class TemplateText {

    /// The maximum size of a template's file.
    public static final int MAX_BYTES = 1 << 20;

    private TemplateText() {}

    /// A file's text: lines joined with `\n`, so without a final newline and independent of the original line breaks.
    ///
    /// @param name the file's name in messages
    /// @param bytes the file, or its first `MAX_BYTES + 1` bytes
    public static Checked<String> ofFile(String name, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return new Checked.Invalid<>("more than 1 MiB in `" + name + "`", "1 MiB at most");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return of(plain.lines().collect(Collectors.joining("\n")));
        } catch (CharacterCodingException e) {
            return new Checked.Invalid<>("`" + name + "`, which is not UTF-8", "a text in UTF-8");
        }
    }

    /// The text itself if it holds all four placeholders; otherwise the missing ones, in the contract's order.
    public static Checked<String> of(String text) {
        List<Placeholder> missing = Placeholder.missingIn(text);
        if (missing.isEmpty()) {
            return new Checked.Valid<>(text);
        }
        return new Checked.Invalid<>(
                "a template without " + missing.stream().map(Placeholder::token).collect(Collectors.joining(", ")),
                "a template with all four placeholders");
    }
}
