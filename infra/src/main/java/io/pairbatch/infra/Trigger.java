package io.pairbatch.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.SfnStateMachine;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.amazon.awscdk.services.stepfunctions.IStateMachine;
import software.constructs.Construct;

/// Starts the workflow for each object that arrives under `inbox/`. An event that cannot be delivered is kept.
final class Trigger extends Construct {

    Trigger(Construct scope, Bucket bucket, IStateMachine stateMachine) {
        super(scope, "Trigger");
        Queue undelivered = Queue.Builder.create(this, "Undelivered")
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .retentionPeriod(Duration.days(14))
                .build();
        Accepted.finding(
                undelivered,
                "AwsSolutions-SQS3",
                "This is the dead letter queue of the rule that starts jobs; nothing receives from it automatically.");
        Rule.Builder.create(this, "ObjectCreated")
                .description("An object arrived in Pairbatch's inbox")
                .eventPattern(EventPattern.builder()
                        .source(List.of("aws.s3"))
                        .detailType(List.of("Object Created"))
                        .detail(Map.of(
                                "bucket", Map.of("name", List.of(bucket.getBucketName())),
                                "object", Map.of("key", List.of(Map.of("prefix", "inbox/")))))
                        .build())
                .targets(List.of(SfnStateMachine.Builder.create(stateMachine)
                        .deadLetterQueue(undelivered)
                        .retryAttempts(185)
                        .maxEventAge(Duration.hours(24))
                        .build()))
                .build();
    }
}
