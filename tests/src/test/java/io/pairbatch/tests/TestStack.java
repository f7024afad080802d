package io.pairbatch.tests;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.stack.AwsTemplate;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.LocalStack;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import tools.jackson.databind.json.JsonMapper;

/// The stack that all suites share; only this class knows where it is: on the embedded emulator, or, in the template
/// for AWS, on [LocalStack].
final class TestStack {

    /// How long a suite waits for an expected event: no time is asserted, so a busy machine fails nothing.
    static final Duration PATIENCE = Duration.ofMinutes(10);

    static final int LEASE_MARGIN_SECONDS = 2;
    static final int ABSENCE_GAP_SECONDS = 1;
    private static final String LATE_WRITE_SECONDS = "2";
    private static final String DENIED_SECONDS = "12";
    private static final String INCOMPLETE_SECONDS = "15";
    private static final int SPLITTER_TIMEOUT_SECONDS = 60;
    /// The workflow's waits and pauses are a quarter as long; whatever needs a real time also reads a clock. On
    /// LocalStack they are as long as they are.
    static final double WAIT_SCALE = 0.25;

    private static final class Holder {

        static final TestStack INSTANCE = start();
    }

    private final Deployment deployment;
    private final Path folder;
    private final URI simulator;

    private TestStack(Deployment deployment, Path folder, URI simulator) {
        this.deployment = deployment;
        this.folder = folder;
        this.simulator = simulator;
    }

    /// A stack that a suite has started for itself.
    static TestStack of(EmbeddedStack stack) {
        return new TestStack(
                stack.deployment(), stack.folder(), stack.simulatorUrl().orElseThrow());
    }

    private static TestStack start() {
        StackOptions options = StackOptions.defaults()
                .withLeaseMarginSeconds(LEASE_MARGIN_SECONDS)
                .withAbsenceGapSeconds(ABSENCE_GAP_SECONDS)
                .withContext("lateWriteSeconds", LATE_WRITE_SECONDS)
                .withSplitterTimeoutSeconds(SPLITTER_TIMEOUT_SECONDS)
                .withContext("deniedSeconds", DENIED_SECONDS)
                .withContext("incompleteSeconds", INCOMPLETE_SECONDS)
                .withWaitScale(WAIT_SCALE)
                .withSimulatorArguments("--batch-seconds", "1", "--seed", "7");
        if (LocalStack.wanted()) {
            AwsTemplate stack = AwsTemplate.deploy(Project.find(), options);
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "test-stack-end"));
            return new TestStack(stack.deployment(), stack.folder(), stack.simulator());
        }
        EmbeddedStack stack = EmbeddedStack.start(Project.find(), options, text -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "test-stack-end"));
        return of(stack);
    }

    static TestStack shared() {
        return Holder.INSTANCE;
    }

    Deployment deployment() {
        return deployment;
    }

    Path folder() {
        return folder;
    }

    Provider provider() {
        return new Provider(simulator, folder.resolve("simulator/journal.jsonl"));
    }

    /// A name that no other test uses.
    static String name(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    S3Client s3() {
        return configured(S3Client.builder().forcePathStyle(true)).build();
    }

    DynamoDbClientBuilder dynamo() {
        return configured(DynamoDbClient.builder());
    }

    SfnClient sfn() {
        return configured(SfnClient.builder()).build();
    }

    /// For TestState, which is called at a host of its own unless that is turned off.
    SfnClient testing() {
        return configured(SfnClient.builder())
                .overrideConfiguration(
                        o -> o.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
                .build();
    }

    LambdaClient lambda() {
        return configured(LambdaClient.builder()).build();
    }

    SecretsManagerClient secrets() {
        return configured(SecretsManagerClient.builder()).build();
    }

    IamClient iam() {
        return configured(IamClient.builder()).build();
    }

    SnsClient sns() {
        return configured(SnsClient.builder()).build();
    }

    SqsClient sqs() {
        return configured(SqsClient.builder()).build();
    }

    StsClient sts() {
        return configured(StsClient.builder()).build();
    }

    /// An output of the stack, such as `ApiUrl`.
    String output(String name) {
        try {
            return new JsonMapper()
                    .readTree(Files.readString(folder().resolve("outputs.json")))
                    .iterator()
                    .next()
                    .required(name)
                    .stringValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <
                    B extends
                            AwsClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder<B, C>,
                    C>
            B configured(B builder) {
        return builder.region(Region.of(deployment().region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .endpointOverride(Objects.requireNonNull(deployment().endpoint()))
                .httpClientBuilder(UrlConnectionHttpClient.builder());
    }
}
