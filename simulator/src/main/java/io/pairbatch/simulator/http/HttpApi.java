package io.pairbatch.simulator.http;

import io.pairbatch.simulator.batch.Batch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An API as its callers meet it: paths, keys, headers and the shape of a refusal.
public interface HttpApi {
    /// As [BatchApi#name].
    String name();

    /// The beginnings of its paths; the longest of all APIs' that fits a request decides.
    List<String> roots();

    void handle(Exchange exchange) throws IOException;

    /// Headers of every answer.
    Map<String, String> headers(String requestId);

    /// What the service says when it answers this status without a reason in the request.
    ///
    /// @param message in the place of the usual one
    /// @param code likewise, for the APIs that have one
    ApiError outage(int status, @Nullable String message, @Nullable String code);

    /// Refuses a body that is no JSON object or list.
    ApiError notJson();

    /// Plants another user's batch, which still has to be started.
    ///
    /// @param wish the body of the control call, all members optional
    Batch plant(JsonNode wish) throws IOException;
}
