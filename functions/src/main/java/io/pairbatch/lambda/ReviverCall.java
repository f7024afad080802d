package io.pairbatch.lambda;

import io.pairbatch.api.Reviver;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls the stack's reviver.
final class ReviverCall implements Reviver {

    /// API Gateway waits for 30 s.
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private final String function;

    /// @param function the reviver's name
    ReviverCall(String function) {
        this.function = function;
    }

    @Override
    public JsonNode call(ObjectNode event) {
        try (LambdaClient lambda = client()) {
            InvokeResponse response =
                    lambda.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String(event.toString())));
            if (response.functionError() != null) {
                // Its log has the error. Whatever it has done, the same request may be sent again.
                throw SdkClientException.create("the reviver stopped with an error");
            }
            return StepHandler.JSON.readTree(response.payload().asUtf8String());
        }
    }

    /// A call that is slow is not repeated: the caller decides.
    private static LambdaClient client() {
        return LambdaClient.builder()
                .httpClient(
                        UrlConnectionHttpClient.builder().socketTimeout(LONGEST).build())
                .overrideConfiguration(c -> c.apiCallTimeout(LONGEST))
                .region(Region.of(System.getenv("AWS_REGION")))
                .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
                .build();
    }
}
