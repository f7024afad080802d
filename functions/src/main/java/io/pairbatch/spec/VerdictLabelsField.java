package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.Placeholder;
import io.pairbatch.text.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `verdict_labels`, in a job file and in a frozen job.
final class VerdictLabelsField {

    private static final String FIRST = "first";
    private static final String SECOND = "second";
    private static final String TIE = "tie";
    static final List<String> NAMES = List.of(FIRST, SECOND, TIE);

    private VerdictLabelsField() {}

    static Kind<Optional<VerdictLabels>> kind() {
        return new Kind<>(
                        false,
                        "object",
                        VerdictLabelsField::constrain,
                        VerdictLabelsField::read,
                        VerdictLabelsField::write,
                        VerdictLabelsField::thaw)
                .orNothing();
    }

    private static void constrain(ObjectNode schema) {
        schema.put("type", "object").put("additionalProperties", false);
        schema.putArray("required").add(FIRST).add(SECOND);
        ObjectNode members = schema.putObject("properties");
        for (String name : NAMES) {
            ObjectNode member = members.putObject(name);
            if (name.equals(TIE)) {
                member.putArray("type").add("string").add("null");
            } else {
                member.put("type", "string");
            }
            member.put("minLength", 1).put("maxLength", VerdictLabels.LONGEST);
        }
    }

    private static @Nullable VerdictLabels read(SpecFields fields, String name) {
        JsonNode node = fields.find(name);
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            fields.invalid(name, node, "an object such as {\"first\": \"[[A]]\", \"second\": \"[[B]]\"}");
            return null;
        }
        Map<String, String> labels = new LinkedHashMap<>();
        boolean refused = false;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String problem = problem(member.getKey(), member.getValue());
            if (!NAMES.contains(member.getKey())) {
                refused = true;
                fields.problem(
                        ErrorCode.SPEC_UNKNOWN_FIELD,
                        name,
                        member.getKey(),
                        "a verdict that a pair cannot have",
                        Spelling.nearest(member.getKey(), NAMES)
                                .map(near -> "perhaps `" + near + "`")
                                .orElse("first, second and, if the judge need not decide, tie"));
            } else if (problem != null) {
                refused = true;
                fields.problem(
                        ErrorCode.SPEC_INVALID_VALUE,
                        name,
                        member.getKey(),
                        problem,
                        "a text of 1 to " + VerdictLabels.LONGEST + " characters on one line, without blanks around");
            } else if (member.getValue().isString()) {
                labels.put(member.getKey(), member.getValue().stringValue());
            }
        }
        for (String needed : List.of(FIRST, SECOND)) {
            if (!refused && !labels.containsKey(needed)) {
                refused = true;
                fields.problem(
                        ErrorCode.SPEC_MISSING_FIELD, name, needed, "nothing", "what says that this text is better");
            }
        }
        return refused || isConfusing(fields, name, labels) ? null : of(labels);
    }

    private static @Nullable String problem(String name, JsonNode value) {
        if (name.equals(TIE) && value.isNull()) {
            return null;
        }
        boolean valid = value.isString()
                && Kind.isLine(value.stringValue(), VerdictLabels.LONGEST)
                && value.stringValue().equals(value.stringValue().strip());
        return valid ? null : SpecFields.shown(value);
    }

    /// One that contains another would be found wherever the other is.
    private static boolean isConfusing(SpecFields fields, String field, Map<String, String> labels) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            for (Map.Entry<String, String> other : labels.entrySet()) {
                if (!other.getKey().equals(label.getKey())
                        && plain(label.getValue()).contains(plain(other.getValue()))) {
                    fields.problem(
                            ErrorCode.SPEC_CONFLICT,
                            field,
                            label.getKey(),
                            "`" + label.getValue() + "`, which contains `" + other.getValue() + "` of `"
                                    + other.getKey() + "`",
                            "labels of which none is a part of another, in whatever case and however spaced");
                    return true;
                }
            }
        }
        return false;
    }

    private static String plain(String label) {
        return label.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Z}]+", "");
    }

    /// The labels that a template does not name, so that no judge can know them.
    static List<String> missing(VerdictLabels labels, String template) {
        String said = template;
        for (Placeholder placeholder : Placeholder.values()) {
            said = said.replace(placeholder.token(), " ");
        }
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> label : labels.byName().entrySet()) {
            if (!said.contains(label.getValue())) {
                missing.add(label.getValue());
            }
        }
        return missing;
    }

    private static void write(JsonGenerator json, String name, VerdictLabels labels) {
        json.writeObjectPropertyStart(name);
        labels.byName().forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    private static VerdictLabels thaw(JsonNode frozen) {
        Map<String, String> labels = new LinkedHashMap<>();
        frozen.properties().forEach(member -> {
            if (member.getValue().isString()) {
                labels.put(member.getKey(), member.getValue().stringValue());
            }
        });
        return of(labels);
    }

    private static VerdictLabels of(Map<String, String> labels) {
        return new VerdictLabels(labels.getOrDefault(FIRST, ""), labels.getOrDefault(SECOND, ""), labels.get(TIE));
    }
}
