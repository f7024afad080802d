package io.pairbatch.cli.doctor;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.AwsErrors;
import io.pairbatch.cli.stack.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Checks each part of a deployed stack. Changes nothing; a key is read but never shown.
public final class StackCheck {

    /// The functions of the workflow; a stack may have more.
    private static final List<String> STEPS = List.of("splitter", "poller", "collector", "merger", "failure-recorder");

    private final Deployment deployment;
    private final @Nullable Path functionsZip;
    private final String remedy;
    private final List<Finding> findings = new ArrayList<>();

    /// @param functionsZip the package that this checkout would deploy; null if it has not been built
    public StackCheck(Deployment deployment, @Nullable Path functionsZip) {
        this.deployment = deployment;
        this.functionsZip = functionsZip;
        this.remedy = deployment.embedded() ? "./pairbatch down, then ./pairbatch up." : "Deploy the stack again.";
    }

    public List<Finding> run() {
        try (S3Client s3 = Sessions.s3(deployment);
                DynamoDbClient dynamo = Sessions.dynamo(deployment);
                SfnClient workflows = Sessions.configured(SfnClient.builder(), deployment)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            part("bucket " + deployment.bucket(), () -> s3.headBucket(r -> r.bucket(deployment.bucket())));
            part("table " + deployment.table(), () -> dynamo.describeTable(r -> r.tableName(deployment.table())));
            part(
                    "state machine " + lastPart(deployment.stateMachineArn()),
                    () -> workflows.describeStateMachine(r -> r.stateMachineArn(deployment.stateMachineArn())));
        }
        functions();
        keys();
        return List.copyOf(findings);
    }

    private void part(String what, Supplier<?> question) {
        answer(what, question);
    }

    private <T> @Nullable T answer(String what, Supplier<T> question) {
        try {
            T answer = question.get();
            findings.add(Finding.ok(what));
            return answer;
        } catch (SdkException e) {
            CliException told = AwsErrors.explain("checking the " + what, e);
            findings.add(Finding.problem(what + ": " + told.getMessage(), told.remedy() + " " + remedy));
            return null;
        }
    }

    private void functions() {
        try (LambdaClient lambda = Sessions.configured(LambdaClient.builder(), deployment)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            List<String> others = new ArrayList<>();
            @Nullable GetFunctionConfigurationResponse last = null;
            @Nullable String built = functionsZip == null ? null : digest(functionsZip);
            for (String step : STEPS) {
                String name = deployment.functionName(step);
                GetFunctionConfigurationResponse found =
                        answer("function " + name, () -> lambda.getFunctionConfiguration(r -> r.functionName(name)));
                last = found == null ? last : found;
                if (found != null && built != null && !built.equals(found.codeSha256())) {
                    others.add(step);
                }
            }
            if (!others.isEmpty()) {
                findings.add(Finding.note(
                        "the code differs from this checkout in " + String.join(", ", others),
                        deployment.embedded()
                                ? "./pairbatch up deploys this checkout."
                                : "./pairbatch deploy deploys this checkout."));
            } else if (built != null && last != null) {
                findings.add(Finding.ok("the functions run this checkout's code"));
            }
            if (last != null) {
                providers(last.environment().variables());
            }
        }
    }

    private void providers(Map<String, String> environment) {
        for (Backend backend : Backend.values()) {
            String url = environment.getOrDefault(backend.setting("BASE_URL"), "unknown");
            findings.add(Finding.ok(
                    deployment.leavesOut(backend)
                            ? backend.code() + " is left out (docs/OPERATIONS.md#a-provider-that-is-left-out)"
                            : backend.code() + " is called at " + url));
        }
    }

    private void keys() {
        try (SecretsManagerClient secrets = Sessions.configured(SecretsManagerClient.builder(), deployment)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            int keys = 0;
            for (Backend backend : deployment.secretArns().keySet()) {
                keys += key(secrets, backend) ? 1 : 0;
            }
            if (keys == 0) {
                findings.add(Finding.problem(
                        "no secret holds a key, so every job will wait for one",
                        "aws secretsmanager put-secret-value --secret-id "
                                + deployment.secretArns().values().iterator().next()
                                + " --secret-string '{\"api_key\": \"…\"}', or the same with another provider's"
                                + " secret."));
            }
        }
    }

    private boolean key(SecretsManagerClient secrets, Backend backend) {
        String what = "key of " + backend.code();
        try {
            String value = secrets.getSecretValue(r -> r.secretId(deployment.secretArn(backend)))
                    .secretString();
            boolean there = !JsonMapper.shared()
                    .readTree(value == null ? "{}" : value)
                    .path("api_key")
                    .asString("")
                    .isBlank();
            findings.add(
                    there
                            ? Finding.ok(what + " is set")
                            : Finding.note(what + " is not set", "Needed only for jobs with this backend."));
            return there;
        } catch (JacksonException e) {
            findings.add(Finding.problem(
                    what + ": the secret is not JSON", "Put one JSON object into it: {\"api_key\": \"…\"}."));
            return true;
        } catch (SdkException e) {
            CliException told = AwsErrors.explain("reading the secret", e);
            findings.add(
                    Finding.note(what + ": " + told.getMessage(), "To drop files, you need not be able to read it."));
            return true;
        }
    }

    /// As Lambda shows it.
    private static String digest(Path file) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return Base64.getEncoder().encodeToString(sha256.digest());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String lastPart(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }
}
