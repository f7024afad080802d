package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.OutageException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The function in Lambda.
public final class LambdaRemover implements Remover {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LONGEST = 300;

    private final LambdaClient lambda;
    private final String function;

    public LambdaRemover(LambdaClient lambda, String function) {
        this.lambda = lambda;
        this.function = function;
    }

    @Override
    public JsonNode call(ObjectNode event) {
        try {
            InvokeResponse response =
                    lambda.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String(event.toString())));
            String payload = response.payload().asUtf8String();
            if (response.functionError() == null) {
                return JSON.readTree(payload);
            }
            throw new OutageException(
                    "The stack's function stopped with an error: "
                            + payload.substring(0, Math.min(payload.length(), LONGEST)),
                    "Run the same command again: it goes on where it stood. The function's log says more.",
                    new IllegalStateException(response.functionError()));
        } catch (SdkException e) {
            throw AwsErrors.explain("calling the function " + function, e);
        }
    }

    @Override
    public void close() {
        lambda.close();
    }
}
