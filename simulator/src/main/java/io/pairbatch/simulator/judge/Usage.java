package io.pairbatch.simulator.judge;

import io.pairbatch.simulator.store.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Tokens of one request, or of many.
///
/// @param cached part of the input
/// @param reasoning part of the output
public record Usage(long input, long cached, long output, long reasoning) {

    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /// Tokens of a text, about a quarter of its bytes.
    public static long tokens(String text) {
        return (text.getBytes(StandardCharsets.UTF_8).length + 3L) / 4;
    }

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, cached + other.cached, output + other.output, reasoning + other.reasoning);
    }

    /// In the format of OpenAI's batches, which every stored batch uses.
    public ObjectNode json() {
        ObjectNode json = Json.object().put("input_tokens", input);
        json.putObject("input_tokens_details").put("cached_tokens", cached);
        json.put("output_tokens", output);
        json.putObject("output_tokens_details").put("reasoning_tokens", reasoning);
        return json.put("total_tokens", input + output);
    }
}
