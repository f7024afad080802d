package io.pairbatch.provider.gemini;

import static io.pairbatch.text.JsonWalk.items;
import static io.pairbatch.text.JsonWalk.members;

import io.pairbatch.job.RetryableException;
import io.pairbatch.provider.BatchProvider.BatchVisitor;
import io.pairbatch.provider.BatchStatus;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// One page of the list of batches: `{"operations":[…],"nextPageToken":"…"}`.
final class GeminiPage {

    private GeminiPage() {}

    /// Shows the page's batches to `visitor`, one at a time.
    ///
    /// @return the next page's token; empty when this was the last one or `visitor` has seen enough
    /// @throws RetryableException for what is not a complete list: it proves nothing absent
    static String read(JsonParser json, BatchVisitor visitor) {
        json.nextToken();
        expect(json, JsonToken.START_OBJECT);
        String next = "";
        for (String name : members(json)) {
            switch (name) {
                case "operations" -> {
                    if (!readBatches(json, visitor)) {
                        return "";
                    }
                }
                case "nextPageToken" -> {
                    expect(json, JsonToken.VALUE_STRING);
                    next = json.getString();
                }
                case "unreachable" -> {
                    expect(json, JsonToken.START_ARRAY);
                    json.nextToken();
                    expect(json, JsonToken.END_ARRAY);
                }
                // A list without batches is `{}`, since Google leaves out empty fields; anything else is not a list.
                default -> throw none();
            }
        }
        return next;
    }

    private static boolean readBatches(JsonParser json, BatchVisitor visitor) {
        expect(json, JsonToken.START_ARRAY);
        for (JsonToken item : items(json)) {
            if (item != JsonToken.START_OBJECT) {
                throw none();
            }
            BatchStatus batch = GeminiOperations.read(json);
            if (batch.id().isEmpty()) {
                throw new RetryableException("the provider's list has a batch without a name", null);
            }
            if (!visitor.visit(batch)) {
                return false;
            }
        }
        return true;
    }

    private static void expect(JsonParser json, JsonToken token) {
        if (json.currentToken() != token) {
            throw none();
        }
    }

    private static RetryableException none() {
        return new RetryableException("the provider's list of batches is none", null);
    }
}
