package io.pairbatch.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.OutageException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class AwsErrorsTest {

    @Test
    void aRefusedConnectionMayPass() {
        CliException told = explain(SdkClientException.create(
                "Unable to execute HTTP request", new ConnectException("Connection refused")));

        assertThat(told)
                .isInstanceOf(OutageException.class)
                .hasMessage("No answer while reading the registry (Connection refused).");
    }

    @Test
    void aBusyServiceMayPass() {
        assertThat(explain(service(400, "ThrottlingException"))).isInstanceOf(OutageException.class);
        assertThat(explain(service(503, "ServiceUnavailable"))).isInstanceOf(OutageException.class);
    }

    @Test
    void expiredCredentialsDoNotPassAndTheRemedyIsToSignIn() {
        CliException told = explain(service(400, "ExpiredTokenException"));

        assertThat(told).isNotInstanceOf(OutageException.class).hasMessage("The AWS credentials have expired.");
        assertThat(told.remedy()).contains("aws sso login");
    }

    @Test
    void refusedAccessSaysWhatWasBeingDone() {
        assertThat(explain(service(400, "AccessDeniedException")))
                .isNotInstanceOf(OutageException.class)
                .hasMessage("AWS refused access while reading the registry (AccessDeniedException).");
    }

    @Test
    void aMissingTablePointsToTheStack() {
        assertThat(explain(service(400, "ResourceNotFoundException")).remedy()).contains("the stack's name");
    }

    @Test
    void missingCredentialsAreNoOutage() {
        assertThat(explain(SdkClientException.create("Unable to load credentials from any of the providers")))
                .isNotInstanceOf(OutageException.class)
                .hasMessage("No AWS credentials were found.");
    }

    private static CliException explain(SdkException e) {
        return AwsErrors.explain("reading the registry", e);
    }

    private static SdkException service(int status, String code) {
        return DynamoDbException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("m")
                        .build())
                .build();
    }
}
