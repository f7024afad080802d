package io.pairbatch.infra;

import static io.pairbatch.infra.Templates.at;
import static io.pairbatch.infra.Templates.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Matcher;
import software.amazon.awscdk.assertions.Template;

class PairbatchStackTest {

    private static Template aws;
    private static Template embedded;

    @BeforeAll
    static void synthesise() {
        aws = Templates.aws();
        embedded = Templates.embedded();
    }

    @Test
    void objectsOfTheInboxStartTheWorkflowAndUndeliveredEventsAreKept() {
        aws.hasResourceProperties(
                "AWS::Events::Rule",
                Map.of(
                        "EventPattern",
                        Match.objectLike(Map.of(
                                "source",
                                List.of("aws.s3"),
                                "detail-type",
                                List.of("Object Created"),
                                "detail",
                                Match.objectLike(
                                        Map.of("object", Map.of("key", List.of(Map.of("prefix", "inbox/"))))))),
                        "Targets",
                        List.of(Match.objectLike(Map.of(
                                "DeadLetterConfig", Match.objectLike(Map.of("Arn", Match.anyValue())),
                                "RetryPolicy", Map.of("MaximumEventAgeInSeconds", 86_400, "MaximumRetryAttempts", 185),
                                "Input", Match.absent(),
                                "InputPath", Match.absent())))));
        aws.hasResourceProperties(
                "AWS::SQS::Queue", Map.of("MessageRetentionPeriod", 1_209_600, "SqsManagedSseEnabled", true));
    }

    @Test
    void anExecutionsDeathAndEachHourTriggerTheReviver() {
        aws.hasResourceProperties(
                "AWS::Events::Rule",
                Map.of(
                        "EventPattern",
                        Match.objectLike(Map.of(
                                "source",
                                List.of("aws.states"),
                                "detail",
                                Match.objectLike(Map.of("status", List.of("FAILED", "TIMED_OUT", "ABORTED"))))),
                        "Targets",
                        List.of(Match.objectLike(Map.of("Arn", Match.anyValue())))));
        aws.hasResourceProperties("AWS::Events::Rule", Map.of("ScheduleExpression", "rate(1 hour)"));
    }

    @Test
    void theBucketIsPrivateVersionedEncryptedAndKeptOnAws() {
        aws.hasResource(
                "AWS::S3::Bucket",
                Map.of(
                        "DeletionPolicy",
                        "Retain",
                        "Properties",
                        Match.objectLike(Map.of(
                                "VersioningConfiguration", Map.of("Status", "Enabled"),
                                "NotificationConfiguration",
                                        Map.of("EventBridgeConfiguration", Map.of("EventBridgeEnabled", true)),
                                "BucketEncryption", Match.anyValue(),
                                "PublicAccessBlockConfiguration",
                                        Map.of(
                                                "BlockPublicAcls", true,
                                                "BlockPublicPolicy", true,
                                                "IgnorePublicAcls", true,
                                                "RestrictPublicBuckets", true),
                                "LifecycleConfiguration",
                                        Map.of(
                                                "Rules",
                                                List.of(
                                                        Match.objectLike(Map.of(
                                                                "AbortIncompleteMultipartUpload",
                                                                Map.of("DaysAfterInitiation", 2))),
                                                        Match.objectLike(
                                                                Map.of("Prefix", "requests/", "ExpirationInDays", 2)),
                                                        replaced("jobs/"),
                                                        replaced("claims/"),
                                                        replaced("library/")))))));
        aws.hasResourceProperties(
                "AWS::S3::BucketPolicy",
                Map.of(
                        "PolicyDocument",
                        Match.objectLike(Map.of(
                                "Statement",
                                Match.arrayWith(List.of(Match.objectLike(Map.of(
                                        "Effect",
                                        "Deny",
                                        "Condition",
                                        Map.of("Bool", Map.of("aws:SecureTransport", "false"))))))))));
    }

