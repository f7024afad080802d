package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.Placeholder;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.text.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the template that `prompt_template` refers to: the text itself if it holds `{SAMPLE_1}`, else a file beside
/// the specification, else a registered or built-in name.
final class TemplateSource {

    private static final String FIELD = "prompt_template";
    static final String DEFAULT = "default";
    private static final int MAX_NAME = 255;

    private final SpecRules rules;
    private final SpecFiles files;

    TemplateSource(SpecRules rules, SpecFiles files) {
        this.rules = rules;
        this.files = files;
    }

    /// Whether the value is a template rather than a name; a text with several lines or a brace can only be a template,
    /// even if it lacks `{SAMPLE_1}`.
    static boolean isTemplateText(String value) {
        return value.contains(Placeholder.SAMPLE_1.token())
                || value.indexOf('{') >= 0
                || value.indexOf('\n') >= 0
                || value.length() > MAX_NAME;
    }

    /// Whether the value is a plain file name in the same folder.
    static boolean isPlainName(String value) {
        return !value.isBlank()
                && !value.startsWith(".")
                && value.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }

    /// The template's text, or an empty one after recording a problem.
    String read(SpecFields fields) throws IOException {
        String value = fields.text(FIELD, DEFAULT);
        if (isTemplateText(value)) {
            return checked(fields, TemplateText.of(value));
        }
        if (!isPlainName(value)) {
            fields.invalid(FIELD, fields.find(FIELD), "a template, the plain name of a file beside it, or `default`");
            return "";
        }
        Optional<InputStream> file = files.open(value);
        if (file.isPresent()) {
            try (InputStream in = file.get()) {
                return checked(fields, TemplateText.ofFile(value, in.readNBytes(TemplateText.MAX_BYTES + 1)));
            }
        }
        Optional<String> known = rules.template(value);
        if (known.isEmpty()) {
            List<String> names = new ArrayList<>(files.names());
            names.addAll(rules.templates());
            Optional<String> nearest = Spelling.nearest(value, names);
            fields.problem(
                    ErrorCode.SPEC_FILE_NOT_FOUND,
                    FIELD,
                    "`" + value + "`, which is neither a file beside it nor " + rules.names(),
                    nearest.map(name -> "perhaps `" + name + "`; else ").orElse("")
                            + "a file that is there, or `default`");
        }
        return known.orElse("");
    }

    private static String checked(SpecFields fields, Checked<String> template) {
        return switch (template) {
            case Checked.Valid<String> valid -> valid.value();
            case Checked.Invalid<String> invalid -> {
                fields.problem(ErrorCode.TEMPLATE_INVALID, FIELD, invalid.found(), invalid.expected());
                yield "";
            }
        };
    }
}
