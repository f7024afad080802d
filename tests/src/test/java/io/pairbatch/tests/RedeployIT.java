package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.cli.stack.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;

/// `pairbatch deploy`, twice, as on an account: with the CDK's own command line, on the emulator.
@Tag("long")
class RedeployIT {

    private static final String GATEWAY = "https://gateway.example/v1";

    private final TestStack stack = TestStack.shared();

    @TempDir
    private Path folder;

    @Test
    void aSettingThatChangesReachesTheFunctions() throws Exception {
        try (LambdaClient lambda = stack.lambda()) {
            assertThat(deploy()).as(said()).isZero();
            assertThat(address(lambda)).isEqualTo("https://api.openai.com/v1");

            assertThat(deploy("-c", "openaiBaseUrl=" + GATEWAY)).isEqualTo(2);
            assertThat(said()).contains("would be at " + GATEWAY);
            assertThat(deploy("-c", "openaiBaseUrl=" + GATEWAY, "--new-addresses"))
                    .as(said())
                    .isZero();
            assertThat(address(lambda)).isEqualTo(GATEWAY);

            assertThat(deploy()).as("the gateway's key is not for the provider").isEqualTo(2);
            assertThat(said()).contains("-c openaiBaseUrl=" + GATEWAY);
            assertThat(address(lambda)).isEqualTo(GATEWAY);
        } finally {
            run(List.of("destroy", "--yes", "--stage", "settings"));
        }
    }

    private static String address(LambdaClient lambda) {
        return Objects.requireNonNull(lambda.getFunctionConfiguration(r -> r.functionName("Pairbatch-settings-poller"))
                .environment()
                .variables()
                .get("PAIRBATCH_OPENAI_BASE_URL"));
    }

    private int deploy(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("deploy", "--yes", "--stage", "settings"));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private int run(List<String> arguments) throws IOException, InterruptedException {
        Path home = Project.find().root();
        List<String> command = new ArrayList<>(List.of(home.resolve("pairbatch").toString()));
        command.addAll(arguments);
        // The emulator has no roles that publish, and no managed runtime.
        command.addAll(List.of("-c", "target=embedded", "-c", "java=" + System.getProperty("java.home") + "/bin/java"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("AWS_ENDPOINT_URL", String.valueOf(stack.deployment().endpoint()));
        environment.put("AWS_ENDPOINT_URL_S3", String.valueOf(stack.deployment().endpoint()));
        environment.put("AWS_REGION", stack.deployment().region());
        environment.put("AWS_DEFAULT_REGION", stack.deployment().region());
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        environment.put("PAIRBATCH_SKIP_BUILD", "1");
        return builder.start().waitFor();
    }

    private String said() throws IOException {
        Path file = folder.resolve("said");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
