package io.pairbatch.lambda;

import io.pairbatch.announce.Announcement;
import io.pairbatch.announce.Announcer;
import io.pairbatch.api.Api;
import io.pairbatch.api.Folders;
import io.pairbatch.api.InboxFiles;
import io.pairbatch.api.JobSearch;
import io.pairbatch.api.JobViews;
import io.pairbatch.api.Links;
import io.pairbatch.api.NewJobs;
import io.pairbatch.api.Results;
import io.pairbatch.claim.Claimer;
import io.pairbatch.claim.SpecCheck;
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
import java.net.URI;
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
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
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
    private final DynamoDbClient dynamo = configured(DynamoDbClient.builder()).build();
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
        SpecLayer defaults = layer("the stack's defaults", settings.defaults());
        return new Claimer(s3, registry, new StandardRules(settings.service()), defaults, executions()::running, clock);
    }

    private Executions executions() {
        return new Executions(() -> configured(SfnClient.builder()).build(), settings.stateMachine());
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

    Api api() {
        JobIndex index = new JobIndex(dynamo, settings.table());
        InboxFiles files = new InboxFiles(s3, settings.bucket());
        JobSearch search = new JobSearch(index, files);
        Links links = new Links(presigner(), settings.bucket(), clock);
        SpecCheck specs = new SpecCheck(
                s3,
                settings.bucket(),
                new StandardRules(settings.service()),
                layer("the stack's defaults", settings.defaults()));
        return new Api(
                new NewJobs(specs, files, new Folders(files), links),
                new JobViews(index, search),
                new Results(search, s3, settings.bucket(), links));
    }

    private static S3Presigner presigner() {
        String endpoint = System.getenv("AWS_ENDPOINT_URL");
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(System.getenv("AWS_REGION")))
                .credentialsProvider(EnvironmentVariableCredentialsProvider.create());
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint))
                    .serviceConfiguration(S3Configuration.builder()
                            .pathStyleAccessEnabled(true)
                            .build());
        }
        return builder.build();
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

    private static SpecLayer layer(String name, String json) {
        try {
            return SpecLayer.parse(name, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
