package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.stack.EmbeddedStack;
import io.pairbatch.cli.stack.Project;
import io.pairbatch.cli.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;

/// The commands of docs/DEPLOYING.md, exactly as documented, on a separate stack, which the last of them delete.
/// Without the AWS CLI, which `.ci/run` installs, the test is skipped with a message.
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployingIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path AWS = HOME.resolve(".pairbatch/tests/python/bin/aws");
    private static final Pattern RUN = Pattern.compile("```sh test\n(.*?)```", Pattern.DOTALL);

    private static EmbeddedStack stack;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        assumeTrue(Files.isExecutable(AWS), "skipped: no AWS CLI in .pairbatch/tests/python; .ci/analysis installs it");
        stack = EmbeddedStack.start(
                Project.find(),
                // A job that loses too many pairs has an exit code of its own.
                StackOptions.defaults()
                        .withSimulatorArguments(
                                "--batch-seconds", "2", "--seed", "7", "--error-rate", "0", "--missing-tag-rate", "0"),
                text -> {});
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @BeforeEach
    void aFolderOfAUser() throws IOException {
        for (String file : new String[] {"job.json", "pairs.csv"}) {
            Files.copy(HOME.resolve("examples/essays").resolve(file), folder.resolve(file));
        }
        Path launcher = Files.writeString(
                folder.resolve("pairbatch"), "#!/bin/bash\nexec '" + HOME.resolve("pairbatch") + "' \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @Test
    @Order(1)
    void theResearchersPolicyAllowsDroppingAndReadingButNothingElse() throws Exception {
        Map<String, String> researcher = researcher();
        String bucket = stack.deployment().bucket();
        String table = stack.deployment().table();

        for (String allowed : new String[] {
            "s3 cp job.json s3://" + bucket + "/inbox/policy/job.json",
            "s3 cp s3://" + bucket + "/inbox/policy/job.json copy.json",
            "s3 ls s3://" + bucket + "/inbox/",
            "s3api list-objects-v2 --bucket " + bucket + " --prefix library/",
            "dynamodb query --table-name " + table + " --index-name jobs-by-time --key-condition-expression kind=:k"
                    + " --expression-attribute-values '{\":k\":{\"S\":\"JOB\"}}'",
            "cloudformation describe-stacks --stack-name Pairbatch"
        }) {
            assertThat(aws(researcher, allowed)).as(allowed).isEqualTo("0");
        }
        for (String refused : new String[] {
            "secretsmanager get-secret-value --secret-id Pairbatch/openai",
            "s3 cp job.json s3://" + bucket + "/jobs/policy/job.json",
            "s3 rm s3://" + bucket + "/inbox/policy/job.json",
            "s3 cp job.json s3://" + bucket + "/library/traits/job.json",
            "dynamodb delete-item --table-name " + table
                    + " --key '{\"job_id\":{\"S\":\"a\"},\"item\":{\"S\":\"JOB\"}}'",
            "lambda list-functions"
        }) {
            assertThat(aws(researcher, refused)).as(refused).isNotEqualTo("0").contains("not authorized");
        }
    }

    @Test
    @Order(2)
    void everyCommandOfTheDocumentRunsAsDocumented() throws Exception {
        Deployment deployment = stack.deployment();
        String key = TestStack.of(stack)
                .secrets()
                .getSecretValue(r -> r.secretId(deployment.secretArn(Backend.OPENAI)))
                .secretString();
        Files.writeString(folder.resolve("key.json"), key);
        String commands =
                RUN.matcher(document()).results().map(match -> match.group(1)).collect(Collectors.joining("\n"));
        Files.writeString(folder.resolve("all.sh"), "set -euo pipefail\n" + commands);

        String said = run(Map.of(), "bash", "all.sh");

        assertThat(said)
                .contains("key of openai is set")
                .contains("190 rows = ")
                .containsPattern("Next: \\S*/pairbatch results essays-");
        assertThat(said).doesNotContain(key);
        assertThat(folder.resolve("fetched/judgements.csv.gz")).exists();
        assertThat(folder.resolve("copied/combined_results.csv"))
                .hasSameBinaryContentAs(folder.resolve("fetched/combined_results.csv"));
        assertThat(folder.resolve("copied/parts")).doesNotExist();
        assertThat(TestStack.of(stack).s3().listBuckets().buckets())
                .noneMatch(bucket -> bucket.name().equals(deployment.bucket()));
    }

    /// A user with the document's policy.
    private Map<String, String> researcher() throws IOException {
        String policy = Policies.of(TestStack.of(stack)).getFirst();
        try (IamClient iam = TestStack.of(stack).iam()) {
            iam.createUser(r -> r.userName("researcher"));
            iam.putUserPolicy(
                    r -> r.userName("researcher").policyName("pairbatch").policyDocument(policy));
            AccessKey key = iam.createAccessKey(r -> r.userName("researcher")).accessKey();
            return Map.of("AWS_ACCESS_KEY_ID", key.accessKeyId(), "AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
        }
    }

    /// Only the exit code if it is 0, otherwise with the output.
    private String aws(Map<String, String> user, String arguments) throws Exception {
        return run(
                        user,
                        "bash",
                        "-c",
                        "set +e; aws " + arguments + " >said 2>&1; code=$?; echo -n $code;"
                                + " [ $code = 0 ] || cat said")
                .replace("AccessDenied", "not authorized");
    }

    private String run(Map<String, String> user, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", AWS.getParent() + ":" + environment.get("PATH"));
        environment.put(
                "AWS_ENDPOINT_URL",
                Objects.requireNonNull(stack.deployment().endpoint()).toString());
        environment.put("AWS_REGION", stack.deployment().region());
        environment.put("AWS_DEFAULT_REGION", stack.deployment().region());
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        environment.put("PAIRBATCH_SKIP_BUILD", "1");
        environment.putAll(user);
        int code = builder.start().waitFor();
        String said = Files.readString(folder.resolve("output"));
        assertThat(code).as(said).isZero();
        return said;
    }

    private static String document() throws IOException {
        return Files.readString(HOME.resolve("docs/DEPLOYING.md"));
    }
}
