package io.pairbatch.provider.gemini;

import io.pairbatch.problem.RetryableException;
import io.pairbatch.provider.AnswerJson;
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
    /// @throws RetryableException for what is no list, or is none of everything: it proves nothing absent
    static String read(JsonParser json, BatchVisitor visitor) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw none();
        }
        String next = "";
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "operations" -> {
                    if (!readBatches(json, value, visitor)) {
                        return "";
                    }
                }
                case "nextPageToken" -> next = token(json, value);
                case "unreachable" -> {
                    if (value != JsonToken.START_ARRAY || json.nextToken() != JsonToken.END_ARRAY) {
                        throw none();
                    }
                }
                // A list without batches is `{}`, for Google leaves out what is empty; anything else is no list.
                default -> throw none();
            }
        }
        return next;
    }

    private static String token(JsonParser json, JsonToken value) {
        if (value != JsonToken.VALUE_STRING) {
            throw none();
        }
        return String.valueOf(AnswerJson.textOrNull(json, value));
    }

    private static boolean readBatches(JsonParser json, JsonToken value, BatchVisitor visitor) {
        if (value != JsonToken.START_ARRAY) {
            throw none();
        }
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
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

    private static RetryableException none() {
        return new RetryableException("the provider's list of batches is none", null);
    }
}
