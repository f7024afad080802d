package io.pairbatch.provider;

import io.pairbatch.text.JsonWalk;
import java.nio.ByteBuffer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// One request of a batch, to be sent by itself.
///
/// @param endpoint the path that the request names, such as `/v1/responses`; empty where requests name none
/// @param line the request's line in the batch's input file, as it lies there; it has an array
public record LiveRequest(String model, String endpoint, ByteBuffer line) {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /// The line's member `name`, an object: what is sent is these bytes, not the same JSON written again.
    public ByteBuffer object(String name) {
        try (JsonParser json =
                JSON.createParser(ObjectReadContext.empty(), line.array(), line.arrayOffset(), line.limit())) {
            json.nextToken();
            for (String member : JsonWalk.members(json)) {
                if (member.equals(name) && json.currentToken() == JsonToken.START_OBJECT) {
                    int start = (int) json.currentTokenLocation().getByteOffset();
                    json.skipChildren();
                    int end = (int) json.currentLocation().getByteOffset();
                    return line.slice(start, end - start);
                }
            }
        }
        throw new IllegalStateException("a request line without " + name);
    }
}
