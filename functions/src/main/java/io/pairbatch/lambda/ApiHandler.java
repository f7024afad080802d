package io.pairbatch.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pairbatch.api.Api;
import io.pairbatch.api.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.databind.JsonNode;

/// Entry point of the HTTP API: one request of API Gateway, payload format 2.0.
public final class ApiHandler implements RequestStreamHandler {

    private final Api api = ApiWiring.api();

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        JsonNode event = StepHandler.JSON.readTree(in);
        ApiEvents.Line line = new ApiEvents.Line(event);
        ApiResponse response = api.answer(ApiEvents.request(event), line::defect);
        context.getLogger().log(line.of(response));
        StepHandler.JSON.writeValue(out, ApiEvents.answer(response));
    }
}
