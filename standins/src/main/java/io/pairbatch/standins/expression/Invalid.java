package io.pairbatch.standins.expression;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The refusal of a request that the service would not carry out, for any content of the table.
public final class Invalid {

    private static final String CODE = "ValidationException";

    private Invalid() {}

    /// A ValidationException with this message.
    public static DynamoDbException request(String message) {
        return (DynamoDbException) DynamoDbException.builder()
                .message(message)
                .awsErrorDetails(details(CODE, message))
                .statusCode(400)
                .build();
    }

    /// A ValidationException for a member of the request that violates the service's model.
    public static DynamoDbException constraint(String member, @Nullable Object value, String rule) {
        return request("1 validation error detected: Value " + (value == null ? "null" : "'" + value + "'") + " at '"
                + member + "' failed to satisfy constraint: " + rule);
    }

    /// The details of an error besides its message.
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
