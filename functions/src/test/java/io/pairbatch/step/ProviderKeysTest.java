package io.pairbatch.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import tools.jackson.databind.json.JsonMapper;

class ProviderKeysTest {

    @Test
    void blanksAroundAKeyAreNotPartOfIt() {
        assertThat(keys("{\"api_key\": \" sk-abc\\n\"}").read("secret")).isEqualTo("sk-abc");
    }

    /// The HTTP client's exception would contain the whole header including the key.
    @ParameterizedTest
    @ValueSource(strings = {"sk-sec\\nret", "sk-sec ret", "sk-sec\\u2013ret", "\\u201csk-secret\\u201d", "sk-\\u0000"})
    void aKeyThatNoHeaderCanHoldIsRefusedWithoutBeingShown(String key) {
        assertThatThrownBy(() -> keys("{\"api_key\": \"" + key + "\"}").read("secret"))
                .isInstanceOfSatisfying(
                        JobRejectedException.class,
                        e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.KEY_MISSING))
                .hasMessageNotContaining("sk-");
    }

    @Test
    void thePreviousVersionIsOfferedOnlyIfItHoldsAKey() {
        assertThat(keys("{\"api_key\": \" sk-old \"}").previous("secret")).contains("sk-old");
        assertThat(keys("{\"api_key\": \"\"}").previous("secret")).isEmpty();
        assertThat(keys("sk-not json").previous("secret")).isEmpty();
        assertThat(keys("{\"api_key\": \"sk old\"}").previous("secret")).isEmpty();
    }

    private static ProviderKeys keys(String secret) {
        SecretsManagerClient client = new SecretsManagerClient() {
            @Override
            public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
                return GetSecretValueResponse.builder().secretString(secret).build();
            }

            @Override
            public String serviceName() {
                return "secretsmanager";
            }

            @Override
            public void close() {}
        };
        return new ProviderKeys(() -> client, JsonMapper.builder().build());
    }
}
