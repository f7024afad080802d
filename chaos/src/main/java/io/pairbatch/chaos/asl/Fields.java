package io.pairbatch.chaos.asl;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of one object of a definition. Each field must be read; [#end] refuses the others.
final class Fields {

    private final JsonNode object;
    private final String where;
    private final Set<String> known = new HashSet<>();

    Fields(JsonNode object, String where) {
        if (!object.isObject()) {
            throw new DefinitionException(where, "not an object");
        }
        this.object = object;
        this.where = where;
        known.add("Comment");
    }

    String where() {
        return where;
    }

    DefinitionException wrong(String message) {
        return new DefinitionException(where, message);
    }

    @Nullable
    JsonNode optional(String name) {
        known.add(name);
        return object.get(name);
    }

    JsonNode required(String name) {
        JsonNode node = optional(name);
        if (node == null) {
            throw wrong("has no " + name);
        }
        return node;
    }

    Fields object(String name) {
        return new Fields(required(name), where + "/" + name);
    }

    JsonNode list(String name) {
        JsonNode node = required(name);
        if (!node.isArray() || node.isEmpty()) {
            throw wrong(name + " is not a list of at least one");
        }
        return node;
    }

    String text(String name) {
        String text = optionalText(name);
        if (text == null) {
            throw wrong("has no " + name);
        }
        return text;
    }

    @Nullable
    String optionalText(String name) {
        JsonNode node = optional(name);
        if (node == null) {
            return null;
        }
        if (!node.isString() || node.stringValue().isEmpty()) {
            throw wrong(name + " is not a string");
        }
        return node.stringValue();
    }

    /// A field that must have this text if it exists.
    void only(String name, String text) {
        String found = optionalText(name);
        if (found != null && !found.equals(text)) {
            throw wrong(name + " is not " + text + ": " + found);
        }
    }

    int integer(String name, int least, int otherwise) {
        JsonNode node = optional(name);
        if (node == null) {
            return otherwise;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least) {
            throw wrong(name + " is not an integer of at least " + least);
        }
        return node.intValue();
    }

    double number(String name, double least, double otherwise) {
        JsonNode node = optional(name);
        if (node == null) {
            return otherwise;
        }
        if (!node.isNumber() || node.doubleValue() < least) {
            throw wrong(name + " is not a number of at least " + least);
        }
        return node.doubleValue();
    }

    void end() {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw wrong("has an unsupported field: " + name);
            }
        }
    }
}
