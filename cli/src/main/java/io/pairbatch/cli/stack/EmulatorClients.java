package io.pairbatch.cli.stack;

import io.pairbatch.cli.deployment.Deployment;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.json.JsonMapper;

/// AWS clients of the emulator, for what the deployment does not do itself.
final class EmulatorClients {

    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

    private static final SdkBytes WAKE = SdkBytes.fromUtf8String("{\"wake\": true}");

    private EmulatorClients() {}

    static S3Client s3(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(Environments.REGION))
                .credentialsProvider(CREDENTIALS)
                .forcePathStyle(true)
                .httpClient(http())
                .build();
    }

    /// Puts the key of the provider into the deployment's secret; an empty key blanks it.
    static void putKey(URI endpoint, String secret, String key) {
        try (SecretsManagerClient secrets = secrets(endpoint)) {
            String value =
                    JsonMapper.shared().createObjectNode().put("api_key", key).toString();
            secrets.putSecretValue(request -> request.secretId(secret).secretString(value));
        }
    }

    static boolean hasKey(URI endpoint, String secret) {
        try (SecretsManagerClient secrets = secrets(endpoint)) {
            String value =
                    secrets.getSecretValue(request -> request.secretId(secret)).secretString();
            return !JsonMapper.shared()
                    .readTree(value)
                    .path("api_key")
                    .asString("")
                    .isEmpty();
        }
    }

    /// Starts the next execution of every job that should be running and is not.
    ///
    /// @return the jobs' ids
    static List<String> revive(Deployment deployment, URI endpoint) {
        try (LambdaClient lambda = LambdaClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(Environments.REGION))
                .credentialsProvider(CREDENTIALS)
                .httpClient(http())
                .build()) {
            InvokeResponse answer = lambda.invoke(request ->
                    request.functionName(deployment.functionName("reviver")).payload(WAKE));
            String body = answer.payload().asUtf8String();
            if (answer.functionError() != null) {
                throw new IllegalStateException("the reviver answered " + body);
            }
            return JsonMapper.shared().readTree(body).path("revived").values().stream()
                    .map(id -> id.asString(""))
                    .toList();
        }
    }

    private static SecretsManagerClient secrets(URI endpoint) {
        return SecretsManagerClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(Environments.REGION))
                .credentialsProvider(CREDENTIALS)
                .httpClient(http())
                .build();
    }

    private static SdkHttpClient http() {
        return UrlConnectionHttpClient.builder()
                .proxyConfiguration(ProxyConfiguration.builder()
                        .useSystemPropertyValues(false)
                        .useEnvironmentVariablesValues(false)
                        .build())
                .build();
    }
}
