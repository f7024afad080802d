package io.pairbatch.provider.openai;

import static io.pairbatch.text.JsonWalk.items;
import static io.pairbatch.text.JsonWalk.members;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Where services that speak OpenAI's protocol put a model's thoughts: beside the message's content, as a text or in
/// parts, or among its parts.
final class OpenAiThoughts {

    /// Members of a chat's message, by how much they say: `reasoning_content` (DeepSeek, vLLM, SGLang), `reasoning`
    /// (Together, Groq, OpenRouter), its parts (OpenRouter), `thinking` (Ollama), `thinking_blocks` (LiteLLM).
    private static final List<String> MEMBERS =
            List.of("reasoning_content", "reasoning", "reasoning_details", "thinking", "thinking_blocks");

    private OpenAiThoughts() {}

    /// Whether a part of a content is a thought by its type: `thinking`, `reasoning`, `reasoning_text`,
    /// `reasoning.summary`, `summary_text`, …
    static boolean isThought(@Nullable String type) {
        return type != null
                && (type.startsWith("reasoning")
                        || type.startsWith("thinking")
                        || type.startsWith("thought")
                        || type.startsWith("summary"));
    }

    /// The texts of a value that holds thoughts: a string, an object that has them under one of the usual names, or a
    /// list of these; null if there is none.
    static @Nullable String texts(JsonParser json) {
        StringBuilder all = new StringBuilder();
        collect(json, all);
        return all.isEmpty() ? null : all.toString();
    }

    private static void collect(JsonParser json, StringBuilder all) {
        switch (json.currentToken()) {
            case VALUE_STRING -> all.append(json.getString());
            case START_ARRAY -> {
                for (JsonToken item : items(json)) {
                    if (item == JsonToken.START_OBJECT || item == JsonToken.VALUE_STRING) {
                        collect(json, all);
                    }
                }
            }
            case START_OBJECT -> {
                for (String name : members(json)) {
                    switch (name) {
                        case "text", "content", "summary", "thinking", "reasoning" -> collect(json, all);
                        default -> {}
                    }
                }
            }
            default -> {}
        }
    }

    /// The first of the members that is there.
    static @Nullable String first(Map<String, @Nullable String> members) {
        for (String name : MEMBERS) {
            String thoughts = members.get(name);
            if (thoughts != null) {
                return thoughts;
            }
        }
        return null;
    }
}
