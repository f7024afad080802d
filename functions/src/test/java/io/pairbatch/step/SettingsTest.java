package io.pairbatch.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.http.Trust;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static Settings with(String... pairs) {
        Map<String, String> environment = new HashMap<>(Map.of("PAIRBATCH_BUCKET", "b", "PAIRBATCH_TABLE", "t"));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return Settings.from(environment);
    }

    @Test
    void openAiItselfIsTheService() {
        assertThat(with().service().code()).isEqualTo("openai");
        assertThat(with().baseUrl(Backend.OPENAI)).hasToString("https://api.openai.com/v1");
    }

    @ParameterizedTest
    @CsvSource({
        "groq, https://api.openai.com/v1, https://api.groq.com/openai/v1",
        "mistral, https://gateway.example/v1, https://gateway.example/v1",
        "azure, https://r.openai.azure.com/openai/v1, https://r.openai.azure.com/openai/v1",
        "openai, https://api.openai.com/v1, https://api.openai.com/v1"
    })
    void aKeyToAnotherServiceIsNeverSentToOpenAi(String service, String named, String used) {
        Settings settings = with("PAIRBATCH_OPENAI_SERVICE", service, "PAIRBATCH_OPENAI_BASE_URL", named);
        assertThat(settings.baseUrl(Backend.OPENAI)).hasToString(used);
    }

    @Test
    void aServiceWithoutAnAddressOfItsOwnNeedsOne() {
        assertThatThrownBy(() -> with(
                        "PAIRBATCH_OPENAI_SERVICE", "azure", "PAIRBATCH_OPENAI_BASE_URL", "https://api.openai.com/v1"))
                .hasMessageContaining("PAIRBATCH_OPENAI_BASE_URL is missing");
    }

    @Test
    void aProviderThatIsLeftOutHasNoSecretAndNeedsNoAddress() {
        assertThat(with().providers()).isEqualTo(DeployedProviders.ALL);
        Settings settings = with("PAIRBATCH_PROVIDERS", "anthropic,gemini", "PAIRBATCH_GEMINI_SECRET", "arn");
        assertThat(settings.secret(Backend.GEMINI)).isEqualTo("arn");
        assertThatThrownBy(() -> settings.secret(Backend.OPENAI)).hasMessageContaining("PROVIDER_NOT_DEPLOYED");
        assertThatThrownBy(() -> with("PAIRBATCH_PROVIDERS", "gemini,mistral"))
                .hasMessageContaining("PAIRBATCH_PROVIDERS is gemini,mistral");
    }

    @Test
    void invalidCertificatesAreReported() {
        assertThat(with("PAIRBATCH_CA_CERTIFICATES", "").trust()).isSameAs(Trust.USUAL);
        assertThatThrownBy(() -> with("PAIRBATCH_CA_CERTIFICATES", "ca.pem"))
                .hasMessageContaining("PAIRBATCH_CA_CERTIFICATES: there is no certificate in it");
    }

    @Test
    void anUnknownServiceIsReported() {
        assertThatThrownBy(() -> with("PAIRBATCH_OPENAI_SERVICE", "opennai"))
                .hasMessageContaining("PAIRBATCH_OPENAI_SERVICE is opennai");
    }

    @ParameterizedTest
    @CsvSource({
        "auto, OPENAI, openai, https://api.openai.com/v1, true",
        "auto, OPENAI, openai, HTTPS://api.openai.com/v1/, true",
        "auto, OPENAI, openai, http://127.0.0.1:8080/v1, false",
        "auto, OPENAI, groq, https://api.groq.com/openai/v1, true",
        "auto, OPENAI, azure, https://r.openai.azure.com/openai/v1, false",
        "auto, ANTHROPIC, openai, https://api.anthropic.com, true",
        "auto, GEMINI, openai, https://generativelanguage.googleapis.com, true",
        "auto, GEMINI, openai, http://127.0.0.1:8080, false",
        "on, GEMINI, openai, http://127.0.0.1:8080, true",
        "off, GEMINI, openai, https://generativelanguage.googleapis.com, false"
    })
    void aPreflightIsMadeWhereItSavesMoney(
            String setting, Backend backend, String service, String address, boolean made) {
        Settings settings = with(
                "PAIRBATCH_PREFLIGHT",
                setting,
                "PAIRBATCH_OPENAI_SERVICE",
                service,
                "PAIRBATCH_OPENAI_BASE_URL",
                backend == Backend.OPENAI ? address : "https://api.openai.com/v1",
                "PAIRBATCH_" + backend + "_BASE_URL",
                address);
        assertThat(settings.preflight(backend)).isEqualTo(made);
    }

    @Test
    void anUnknownPreflightSettingIsReported() {
        assertThatThrownBy(() -> with("PAIRBATCH_PREFLIGHT", "maybe"))
                .hasMessageContaining("PAIRBATCH_PREFLIGHT is maybe");
    }
}
