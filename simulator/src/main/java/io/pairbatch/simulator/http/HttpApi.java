package io.pairbatch.simulator.http;

import io.pairbatch.simulator.batch.Batch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One provider's API over HTTP: paths, keys, headers and error format.
public interface HttpApi {

    /// `openai`, `anthropic` or `gemini`: the name of its batch API.
    String name();

    /// The prefixes of its paths; a request goes to the API with the longest matching prefix.
    List<String> roots();

    void handle(Exchange exchange) throws IOException;

    /// Headers of every response.
    Map<String, String> headers(String requestId);

    /// The service's usual error with this status, for reasons outside the request.
    ///
    /// @param message replaces the usual one if not null
    /// @param code likewise, for the APIs that have codes
    ApiError outage(int status, @Nullable String message, @Nullable String code);

    /// The error for a body that is not a JSON object or array.
    ApiError notJson();

    /// Creates another user's batch; the caller starts it.
    ///
    /// @param wish the body of the control call, all members optional
    Batch plant(JsonNode wish) throws IOException;
}
