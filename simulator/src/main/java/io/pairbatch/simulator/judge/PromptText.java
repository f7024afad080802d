package io.pairbatch.simulator.judge;

import tools.jackson.databind.JsonNode;

/// The text of a prompt that comes as JSON.
public final class PromptText {

    private PromptText() {}

    /// All text in strings, lists of messages and their parts.
    public static String of(JsonNode... nodes) {
        StringBuilder text = new StringBuilder();
        for (JsonNode node : nodes) {
            collect(node, text);
        }
        return text.toString();
    }

    private static void collect(JsonNode node, StringBuilder prompt) {
        if (node.isString()) {
            prompt.append(prompt.isEmpty() ? "" : "\n").append(node.stringValue());
        } else if (node.isArray()) {
            node.forEach(item -> collect(item, prompt));
        } else if (node.isObject()) {
            collect(node.path("content"), prompt);
            collect(node.path("text"), prompt);
        }
    }
}
