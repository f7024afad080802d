package io.pairbatch.cli.deployment;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.DynamoJobSource;
import io.pairbatch.cli.job.LambdaFunction;
import io.pairbatch.cli.job.Pacing;
import io.pairbatch.cli.job.S3Bucket;
import io.pairbatch.cli.job.StackFunction;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;

/// Opens sessions.
@FunctionalInterface
public interface Sessions {

    /// Opens a session with `deployment`; nothing is sent yet.
    Session open(Deployment deployment);

    /// Sessions over the AWS SDK.
    static Session aws(Deployment deployment) {
        S3Client s3 = s3(deployment);
        DynamoDbClient dynamo = dynamo(deployment);
        return new Session(
                deployment,
                new DynamoJobSource(dynamo, deployment.table()),
                new S3Bucket(s3, deployment.bucket()),
                deployment.embedded() ? Pacing.EMBEDDED : Pacing.AWS,
                () -> {
                    s3.close();
                    dynamo.close();
                });
    }

    /// The function that deletes jobs. A call takes half a minute, and the SDK never retries it: two at once would
    /// count twice.
    static StackFunction deleter(Deployment deployment) {
        String function = deployment.deleterFunction();
        if (function == null) {
            throw new CliException(
                    ExitStatus.UNREACHABLE,
                    "The stack has no function that deletes jobs: it is older than this command.",
                    "Deploy this version to the stack.");
        }
        return function(deployment, function);
    }

    /// The function that starts executions. Not retried either: a job must not have two executions at once.
    static StackFunction reviver(Deployment deployment) {
        return function(deployment, deployment.functionName("reviver"));
    }

    private static StackFunction function(Deployment deployment, String function) {
        LambdaClient lambda = configured(LambdaClient.builder(), deployment)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(4)))
                .overrideConfiguration(c -> c.retryStrategy(b -> b.maxAttempts(1)))
                .build();
        return new LambdaFunction(lambda, function);
    }

    /// The S3 client for the deployment's bucket.
    static S3Client s3(Deployment deployment) {
        return configured(S3Client.builder(), deployment)
                .forcePathStyle(deployment.embedded())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    static DynamoDbClient dynamo(Deployment deployment) {
        return configured(DynamoDbClient.builder(), deployment)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    static <B extends AwsClientBuilder<B, C>, C> B configured(B builder, Deployment deployment) {
        builder.region(Region.of(deployment.region())).credentialsProvider(credentials(deployment));
        return deployment.endpoint() == null ? builder : builder.endpointOverride(deployment.endpoint());
    }

    /// An emulator gets made-up credentials, never the user's own, unless the user's environment names its address.
    private static AwsCredentialsProvider credentials(Deployment deployment) {
        URI endpoint = deployment.endpoint();
        return endpoint != null && !endpoint.toString().equals(System.getenv("AWS_ENDPOINT_URL"))
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))
                : DefaultCredentialsProvider.builder().build();
    }
}
