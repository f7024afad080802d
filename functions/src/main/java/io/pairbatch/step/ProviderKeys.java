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

    /// The key in a secret; every call reads it again, so that a corrected key takes effect at once.
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
            // The HTTP client would refuse it too, and its message would show the key.
            throw new JobRejectedException(new Problem(
                    ErrorCode.KEY_MISSING,
                    "secret " + secretId,
                    "an `api_key` with a blank, a line break or a character that is not ASCII inside",
                    "the provider's key, unchanged"));
        }
        return key;
    }

    /// The key in the secret's previous version; empty if there is none that could be a key.
    Optional<String> previous(String secretId) {
        try (SecretsManagerClient client = secrets.get()) {
            String value = client.getSecretValue(r -> r.secretId(secretId).versionStage("AWSPREVIOUS"))
                    .secretString();
            String key = key(value == null ? "" : value);
            return isKey(key) ? Optional.of(key) : Optional.empty();
        } catch (ResourceNotFoundException e) {
            // The secret was set only once.
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
