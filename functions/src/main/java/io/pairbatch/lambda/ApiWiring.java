package io.pairbatch.lambda;

import io.pairbatch.api.Api;
import io.pairbatch.api.Estimates;
import io.pairbatch.api.Folders;
import io.pairbatch.api.InboxFiles;
import io.pairbatch.api.JobActions;
import io.pairbatch.api.JobSearch;
import io.pairbatch.api.JobViews;
import io.pairbatch.api.Links;
import io.pairbatch.api.NewJobs;
import io.pairbatch.api.Requests;
import io.pairbatch.api.Results;
import io.pairbatch.claim.SpecCheck;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.TableEstimator;
import io.pairbatch.registry.JobIndex;
import io.pairbatch.split.StandardRules;
import java.net.URI;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Wires up the HTTP API, separate from the steps, so that their functions load none of its classes.
final class ApiWiring {

    private ApiWiring() {}

    static Api api() {
        Wiring shared = new Wiring(Surroundings.ofFunction());
        String bucket = shared.settings.bucket();
        JobIndex index = new JobIndex(shared.dynamo, shared.settings.table());
        InboxFiles files = new InboxFiles(shared.s3, bucket);
        JobSearch search = new JobSearch(index, files);
        Links links = new Links(presigner(), bucket, shared.clock);
        SpecCheck specs = new SpecCheck(
                shared.s3,
                bucket,
                new StandardRules(shared.settings.service()),
                shared.stackDefaults(),
                shared.settings.providers());
        return new Api(
                new NewJobs(specs, files, new Folders(files), links),
                new JobViews(index, search, shared.clock),
                new Results(search, shared.s3, bucket, links),
                new JobActions(
                        search,
                        new Requests(files),
                        new ReviverCall(System.getenv().getOrDefault("PAIRBATCH_REVIVER", ""))),
                new Estimates(
                        specs,
                        files,
                        (spec, table, fingerprint, until) -> new TableEstimator(
                                        table, fingerprint, shared.settings.service(), PriceTable.bundled())
                                .report(spec, until)
                                .map(EstimateReport::toJson),
                        shared.clock));
    }

    private static S3Presigner presigner() {
        String endpoint = System.getenv("AWS_ENDPOINT_URL");
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(Region.of(System.getenv("AWS_REGION")))
                .credentialsProvider(Surroundings.credentials());
        if (endpoint != null) {
            // A custom endpoint (the embedded stack) has no host name per bucket.
            builder.endpointOverride(URI.create(endpoint))
                    .serviceConfiguration(S3Configuration.builder()
                            .pathStyleAccessEnabled(true)
                            .build());
        }
        return builder.build();
    }
}
