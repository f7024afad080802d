package io.pairbatch.lambda;

import io.pairbatch.announce.Announcement;
import io.pairbatch.announce.Announcer;
import io.pairbatch.claim.Claimer;
import io.pairbatch.collect.Collecting;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.forget.Deleter;
import io.pairbatch.forget.Retention;
import io.pairbatch.job.SpecLayer;
import io.pairbatch.merge.Merging;
import io.pairbatch.poll.Poller;
import io.pairbatch.preflight.Preflight;
import io.pairbatch.registry.DeletionRegistry;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.revive.Continuation;
import io.pairbatch.revive.JobFolders;
import io.pairbatch.revive.Reviver;
import io.pairbatch.split.SplitStep;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.Jobs;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Restoration;
import io.pairbatch.step.Settings;
import io.pairbatch.submit.Reconciler;
import io.pairbatch.submit.Submitter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/// Everything a function is made of, by hand. What only some functions use is made when it is first asked for.
final class Wiring {

    final Clock clock = Clock.systemUTC();
    final Settings settings = Settings.from(System.getenv());
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    final S3Client s3 = configured(S3Client.builder())
            // An endpoint of one's own (the embedded stack) has no host name for each bucket.
            .forcePathStyle(System.getenv("AWS_ENDPOINT_URL") != null)
            .build();
    final DynamoDbClient dynamo = configured(DynamoDbClient.builder()).build();
    final JobRegistry registry = new JobRegistry(dynamo, settings.table(), clock);
    final SegmentRegistry segments = new SegmentRegistry(dynamo, settings.table(), registry, clock);
    final Jobs jobs = new Jobs(
            settings,
            registry,
            s3,
            () -> configured(SecretsManagerClient.builder()).build(),
            StepHandler.JSON);

    final RegistryFile registryFile = new RegistryFile(segments);

    Submitter submitter() {
        Reconciler reconciler = new Reconciler(segments, settings.absenceGap(), clock);
        return new Submitter(segments, reconciler, settings.leaseMargin(), clock);
    }

    Preflight preflight() {
        return new Preflight(registry, segments, settings, PriceTable::bundled, clock);
    }

    Poller poller() {
        return new Poller(segments, submitter(), clock);
    }

    private Claimer claimer() {
        return new Claimer(
                s3, registry, new StandardRules(settings.service()), stackDefaults(), executions()::running, clock);
    }

    private Executions executions() {
        return new Executions(() -> configured(SfnClient.builder()).build(), settings.stateMachine());
    }

    Continuation continuation() {
        return new Continuation(registry, executions(), jobs::frozen);
    }

    Reviver reviver() {
        return new Reviver(registry, executions(), new JobFolders(s3, settings.bucket()));
    }

    SplitStep splitting() {
        return new SplitStep(claimer(), jobs, registry, segments, new Restoration(segments));
    }

    Collecting collecting() {
        return new Collecting(segments, PriceTable.bundled(), clock);
    }

    Merging merging() {
        return new Merging(registry, segments, registryFile, PriceTable.bundled());
    }

    Deleter deleter() {
        return new Deleter(
                registry,
                segments,
                new DeletionRegistry(dynamo, settings.table(), clock),
                jobs,
                s3,
                settings.bucket(),
                new Reconciler(segments, settings.absenceGap(), clock),
                executions()::running,
                clock);
    }

    Retention retention() {
        return new Retention(segments);
    }

    Announcer announcer() {
        return new Announcer(
                new JobIndex(dynamo, settings.table()),
                new Announcement.Place(settings.bucket(), System.getenv("AWS_REGION")));
    }

    /// What a function's environment always holds is named, so that the SDK does not search for it at each cold start
    /// (https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/lambda-optimize-starttime.html).
    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(B builder) {
        return builder.httpClient(http)
                .region(Region.of(System.getenv("AWS_REGION")))
                .credentialsProvider(EnvironmentVariableCredentialsProvider.create());
    }

    SpecLayer stackDefaults() {
        byte[] json = settings.defaults().getBytes(StandardCharsets.UTF_8);
        try {
            return SpecLayer.parse("the stack's defaults", new ByteArrayInputStream(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
