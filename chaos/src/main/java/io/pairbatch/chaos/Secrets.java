package io.pairbatch.chaos;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/// Secrets Manager: the providers' keys, each with its previous version.
public final class Secrets implements SecretsManagerClient {

    private static final String PREVIOUS = "AWSPREVIOUS";

    private final Map<String, String> values = new HashMap<>();

    /// Sets a secret's key; the current one becomes its previous version.
    void key(String secret, String key) {
        String old = values.put(secret, "{\"api_key\": \"" + key + "\"}");
        if (old != null) {
            values.put(secret + PREVIOUS, old);
        }
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        String value = values.get(request.secretId() + (PREVIOUS.equals(request.versionStage()) ? PREVIOUS : ""));
        if (value == null) {
            throw ResourceNotFoundException.builder()
                    .message("Secrets Manager can't find the specified secret value.")
                    .build();
        }
        return GetSecretValueResponse.builder().secretString(value).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
