package io.pairbatch.lambda;

import io.pairbatch.merge.Pace;
import io.pairbatch.provider.http.Network;
import io.pairbatch.step.Settings;
import io.pairbatch.time.Sleeper;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/// Everything external that a function acts on or depends on: time, randomness, settings, AWS and the network. No code
/// below this reads the environment or creates its own clock, so the same code runs in a simulated world.
///
/// @param secrets opens a client that the caller closes
/// @param sfn likewise
/// @param merging how a job's files are put together, and how many are read side by side where the next round is opened
public record Surroundings(
        Clock clock,
        Sleeper sleeper,
        RandomGenerator random,
        Settings settings,
        String region,
        S3Client s3,
        DynamoDbClient dynamo,
        Supplier<SecretsManagerClient> secrets,
        Supplier<SfnClient> sfn,
        Network network,
        Pace merging) {

    /// The same with other settings, as after a deployment.
    public Surroundings with(Settings others) {
        return new Surroundings(clock, sleeper, random, others, region, s3, dynamo, secrets, sfn, network, merging);
    }

    /// The surroundings of a deployed function, read once from its environment.
    static Surroundings ofFunction() {
        // As many as a merge has calls under way; the JDK keeps five.
        System.setProperty(
                "http.maxConnections", String.valueOf(Pace.OF_FUNCTION.calls().width()));
        Map<String, String> environment = System.getenv();
        Settings settings = Settings.from(environment);
        String region = environment.getOrDefault("AWS_REGION", "");
        Aws aws = new Aws(Region.of(region), UrlConnectionHttpClient.create());
        return new Surroundings(
                Clock.systemUTC(),
                Sleeper.REAL,
                new SecureRandom(),
                settings,
                region,
                aws.configured(S3Client.builder())
                        // A custom endpoint (the embedded stack) has no host name per bucket.
                        .forcePathStyle(environment.containsKey("AWS_ENDPOINT_URL"))
                        .build(),
                aws.configured(DynamoDbClient.builder())
                        // A write that meets a transaction of the same item has changed nothing.
                        .overrideConfiguration(
                                c -> c.retryStrategy(r -> r.retryOnException(TransactionConflictException.class)))
                        .build(),
                () -> aws.configured(SecretsManagerClient.builder()).build(),
                () -> aws.configured(SfnClient.builder()).build(),
                Network.trusting(settings.trust()),
                Pace.OF_FUNCTION);
    }

    /// Passes what a function's environment always provides explicitly, so that the SDK does not search for it at each
    /// cold start (https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/lambda-optimize-starttime.html).
    private record Aws(Region region, SdkHttpClient http) {

        <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(B builder) {
            return builder.httpClient(http).region(region).credentialsProvider(credentials());
        }
    }

    /// The function's own, asked for at each request: they are in the environment, or behind a local address where the
    /// function was restored from a snapshot
    /// (https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html).
    static AwsCredentialsProvider credentials() {
        return AwsCredentialsProviderChain.of(
                EnvironmentVariableCredentialsProvider.create(),
                ContainerCredentialsProvider.builder().build());
    }
}
