package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.LocalStack;
import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// The smoke test of a deployed stack, as its user runs it: all cases, with a researcher who has the document's policy.
@Tag("long")
@Tag("localstack")
class SmokeIT {

    private static final Path HOME = Project.find().root();
    private static final String USER = "smoke-researcher";
    private static final List<String> EVERYWHERE = List.of("job", "large-table", "copied-parts", "paused-split");
    private static final List<String> LOWERED = List.of("splitter", "merger");

    private final TestStack stack = TestStack.shared();
    private final IamClient iam = stack.iam();
    private AccessKey key;

    @TempDir
    private Path folder;

    @BeforeEach
    void researcher() throws IOException {
        String policy = Policies.of(stack).getFirst();
        iam.createUser(r -> r.userName(USER));
        iam.putUserPolicy(r -> r.userName(USER).policyName("pairbatch").policyDocument(policy));
        key = iam.createAccessKey(r -> r.userName(USER)).accessKey();
        Files.writeString(
                folder.resolve("credentials"),
                "[researcher]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                        .formatted(key.accessKeyId(), key.secretAccessKey()));
    }

    @AfterEach
    void nobody() {
        iam.deleteAccessKey(r -> r.userName(USER).accessKeyId(key.accessKeyId()));
        iam.deleteUserPolicy(r -> r.userName(USER).policyName("pairbatch"));
        iam.deleteUser(r -> r.userName(USER));
        iam.close();
    }

    @Test
    void everyCasePassesAndWhatItLoweredIsPutBack() throws Exception {
        List<Integer> before = timeouts();

        String said = LocalStack.wanted()
                // It enforces no policies, and refuses a conditional deletion, which a second merge needs.
                ? smoke("--only", String.join(",", EVERYWHERE))
                : smoke("--researcher", "researcher");

        for (String name : EVERYWHERE) {
            assertThat(said).containsPattern("\n" + name + " +passed ");
        }
        if (!LocalStack.wanted()) {
            assertThat(said).containsPattern("\npolicies +passed ");
            // A machine that is fast enough ends nothing, and says so.
            assertThat(said)
                    .containsPattern(
                            "\nkilled-function +(passed .* kills?,|skipped  The merger needed no more than 1 s)");
        }
        // The embedded emulator keeps no checksums.
        assertThat(said).contains(LocalStack.wanted() ? "parts, with a checksum" : "the emulator keeps no checksum");
        assertThat(said)
                .containsPattern("at most \\d+ requests and USD \\d+\\.\\d\\d")
                .contains("The timeout of Pairbatch-splitter is 10 s for a moment");
        assertThat(timeouts()).isEqualTo(before);

        assertThat(smoke("--only", "job,paused-split"))
                .as("the same test once more")
                .contains("job: job smoke-job-1-", "is there from before: done")
                .doesNotContain("for a moment", "was dropped");
    }

    private List<Integer> timeouts() {
        try (LambdaClient lambda = stack.lambda()) {
            return LOWERED.stream()
                    .map(step -> lambda.getFunctionConfiguration(
                                    r -> r.functionName(stack.deployment().functionName(step)))
                            .timeout())
                    .toList();
        }
    }

    private String smoke(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                HOME.resolve("pairbatch").toString(), "smoke", "--stack", "Pairbatch", "--yes", "--model", "gpt-4.1"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("AWS_ENDPOINT_URL", String.valueOf(stack.deployment().endpoint()));
        environment.put("AWS_REGION", stack.deployment().region());
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("credentials").toString());
        environment.put("PAIRBATCH_SKIP_BUILD", "1");
        int exit = builder.start().waitFor();
        String said = Files.readString(output);
        assertThat(exit).as(said).isZero();
        return said;
    }
}
