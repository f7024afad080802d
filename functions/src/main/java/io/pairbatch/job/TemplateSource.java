package io.pairbatch.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the template that `prompt_template` means: the text itself when it holds `{SAMPLE_1}`, else a file beside the
/// specification, else a registered name.
final class TemplateSource {

    private static final String FIELD = "prompt_template";
    private static final String DEFAULT = "default";
    private static final int MAX_NAME = 255;
    private static final int MAX_BYTES = 1 << 20;

    private final SpecRules rules;
    private final SpecFiles files;

    TemplateSource(SpecRules rules, SpecFiles files) {
        this.rules = rules;
        this.files = files;
    }

    /// Whether the value is a template rather than a name; a text of several lines or with a brace can only be meant as
    /// one, even when `{SAMPLE_1}` is what it lacks.
    static boolean isTemplateText(String value) {
        return value.contains(Placeholder.SAMPLE_1.token())
                || value.indexOf('{') >= 0
                || value.indexOf('\n') >= 0
                || value.length() > MAX_NAME;
    }

    /// Whether the value names a file in the same folder and nothing else.
    static boolean isPlainName(String value) {
        return !value.isBlank()
                && !value.startsWith(".")
                && value.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }

    /// The template's text, or an empty one after noting a problem.
    String read(SpecFields fields) throws IOException {
        String value = fields.text(FIELD, DEFAULT);
        if (isTemplateText(value)) {
            return checked(fields, value);
        }
        if (!isPlainName(value)) {
            fields.invalid(FIELD, fields.find(FIELD), "a template, the plain name of a file beside it, or `default`");
            return "";
        }
        Optional<InputStream> file = files.open(value);
        if (file.isPresent()) {
            try (InputStream in = file.get()) {
                String text = text(fields, value, in.readNBytes(MAX_BYTES + 1));
                return text == null ? "" : checked(fields, text);
            }
        }
        Optional<String> registered = rules.template(value);
        if (registered.isEmpty()) {
            fields.problem(
                    ErrorCode.SPEC_FILE_NOT_FOUND,
                    FIELD,
                    "`" + value + "`, which is neither a file beside it nor a built-in template",
                    "a file that is there, or `default`");
        }
        return registered.orElse("");
    }

    /// Lines joined with `\n`, so without a final newline (contract 3.1).
    private static @Nullable String text(SpecFields fields, String name, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            fields.problem(ErrorCode.TEMPLATE_INVALID, FIELD, "more than 1 MiB in `" + name + "`", "1 MiB at most");
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return plain.lines().collect(Collectors.joining("\n"));
        } catch (CharacterCodingException e) {
            fields.problem(ErrorCode.TEMPLATE_INVALID, FIELD, "`" + name + "`, which is not UTF-8", "a text in UTF-8");
            return null;
        }
    }

    private static String checked(SpecFields fields, String template) {
        List<Placeholder> missing = Placeholder.missingIn(template);
        if (!missing.isEmpty()) {
            fields.problem(
                    ErrorCode.TEMPLATE_INVALID,
                    FIELD,
                    "a template without "
                            + missing.stream().map(Placeholder::token).collect(Collectors.joining(", ")),
                    "a template with all four placeholders");
        }
        return template;
    }
}