    /// Nothing of this kind is said of `inbox/`, where a job reads an older version.
    private static Matcher replaced(String prefix) {
        return Match.objectLike(Map.of(
                "Prefix",
                prefix,
                "NoncurrentVersionExpiration",
                Map.of("NoncurrentDays", 30),
                "ExpiredObjectDeleteMarker",
                true));
    }

    @Test
    void whatRunsForMinutesIsCompiledByTheBetterCompiler() {
        Templates.resources(aws, "AWS::Lambda::Function").values().forEach(function -> {
            String name = String.valueOf(at(function, "Properties", "FunctionName"));
            String options =
                    String.valueOf(at(function, "Properties", "Environment", "Variables", "JAVA_TOOL_OPTIONS"));
            assertThat(options.contains("-XX:TieredStopAtLevel=4"))
                    .as(name)
                    .isEqualTo(name.endsWith("-splitter") || name.endsWith("-collector"));
        });
    }

    @Test
    void theRegistryIsKeptOnAwsAndCanBeRestoredToAnyTime() {
        aws.hasResource(
                "AWS::DynamoDB::Table",
                Map.of(
                        "DeletionPolicy",
                        "Retain",
                        "Properties",
                        Match.objectLike(Map.of(
                                "BillingMode", "PAY_PER_REQUEST",
                                "PointInTimeRecoverySpecification", Map.of("PointInTimeRecoveryEnabled", true),
                                "KeySchema", keys("job_id", "item"),
                                "GlobalSecondaryIndexes",
                                        List.of(
                                                Match.objectLike(Map.of(
                                                        "IndexName",
                                                        "jobs-by-time",
                                                        "KeySchema",
                                                        keys("kind", "created_at"))),
                                                Match.objectLike(Map.of(
                                                        "IndexName",
                                                        "open-by-account",
                                                        "KeySchema",
                                                        keys("open_account", "submitted_at"))))))));
    }

    @Test
    void aBucketAndATableThatAnEarlierStackHasLeftAreNamedSoThatTheyCanBeAdopted() {
        Template template =
                Template.fromStack(Templates.stack(Map.of("bucketName", "kept-bucket", "tableName", "Kept-Table")));
        // CloudFormation adopts what has a name of its own and is kept.
        template.hasResource(
                "AWS::S3::Bucket",
                Map.of(
                        "DeletionPolicy",
                        "Retain",
                        "Properties",
                        Match.objectLike(Map.of("BucketName", "kept-bucket"))));
        template.hasResource(
                "AWS::DynamoDB::Table",
                Map.of("DeletionPolicy", "Retain", "Properties", Match.objectLike(Map.of("TableName", "Kept-Table"))));
        assertThat(Templates.resources(aws, "AWS::S3::Bucket").values())
                .allSatisfy(bucket ->
                        assertThat(at(bucket, "Properties", "BucketName")).isNull());
    }

    @Test
    void nothingIsKeptOnTheEmbeddedStack() {
        for (String type : List.of("AWS::S3::Bucket", "AWS::DynamoDB::Table")) {
            assertThat(Templates.resources(embedded, type).values())
                    .singleElement()
                    .satisfies(resource ->
                            assertThat(resource.get("DeletionPolicy")).isEqualTo("Delete"));
        }
    }

    @Test
    void everyFunctionTheWorkflowAndTheApiLogForAMonth() {
        Collection<Map<String, Object>> groups =
                Templates.resources(aws, "AWS::Logs::LogGroup").values();
        assertThat(groups)
                .hasSizeGreaterThan(Functions.Step.values().length)
                .allSatisfy(group ->
                        assertThat(at(group, "Properties", "RetentionInDays")).isEqualTo(30));
        assertThat(Templates.resources(aws, "AWS::Lambda::Function").values())
                .hasSize(Functions.Step.values().length)
                .allSatisfy(function -> assertThat(at(function, "Properties", "LoggingConfig", "LogGroup"))
                        .isNotNull());
    }

