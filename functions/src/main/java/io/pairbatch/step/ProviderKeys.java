package io.pairbatch.step;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The providers' API keys in the stack's secrets: JSON `{"api_key": "…"}`.
final class ProviderKeys {

    private final Supplier<SecretsManagerClient> secrets;
    private final JsonMapper json;

    ProviderKeys(Supplier<SecretsManagerClient> secrets, JsonMapper json) {
        this.secrets = secrets;
        this.json = json;
    }

    /// The key in a secret; read anew by every call, so that a corrected key counts at once.
    ///
    /// @throws JobRejectedException `KEY_MISSING`
    String read(String secretId) {
        String value;
        try (SecretsManagerClient client = secrets.get()) {
            value = client.getSecretValue(r -> r.secretId(secretId)).secretString();
        }
        String key = key(value == null ? "" : value);
        if (key.isBlank()) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.KEY_MISSING,
                    "secret " + secretId,
                    "no `api_key`",
                    "JSON {\"api_key\": \"…\"} with the provider's key"));
        }
        if (!isKey(key)) {
            // The HTTP client would refuse it too, and show it.
            throw new JobRejectedException(new Problem(
                    ErrorCode.KEY_MISSING,
                    "secret " + secretId,
                    "an `api_key` with a blank, a line break or a character that is not ASCII inside",
                    "the provider's key as it gave it"));
        }
        return key;
    }

    /// The key of the secret's previous version; empty when there is none that could be one.
    Optional<String> previous(String secretId) {
        try (SecretsManagerClient client = secrets.get()) {
            String value = client.getSecretValue(r -> r.secretId(secretId).versionStage("AWSPREVIOUS"))
                    .secretString();
            String key = key(value == null ? "" : value);
            return isKey(key) ? Optional.of(key) : Optional.empty();
        } catch (ResourceNotFoundException e) {
            // The secret was set once only.
            return Optional.empty();
        }
    }

    private static boolean isKey(String key) {
        return !key.isEmpty() && key.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private String key(String value) {
        try {
            JsonNode node = json.readTree(value);
            return node.path("api_key").asString("").strip();
        } catch (JacksonException e) {
            return "";
        }
    }
}
