package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.fault.OutageException;
import io.pairbatch.job.RetryableException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A function in Lambda.
public final class LambdaFunction implements StackFunction {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LONGEST = 300;

    private final LambdaClient lambda;
    private final String function;

    public LambdaFunction(LambdaClient lambda, String function) {
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
            throw stopped(payload);
        } catch (SdkException e) {
            throw AwsErrors.explain("calling the function " + function, e);
        }
    }

    /// Outages and timeouts are temporary; any other error would come again.
    private static CliException stopped(String payload) {
        String what = "The stack's function stopped with an error: "
                + payload.substring(0, Math.min(payload.length(), LONGEST));
        String remedy = "See the function's log. Run the same command again to continue.";
        return payload.contains(RetryableException.class.getSimpleName()) || payload.contains("imed out")
                ? new OutageException(what, remedy, new IllegalStateException("function error"))
                : new CliException(ExitStatus.UNREACHABLE, what, remedy);
    }

    @Override
    public void close() {
        lambda.close();
    }
}
