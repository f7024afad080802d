package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// The commands of docs/API.md, exactly as documented. Skipped if curl cannot sign requests.
class ApiDocumentIT {

    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void theDocumentedCommandsWork() throws IOException {
        assumeTrue(run("curl --help all | grep -q -- --aws-sigv4", Map.of()) == 0, "curl does not support --aws-sigv4");
        String document = Files.readString(Path.of(System.getProperty("pairbatch.home"), "docs/API.md"));
        List<String> commands = COMMANDS.matcher(document)
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring(6, block.length() - 3))
                .toList();
        assertThat(commands).hasSize(5);
        Files.writeString(folder.resolve("pairs.csv"), Tables.csv(5));
        AwsSessionCredentials user = ApiUsers.session("*");

        int status = run(
                commands.stream().collect(Collectors.joining("\n", "set -eu\n", "")),
                Map.of(
                        "API", TestStack.shared().output("ApiUrl"),
                        "REGION", TestStack.shared().deployment().region(),
                        "AWS_ACCESS_KEY_ID", user.accessKeyId(),
                        "AWS_SECRET_ACCESS_KEY", user.secretAccessKey(),
                        "AWS_SESSION_TOKEN", user.sessionToken()));

        assertThat(status).as(Files.readString(folder.resolve("output.log"))).isZero();
        assertThat(folder.resolve("combined_results.csv")).isNotEmptyFile();
        assertThat(folder.resolve("summary.json")).content().contains("\"accepted\" : 5");
    }

    private int run(String script, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().putAll(environment);
        // The stack is on this machine, so no proxy applies.
        builder.environment().put("no_proxy", "*");
        try {
            Process process = builder.start();
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
