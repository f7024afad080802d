package io.pairbatch.infra;

import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/// The topic to which the workflow publishes jobs that have ended. Users subscribe to it.
final class Alerts extends Construct {

    private final Topic topic;

    Alerts(Construct scope, Settings settings) {
        super(scope, "Alerts");
        topic = Topic.Builder.create(this, "Topic")
                .displayName("Pairbatch")
                .enforceSsl(!settings.embedded())
                .build();
        if (settings.embedded()) {
            Accepted.finding(topic, "AwsSolutions-SNS3", Settings.WITHOUT_TLS);
        }
    }

    Topic topic() {
        return topic;
    }
}
