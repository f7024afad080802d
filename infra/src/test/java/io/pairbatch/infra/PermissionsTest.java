package io.pairbatch.infra;

import static io.pairbatch.infra.Templates.at;
import static io.pairbatch.infra.Templates.list;
import static io.pairbatch.infra.Templates.object;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Template;

class PermissionsTest {

    private static Template template;

    @BeforeAll
    static void synthesise() {
        template = Templates.aws();
    }

    @Test
    void noAllowedActionIsAWildcard() {
        assertThat(allowed("").flatMap(statement -> list(statement.get("Action")).stream()))
                .isNotEmpty()
                .allSatisfy(action -> assertThat(action.toString()).doesNotContain("*"));
    }

    @Test
    void noResourceIsAWildcardExceptForLogDeliveryWhichAwsDefinesWithoutOne() {
        Stream<String> open = allowed("")
                .filter(statement -> list(statement.get("Resource")).contains("*"))
                .flatMap(statement -> list(statement.get("Action")).stream())
                .map(Object::toString);
        assertThat(open).allMatch(action -> action.startsWith("logs:"));
    }

    /// Actions on objects, the secret and executions, per function; what it may delete: the record that a folder waits,
    /// a policy that came too late, the commit mark of a sample that has grown, what was fetched once more and has
    /// taken its place, and with `keep_jsonl: false` requests and answers.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        splitter        | claims/* inbox/* jobs/* library/* | claims/* jobs/* | true  | true  | dynamodb:DeleteItem s3:DeleteObject
        poller          | jobs/*                   | jobs/* | true  | false |
        collector       | jobs/*                   | jobs/* | true  | false | s3:DeleteObject s3:DeleteObjectVersion
        merger          | inbox/* jobs/*           | jobs/* | true  | false | s3:DeleteObject s3:DeleteObjectVersion
        deleter         | claims/* jobs/*          | jobs/* | true  | true  | dynamodb:DeleteItem s3:DeleteObject s3:DeleteObjectVersion
        failurerecorder |                          | jobs/* | false | false |
        reviver         | jobs/*/job.json jobs/*/policy.json jobs/*/registry/limits.json jobs/*/registry/segment_*_again.json inbox/* rounds/inbox.json | jobs/*/policy.json jobs/*/registry/segment_* jobs/*/registry/cancelled.json rounds/inbox.json | false | true  |
        api             | inbox/* jobs/* library/* requests/* tables/* | inbox/* requests/* | false | false |
        """)
    void eachFunctionMayDoWhatItsStepDoes(
            String function,
            @Nullable String reads,
            @Nullable String writes,
            boolean secret,
            boolean executions,
            @Nullable String deletes) {
        String role = "Functions" + function + "role";
        assertThat(objectPatterns(role, "s3:GetObject")).isEqualTo(reads == null ? Set.of() : words(reads));
        assertThat(objectPatterns(role, "s3:PutObject")).isEqualTo(writes == null ? Set.of() : words(writes));
        assertThat(actions(role).contains("secretsmanager:GetSecretValue")).isEqualTo(secret);
        assertThat(actions(role).contains("states:DescribeExecution")).isEqualTo(executions);
        if (function.equals("splitter")) {
            assertThat(objectPatterns(role, "s3:DeleteObject"))
                    .isEqualTo(Set.of("jobs/*/policy.json", "jobs/*/registry/cancelled.json"));
        }
        assertThat(actions(role).contains("lambda:InvokeFunction"))
                .as("only the API calls another function, the reviver")
                .isEqualTo(function.equals("api"));
        if (function.equals("collector")) {
            assertThat(objectPatterns(role, "s3:DeleteObject")).isEqualTo(Set.of("jobs/*/again/*"));
        }
        assertThat(actions(role)).contains("dynamodb:Query", "s3:ListBucket");
        assertThat(actions(role).contains("dynamodb:PutItem"))
                .as("the API only reads the registry")
                .isEqualTo(!function.equals("api"));
        assertThat(actions(role))
                .as("nothing calls these")
                .doesNotContain("dynamodb:BatchGetItem", "s3:ListMultipartUploadParts");
        assertThat(actions(role).contains("s3:ListBucketVersions"))
                .as("whoever deletes versions must find them")
                .isEqualTo(actions(role).contains("s3:DeleteObjectVersion"));
        assertThat(actions(role).stream().filter(action -> action.contains("Delete")))
                .isEqualTo(deletes == null ? List.of() : List.of(deletes.split(" ")));
    }

    /// The steps that call a provider.
    @ParameterizedTest
    @ValueSource(strings = {"splitter", "poller", "collector", "merger", "deleter"})
    void aFunctionReadsTheKeysOfTheDeploymentsProvidersOnly(String function) {
        assertThat(keys(template, function)).containsExactly("AnthropicKey", "GeminiKey", "OpenAiKey");
        assertThat(keys(Templates.oneProvider(), function)).containsExactly("GeminiKey");
    }

    /// The secrets that it reads, by what their logical ids begin with.
    private static Set<String> keys(Template template, String function) {
        Set<String> keys = new TreeSet<>();
        allowed(template, "Functions" + function + "role")
                .filter(statement -> list(statement.get("Action")).contains("secretsmanager:GetSecretValue"))
                .flatMap(statement -> list(statement.get("Resource")).stream())
                .map(resource -> String.valueOf(list(at(resource, "Fn::GetAtt")).getFirst()))
                .forEach(id -> keys.add(id.replaceFirst("Storage(.*Key)[0-9A-F]{8}", "$1")));
        return keys;
    }

    @Test
    void onlyTheFunctionsThemselvesAssumeTheirRoles() {
        Map<String, Map<String, Object>> roles = Templates.resources(template, "AWS::IAM::Role");
        roles.entrySet().stream()
                .filter(role -> role.getKey().startsWith("Functions"))
                .map(role -> at(role.getValue(), "Properties", "AssumeRolePolicyDocument", "Statement"))
                .forEach(statements -> assertThat(list(statements))
                        .singleElement()
                        .satisfies(statement -> assertThat(at(statement, "Principal", "Service"))
                                .isEqualTo("lambda.amazonaws.com")));
        assertThat(roles.values())
                .as("managed policies allow more than what is needed")
                .allSatisfy(role ->
                        assertThat(at(role, "Properties", "ManagedPolicyArns")).isNull());
    }

    @Test
    void theWorkflowInvokesItsFiveFunctionsPublishesToTheTopicAndStartsItself() {
        List<Map<String, Object>> statements =
                allowed("WorkflowStateMachineRole").toList();
        assertThat(statements)
                .anySatisfy(statement -> {
                    assertThat(statement.get("Action")).isEqualTo("lambda:InvokeFunction");
                    assertThat(list(statement.get("Resource"))).hasSize(5);
                })
                .anySatisfy(statement -> {
                    assertThat(statement.get("Action")).isEqualTo("sns:Publish");
                    assertThat(String.valueOf(statement.get("Resource"))).contains("AlertsTopic");
                })
                .anySatisfy(statement -> {
                    assertThat(statement.get("Action")).isEqualTo("states:StartExecution");
                    assertThat(String.valueOf(statement.get("Resource")))
                            .contains(":stateMachine:Pairbatch-pairwise-batch");
                });
    }

    private static Stream<Map<String, Object>> allowed(String idPrefix) {
        return allowed(template, idPrefix);
    }

    private static Stream<Map<String, Object>> allowed(Template template, String idPrefix) {
        return Templates.resources(template, "AWS::IAM::Policy").entrySet().stream()
                .filter(policy -> policy.getKey().startsWith(idPrefix))
                .flatMap(policy -> list(at(policy.getValue(), "Properties", "PolicyDocument", "Statement")).stream())
                .map(Templates::object)
                .filter(statement -> "Allow".equals(statement.get("Effect")));
    }

    private static Set<String> actions(String role) {
        Set<String> actions = new TreeSet<>();
        allowed(role)
                .forEach(statement -> list(statement.get("Action")).forEach(action -> actions.add(action.toString())));
        assertThat(actions).as(role).isNotEmpty();
        return actions;
    }

    private static Set<String> objectPatterns(String role, String action) {
        Set<String> patterns = new TreeSet<>();
        allowed(role)
                .filter(statement -> list(statement.get("Action")).contains(action))
                .flatMap(statement -> list(statement.get("Resource")).stream())
                .map(resource -> list(object(resource).get("Fn::Join")))
                .forEach(join ->
                        patterns.add(String.valueOf(list(join.get(1)).getLast()).substring(1)));
        return patterns;
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(List.of(text.split(" ")));
    }
}
