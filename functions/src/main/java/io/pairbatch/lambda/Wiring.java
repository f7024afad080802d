package io.pairbatch.lambda;

import io.pairbatch.claim.Claimer;
import io.pairbatch.collect.Collecting;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.SpecLayer;
import io.pairbatch.merge.Merging;
import io.pairbatch.poll.Poller;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.split.SplitStep;
import io.pairbatch.split.StandardRules;
import io.pairbatch.step.Jobs;
import io.pairbatch.step.RegistryFile;
import io.pairbatch.step.Settings;
import io.pairbatch.submit.Reconciler;
import io.pairbatch.submit.Submitter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/// Everything a function is made of, by hand. What only some functions use is made when it is first asked for.
final class Wiring {

    final Clock clock = Clock.systemUTC();
    final Settings settings = Settings.from(System.getenv());
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    final S3Client s3 = S3Client.builder()
            .httpClient(http)
            // An endpoint of one's own (the embedded stack) has no host name for each bucket.
            .forcePathStyle(System.getenv("AWS_ENDPOINT_URL") != null)
            .build();
    private final DynamoDbClient dynamo =
            DynamoDbClient.builder().httpClient(http).build();
    final JobRegistry registry = new JobRegistry(dynamo, settings.table(), clock);
    final SegmentRegistry segments = new SegmentRegistry(dynamo, settings.table(), registry, clock);
    final Jobs jobs = new Jobs(
            settings,
            registry,
            s3,
            () -> SecretsManagerClient.builder().httpClient(http).build(),
            StepHandler.JSON);

    final RegistryFile registryFile = new RegistryFile(segments);

    Submitter submitter() {
        Reconciler reconciler = new Reconciler(segments, settings.absenceGap(), clock);
        return new Submitter(segments, reconciler, settings.leaseMargin(), clock);
    }

    Poller poller() {
        return new Poller(segments, submitter(), clock);
    }

    private Claimer claimer() {
        SpecLayer defaults = layer("the stack's defaults", settings.defaults());
        Executions executions =
                new Executions(() -> SfnClient.builder().httpClient(http).build());
        return new Claimer(s3, registry, StandardRules.reader(), defaults, executions::running, clock);
    }

    SplitStep splitting() {
        return new SplitStep(claimer(), jobs, registry, segments);
    }

    Collecting collecting() {
        return new Collecting(segments, PriceTable.bundled(), clock);
    }

    Merging merging() {
        return new Merging(registry, segments, registryFile, PriceTable.bundled());
    }

    private static SpecLayer layer(String name, String json) {
        try {
            return SpecLayer.parse(name, new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
