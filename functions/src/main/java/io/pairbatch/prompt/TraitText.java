package io.pairbatch.prompt;

import io.pairbatch.text.Json;
import io.pairbatch.text.Unicode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A trait as a file: `{"name": …, "description": …}`, two texts and nothing else.
public final class TraitText {

    /// The maximum length of name and description, in characters, as in a job file.
    public static final int MAX_TEXT = 100_000;

    private static final String EXPECTED = "one JSON object of two texts, `name` and `description`";

    private TraitText() {}

    /// Reads a trait's file.
    ///
    /// @param name the file's name in messages
    public static Checked<Trait> ofFile(String name, byte[] bytes) {
        try {
            JsonNode json = Json.MAPPER.readTree(bytes);
            String label = text(json, "name");
            String description = text(json, "description");
            if (label == null || description == null || json.size() != 2) {
                return new Checked.Invalid<>("other fields in `" + name + "`", EXPECTED);
            }
            return of(label, description);
        } catch (JacksonException e) {
            // Jackson's own message may quote the file.
            return new Checked.Invalid<>("`" + name + "`, which is not JSON", EXPECTED);
        }
    }

    /// A trait with these two texts, neither of which may be blank.
    public static Checked<Trait> of(String name, String description) {
        if (isText(name) && isText(description)) {
            return new Checked.Valid<>(new Trait(Unicode.wellFormed(name), Unicode.wellFormed(description)));
        }
        return new Checked.Invalid<>(
                (isText(name) ? "a description" : "a name") + " that is blank or too long",
                "texts of 1 to " + MAX_TEXT + " characters");
    }

    /// The file of a trait.
    public static byte[] toFile(Trait trait) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", trait.name()).put("description", trait.description());
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode node = json.get(field);
        return node != null && node.isString() ? node.stringValue() : null;
    }

    private static boolean isText(String text) {
        return !text.isBlank() && text.length() <= MAX_TEXT;
    }
}
