package io.pairbatch.cli.smoke;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/// The commands of a researcher, by a user who has the researcher's policy of docs/DEPLOYING.md, and what such a user
/// may not do. Each command is a process of its own, with the user's credentials and no others.
final class PoliciesCase implements Case {

    private static final int ROWS = 4;
    private static final SmokeJob.Size SIZE = new SmokeJob.Size(ROWS, ROWS, 1);
    private static final String REFUSED = "refused access";
    private static final String POLICY = "docs/DEPLOYING.md#who-needs-which-right";

    @Override
    public String name() {
        return "policies";
    }

    @Override
    public String shows() {
        return "a user with the researcher's policy can run a job of 4 pairs, and cannot read a key or change results";
    }

    @Override
    public Optional<String> hindrance(Bench bench) {
        if (bench.stack() == null) {
            return Optional.of("The stack on this machine has no users; --stack names one that has.");
        }
        return bench.researcher() == null
                ? Optional.of("No user is named: give the policy of " + POLICY + " to one, and --researcher PROFILE.")
                : Optional.empty();
    }

    @Override
    public SmokeJob prepare(Bench bench) throws IOException {
        return SmokeJob.of(
                bench, name(), name(), Tables.write(bench, name(), ROWS, 0), null, Tables.fields(ROWS), SIZE);
    }

    @Override
    public void begin(SmokeJob job) throws IOException, InterruptedException {
        Bench bench = job.bench();
        Path folder = bench.folder().resolve(name());
        Path spec = folder.resolve("smoke.json");
        Files.write(spec, job.spec());
        String table = folder.resolve("pairs.csv").toString();
        allowed(bench, "run", table, "--job", spec.toString(), "--name", job.name(), "--yes", "--again", "--no-wait");
        // It is there now, so this only finds it.
        job.drop();
    }

    @Override
    public String check(SmokeJob job) throws IOException, InterruptedException {
        Job done = job.await();
        String id = done.id();
        String rows = job.conserved(done).files().line();
        Bench bench = job.bench();
        String out = bench.folder().resolve("fetched").toString();
        List<List<String>> commands = List.of(
                List.of("jobs"),
                List.of("watch", id, "--allow-losses"),
                List.of("results", id, "--out", out, "--allow-losses"),
                List.of("cost", id),
                List.of("doctor", id),
                List.of("continue", id, "--allow-losses"),
                List.of("templates", "list"),
                List.of("traits", "list"));
        for (List<String> command : commands) {
            allowed(bench, command.toArray(String[]::new));
        }
        refused(bench, job.name());
        return rows + "; " + (commands.size() + 1) + " commands were allowed, 3 wrong ones refused";
    }

    private static void allowed(Bench bench, String... arguments) throws IOException, InterruptedException {
        Said said = run(bench, arguments);
        if (said.text().contains(REFUSED)) {
            throw Bench.failed(
                    "The researcher may not `" + arguments[0] + "`: " + said.lineWith(REFUSED),
                    "Compare the user's policy with " + POLICY + ".");
        }
        if (said.exit() > ExitStatus.LOSSES) {
            throw Bench.failed("`" + arguments[0] + "` ended with exit code " + said.exit() + ".", said.last());
        }
    }

    private static void refused(Bench bench, String name) throws IOException, InterruptedException {
        Said register = run(bench, "traits", "register", name, "--description", "What a smoke test must not register.");
        if (register.exit() == ExitStatus.DONE) {
            run(bench, "traits", "remove", name);
            throw tooMuch("register a trait", "s3:PutObject on library/*");
        }
        Deployment deployment = bench.session().deployment();
        String key = "jobs/" + name + "/not-allowed";
        try (ProfileCredentialsProvider user =
                        ProfileCredentialsProvider.create(Objects.requireNonNull(bench.researcher()));
                S3Client s3 = S3Client.builder()
                        .region(Region.of(deployment.region()))
                        .credentialsProvider(user)
                        .endpointOverride(deployment.endpoint())
                        .forcePathStyle(deployment.embedded())
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build();
                SecretsManagerClient secrets = SecretsManagerClient.builder()
                        .region(Region.of(deployment.region()))
                        .credentialsProvider(user)
                        .endpointOverride(deployment.endpoint())
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            if (!isRefused(() -> s3.putObject(r -> r.bucket(deployment.bucket()).key(key), RequestBody.empty()))) {
                bench.session().bucket().delete(key);
                throw tooMuch("write into the folder of a job", "s3:PutObject on jobs/*");
            }
            // The value is not looked at.
            String secret = deployment.secretArn(bench.judge().backend());
            if (!isRefused(() -> secrets.getSecretValue(r -> r.secretId(secret)))) {
                throw tooMuch("read a provider's key", "secretsmanager:GetSecretValue");
            }
        }
    }

    private static boolean isRefused(Runnable call) {
        try {
            call.run();
            return false;
        } catch (AwsServiceException e) {
            if (AwsWorkings.isRefusal(e)) {
                return true;
            }
            throw e;
        }
    }

    private static CliException tooMuch(String what, String right) {
        return Bench.failed(
                "The researcher may " + what + ", which nobody with that policy should.",
                "Look which policy gives " + right + "; that of " + POLICY + " does not.");
    }

    /// What a command printed, and its exit code.
    private record Said(int exit, String text) {

        String lineWith(String words) {
            return text.lines()
                    .filter(line -> line.contains(words))
                    .findFirst()
                    .orElse("")
                    .strip();
        }

        String last() {
            return text.lines()
                    .reduce("", (before, line) -> line.isBlank() ? before : line)
                    .strip();
        }
    }

    private static Said run(Bench bench, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(bench.home().resolve("pairbatch").toString()));
        Collections.addAll(command, arguments);
        command.addAll(List.of("--stack", Objects.requireNonNull(bench.stack())));
        Path output = bench.folder().resolve("said");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(bench.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        for (String own : List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")) {
            environment.remove(own);
        }
        @Nullable String researcher = bench.researcher();
        environment.put("AWS_PROFILE", Objects.requireNonNull(researcher));
        environment.put("AWS_REGION", bench.session().deployment().region());
        environment.put("PAIRBATCH_SKIP_BUILD", "1");
        int exit = builder.start().waitFor();
        return new Said(exit, Files.readString(output));
    }
}
