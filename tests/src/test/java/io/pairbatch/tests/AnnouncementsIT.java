package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What subscribers of the topic receive, read from a subscribed queue.
class AnnouncementsIT {

    private static final Duration PATIENCE = TestStack.PATIENCE;
    private static final JsonMapper JSON = new JsonMapper();

    private final TestStack stack = TestStack.shared();
    private final SqsClient sqs = stack.sqs();
    private final String queue = subscribed();
    private final List<JsonNode> received = new ArrayList<>();

    /// A message as SNS delivers it to a queue.
    private record Told(String subject, String raw, JsonNode json) {}

    @AfterEach
    void leave() {
        sqs.deleteQueue(r -> r.queueUrl(queue));
    }

    private String subscribed() {
        String url = sqs.createQueue(r -> r.queueName(TestStack.name("told"))).queueUrl();
        String arn = sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        String topic = stack.output("AlertTopicArn");
        sqs.setQueueAttributes(
                r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "%s",
                 "Principal": {"Service": "sns.amazonaws.com"}, "Condition": {"ArnEquals": {"aws:SourceArn": "%s"}}}]}
                """.formatted(arn, topic))));
        stack.sns().subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(arn));
        return url;
    }

    @Test
    void aFinishedJobIsAnnouncedWithItsCountsAndLinks() {
        DroppedJob job = DroppedJob.drop("told", Tables.csv(4) + ",no id,B,text\n", Tables.job(10));
        assertThat(job.await(PATIENCE)).isEqualTo("DONE");
        Told told = told(job.id());
        assertThat(told.subject()).isEqualTo("Pairbatch: " + job.id() + " is DONE");
        JsonNode json = told.json();
        assertThat(json.path("state").stringValue()).isEqualTo("DONE");
        assertThat(json.path("name").stringValue()).isEqualTo(job.folder());
        assertThat(json.path("rows").asInt()).isEqualTo(5);
        assertThat(json.path("rejected").asInt()).isEqualTo(1);
        assertThat(json.path("observed").asInt() + json.path("failed").asInt()).isEqualTo(4);
        assertThat(json.path("rejected_by_reason").toString()).isEqualTo("{\"missing_id\":{\"rows\":1,\"first\":[5]}}");
        assertThat(json.path("failed_by_code").isObject()).isTrue();
        assertThat(json.path("cost_usd").stringValue()).isEqualTo(job.text("cost_usd"));
        assertThat(json.path("results").stringValue())
                .isEqualTo("s3://" + stack.deployment().bucket() + "/jobs/" + job.id() + "/");
        assertThat(json.path("console").stringValue()).contains("prefix=jobs/" + job.id() + "/");
        assertThat(json.has("code")).isFalse();
        assertNothingOfTheTable(told);
    }

    @Test
    void aRejectedJobIsAnnouncedWithItsCodeAndRemedy() {
        DroppedJob job = DroppedJob.drop("told", Tables.csv(2), Tables.job(10, "\"temperature\": 7"));
        assertThat(job.await(PATIENCE)).isEqualTo("REJECTED");
        Told told = told(job.id());
        assertThat(told.subject()).isEqualTo("Pairbatch: " + job.id() + " is REJECTED");
        assertThat(told.json().path("code").stringValue()).isEqualTo(job.text("error_code"));
        assertThat(told.json().path("remedy").stringValue()).isNotEmpty();
        assertThat(told.json().path("error").stringValue()).endsWith("/jobs/" + job.id() + "/error.json");
        assertNothingOfTheTable(told);
    }

    @Test
    void aJobThatWaitsForItsKeyIsAnnounced() {
        String secret = stack.deployment().secretArn(Backend.ANTHROPIC);
        String key = stack.secrets().getSecretValue(r -> r.secretId(secret)).secretString();
        stack.secrets().putSecretValue(r -> r.secretId(secret).secretString("{\"api_key\": \"\"}"));
        try {
            DroppedJob job = DroppedJob.drop("told", Tables.csv(2), Tables.job(Backend.ANTHROPIC, 10));
            assertThat(job.await(PATIENCE)).isEqualTo("WAITING_FOR_KEY");
            Told told = told(job.id());
            assertThat(told.json().path("state").stringValue()).isEqualTo("WAITING_FOR_KEY");
            assertThat(told.json().path("code").stringValue()).isEqualTo("KEY_MISSING");
            assertThat(told.json().path("rows").asInt()).isEqualTo(2);
            assertNothingOfTheTable(told);
        } finally {
            stack.secrets().putSecretValue(r -> r.secretId(secret).secretString(key));
        }
    }

    private static void assertNothingOfTheTable(Told told) {
        assertThat(told.raw()).doesNotContain("text of pair", "second text", "X-Amz-Signature");
    }

    private Told told(String jobId) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            for (Message message : sqs.receiveMessage(
                            r -> r.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(1))
                    .messages()) {
                received.add(JSON.readTree(message.body()));
            }
            for (JsonNode message : received) {
                JsonNode json = JSON.readTree(message.path("Message").stringValue());
                if (json.path("job").stringValue().equals(jobId)) {
                    return new Told(message.path("Subject").stringValue(), message.toString(), json);
                }
            }
            assertThat(Instant.now()).as("no announcement of " + jobId).isBefore(end);
        }
    }
}
