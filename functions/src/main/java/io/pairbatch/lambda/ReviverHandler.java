package io.pairbatch.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.pairbatch.revive.Reviver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the reviver: an execution's end, the hourly round, or the command line (`{"wake": true}`).
public final class ReviverHandler implements RequestStreamHandler {

    private final Reviver reviver = new Wiring().reviver();

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        JsonNode event = StepHandler.JSON.readTree(in);
        String ended = event.path("detail").path("executionArn").asString("");
        List<String> revived =
                ended.isEmpty() ? reviver.all(event.path("wake").asBoolean(false)) : reviver.after(ended);
        ObjectNode answer = StepHandler.JSON.createObjectNode().put("step", "revive");
        revived.forEach(answer.putArray("revived")::add);
        context.getLogger().log(answer + "\n");
        StepHandler.JSON.writeValue(out, answer);
    }
}