    @Test
    void theWorkflowLogsErrorsOnlyAndNeverTheDataOfAnExecution() {
        aws.hasResourceProperties(
                "AWS::StepFunctions::StateMachine",
                Map.of(
                        "StateMachineName", "Pairbatch-pairwise-batch",
                        "LoggingConfiguration",
                                Match.objectLike(Map.of("IncludeExecutionData", false, "Level", "ERROR")),
                        "TracingConfiguration", Map.of("Enabled", false),
                        "DefinitionSubstitutions",
                                Match.objectLike(Map.of("StateMachineName", "Pairbatch-pairwise-batch"))));
    }

    @Test
    void functionsRunOnTheManagedRuntimeOnAwsAndOnTheGivenJdkWhenEmbedded() {
        assertThat(Templates.resources(aws, "AWS::Lambda::Function").values()).allSatisfy(function -> {
            assertThat(at(function, "Properties", "Runtime")).isEqualTo("java25");
            assertThat(at(function, "Properties", "Architectures")).isEqualTo(List.of("arm64"));
            assertThat(String.valueOf(at(function, "Properties", "Environment", "Variables", "JAVA_TOOL_OPTIONS")))
                    .contains("-Xmx256m");
        });
        assertThat(Templates.resources(embedded, "AWS::Lambda::Function").values())
                .allSatisfy(function -> {
                    assertThat(at(function, "Properties", "Runtime")).isEqualTo("provided.al2023");
                    assertThat(at(function, "Properties", "Environment", "Variables", "PAIRBATCH_JAVA"))
                            .isEqualTo("/jdk/bin/java");
                });
    }

    @Test
    void theTargetsDifferInValuesNotInResources() {
        // The policies of bucket and topic require TLS, which the emulator does not support.
        assertThat(types(embedded))
                .isEqualTo(types(aws).stream()
                        .filter(type -> !type.equals("AWS::S3::BucketPolicy") && !type.equals("AWS::SNS::TopicPolicy"))
                        .toList());
    }

    @Test
    void theSecretsAreCreatedWithoutAKey() {
        aws.hasResourceProperties(
                "AWS::SecretsManager::Secret",
                Map.of("Name", "Pairbatch/openai", "SecretString", "{\"api_key\":\"\"}"));
    }

    @Test
    void theOutputsAreWhatTheCommandLineNeeds() {
        assertThat(aws.findOutputs("*").keySet())
                .containsExactlyInAnyOrder(
                        "BucketName",
                        "TableName",
                        "StateMachineArn",
                        "ApiUrl",
                        "AlertTopicArn",
                        "DeleterFunctionName",
                        "OpenAiSecretArn",
                        "AnthropicSecretArn",
                        "GeminiSecretArn");
    }

    @Test
    void stageTagsAndBoundaryReachEveryResourceTheyApplyTo() {
        Template template = Template.fromStack(Templates.stack(Map.of(
                "stage",
                "pilot",
                "tags",
                "{\"project\":\"essays\"}",
                "permissionsBoundary",
                "arn:aws:iam::aws:policy/B")));
        assertThat(Templates.resources(template, "AWS::IAM::Role").values())
                .isNotEmpty()
                .allSatisfy(role -> {
                    assertThat(at(role, "Properties", "PermissionsBoundary")).isEqualTo("arn:aws:iam::aws:policy/B");
                    assertThat(list(at(role, "Properties", "Tags")))
                            .contains(Map.of("Key", "project", "Value", "essays"));
                });
        template.hasResourceProperties(
                "AWS::StepFunctions::StateMachine", Map.of("StateMachineName", "Pairbatch-pilot-pairwise-batch"));
    }

    private static List<Map<String, String>> keys(String partition, String sort) {
        return List.of(
                Map.of("AttributeName", partition, "KeyType", "HASH"),
                Map.of("AttributeName", sort, "KeyType", "RANGE"));
    }

    private static List<String> types(Template template) {
        return Templates.object(template.toJSON().get("Resources")).values().stream()
                .map(resource -> String.valueOf(at(resource, "Type")))
                .sorted()
                .toList();
    }
}
