package io.pairbatch.provider;

import io.pairbatch.job.WireId;
import io.pairbatch.pairs.Pair;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JsonLine;
import io.pairbatch.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A job's request line with words in place of the prompt and the id, which alone differ from line to line: everything
/// that was sent with each pair, the defaults of this version and of the model included.
public final class RequestSketch {

    static final String PROMPT = "(prompt)";
    static final String ID = "(id)";

    /// From a private area of Unicode, so that nothing else holds it.
    private static final String SAMPLE = "\uE000\uE001\uE002";

    private static final String TOKEN = "00000000";

    private RequestSketch() {}

    /// The sketch of a job's requests. Buffers a line with a template of at most 1 MiB.
    public static JsonNode of(ProviderFormat format, JobSpec spec) {
        JsonLine line = new JsonLine(Integer.MAX_VALUE);
        format.requests(spec, TOKEN).write(line, new Pair(1, "1", "2", SAMPLE, SAMPLE, new LinkedHashMap<>()));
        return masked(Json.MAPPER.readTree(new String(line.toBytes(), StandardCharsets.UTF_8)));
    }

    private static JsonNode masked(JsonNode value) {
        if (value.isObject()) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            value.properties().forEach(field -> object.set(field.getKey(), masked(field.getValue())));
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            value.forEach(element -> array.add(masked(element)));
            return array;
        }
        if (value.isString() && value.stringValue().contains(SAMPLE)) {
            return Json.MAPPER.getNodeFactory().stringNode(PROMPT);
        }
        return value.isString() && value.stringValue().equals(new WireId(TOKEN, 1, 1).toString())
                ? Json.MAPPER.getNodeFactory().stringNode(ID)
                : value;
    }
}
