package io.pairbatch.simulator.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The shared JSON mapper, and small JSON files on disk.
public final class Json {

    public static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// A member as text; `fallback` if it is absent or not a string.
    public static String text(JsonNode node, String name, String fallback) {
        JsonNode value = node.path(name);
        return value.isString() ? value.stringValue() : fallback;
    }

    /// The JSON type of a value, with `integer` apart from `number`.
    public static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT -> "object";
            default -> "null";
        };
    }

    public static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) MAPPER.readTree(Files.readAllBytes(file));
    }

    /// Replaces the file atomically, so that a killed simulator leaves the old or the new version.
    public static void write(Path file, JsonNode node) throws IOException {
        writeAtomically(file, MAPPER.writeValueAsBytes(node));
    }

    public static void writeAtomically(Path file, byte[] bytes) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.write(draft, bytes);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
