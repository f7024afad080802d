package io.pairbatch.standins.expression;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The refusal of a request that the service would not carry out, whatever the table holds.
public final class Invalid {

    private static final String CODE = "ValidationException";

    private Invalid() {}

    /// A ValidationException that says this.
    public static DynamoDbException request(String message) {
        return (DynamoDbException) DynamoDbException.builder()
                .message(message)
                .awsErrorDetails(details(CODE, message))
                .statusCode(400)
                .build();
    }

    /// A ValidationException that says that a member of the request is not as the service's model has it.
    public static DynamoDbException constraint(String member, @Nullable Object value, String rule) {
        return request("1 validation error detected: Value " + (value == null ? "null" : "'" + value + "'") + " at '"
                + member + "' failed to satisfy constraint: " + rule);
    }

    /// What the service says of an error besides its message.
    public static AwsErrorDetails details(String code, String message) {
        return AwsErrorDetails.builder()
                .serviceName("DynamoDb")
                .errorCode(code)
                .errorMessage(message)
                .build();
    }

    /// Whether this is one of [#request].
    public static boolean is(DynamoDbException e) {
        return e.awsErrorDetails() != null && CODE.equals(e.awsErrorDetails().errorCode());
    }
}
