package io.pairbatch.infra;

import static io.pairbatch.infra.Templates.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.json.JsonMapper;

class SettingsTest {

    @Test
    void allProblemsOfTheContextAreReportedTogether() {
        assertThatThrownBy(() -> Templates.stack(Map.of(
                        "target", "moon",
                        "splitterTimeoutSeconds", "901",
                        "absenceGapSeconds", "soon",
                        "defaults", "[]",
                        "preflight", "maybe",
                        "functionsZip", "no/such.zip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "target is \"moon\"",
                        "splitterTimeoutSeconds is 901",
                        "absenceGapSeconds is \"soon\"",
                        "defaults is not a JSON object",
                        "preflight is \"maybe\"",
                        "no/such.zip");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        gemini,gemin                              | providers is "gemini,gemin", expected openai, anthropic or gemini
        gemini,gemini                             | providers is "gemini,gemini"
        Gemini                                    | providers is "Gemini"
        gemini;anthropicBaseUrl=https://x.example | anthropicBaseUrl is set, and providers leaves anthropic out
        gemini;openaiService=azure                | openaiService is set, and providers leaves openai out
        gemini;defaults={"backend":"openai"}      | defaults has the backend openai, which providers leaves out
        """)
    void settingsThatDoNotFitTheProvidersAreRefused(String context, String problem) {
        Map<String, Object> values = new HashMap<>();
        for (String one : ("providers=" + context).split(";", -1)) {
            values.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        assertThatThrownBy(() -> Templates.stack(values)).hasMessageContaining(problem);
    }

    @Test
    void certificatesAreReadWithoutTheTextBetweenThem(@TempDir Path folder) throws IOException {
        String certificate = "-----BEGIN CERTIFICATE-----\nQUJD\nREVG\n-----END CERTIFICATE-----\n";
        Path file = Files.writeString(folder.resolve("ca.pem"), "subject=x\n" + certificate + "\n" + certificate);
        Path large = Files.writeString(folder.resolve("large.pem"), certificate.repeat(50));

        Template template = Template.fromStack(Templates.stack(Map.of("caCertificates", file.toString())));

        String one = "-----BEGIN CERTIFICATE-----QUJDREVG-----END CERTIFICATE-----";
        template.hasParameter("CaCertificates", Map.of("Default", one + "\n" + one));
        assertThatThrownBy(() -> Templates.stack(Map.of("caCertificates", large.toString())))
                .hasMessageContaining("expected 1 to 2500");
        assertThatThrownBy(() -> Templates.stack(Map.of("caCertificates", "no/such.pem")))
                .hasMessageContaining("no/such.pem, which cannot be read");
    }

    @Test
    void whatFitsIntoAFunctionsEnvironmentIsMeasuredTogether(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + "A".repeat(2_000) + "\n-----END CERTIFICATE-----\n");
        String defaults = "{\"trait_description\":\"" + "long ".repeat(150) + "\"}";
        Templates.stack(Map.of("caCertificates", file.toString()));
        Templates.stack(Map.of("defaults", defaults));
        assertThatThrownBy(() -> Templates.stack(Map.of("caCertificates", file.toString(), "defaults", defaults)))
                .hasMessageContaining("bytes together as JSON, expected 2626 at most");
    }

    /// Names of the stack's resources are known after the deployment only; each is counted with its longest.
    @Test
    void theOtherValuesLeaveAsMuchAsIsPromised() {
        Templates.resources(Templates.aws(), "AWS::Lambda::Function").values().forEach(function -> {
            Map<String, String> values = new HashMap<>();
            Templates.object(at(function, "Properties", "Environment", "Variables"))
                    .forEach((name, value) -> {
                        boolean chosen = name.matches(".*(BASE_URL|SERVICE|CERTIFICATES|DEFAULTS)");
                        values.put(name, chosen ? "" : value instanceof String text ? text : "x".repeat(longest(name)));
                    });
            assertThat(JsonMapper.shared().writeValueAsString(values).length())
                    .isLessThanOrEqualTo(4_096 - Settings.MOST_TEXT);
        });
    }

    private static int longest(String name) {
        return switch (name) {
            case "PAIRBATCH_BUCKET" -> 63;
            case "PAIRBATCH_DEPLOYED_AT" -> "2026-01-01T00:00:00Z".length();
            case "PAIRBATCH_TABLE" -> 41 + "-RegistryTableDB777839-ABCDEFGHIJKLM".length();
            case "PAIRBATCH_STATE_MACHINE" ->
                "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:-pairwise-batch".length() + 41;
            default ->
                "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:/anthropic-AbCdEf".length() + 41;
        };
    }

    @Test
    void theEmbeddedTargetNeedsAJava() {
        assertThatThrownBy(() -> Templates.stack(Map.of("target", "embedded"))).hasMessageContaining("java is missing");
    }

    @Test
    void defaultsMayBeAStringOrAnObjectOfTheContextFile() {
        PairbatchStack text = Templates.stack(Map.of("defaults", "{\"model\":\"m\"}"));
        PairbatchStack object = Templates.stack(Map.of("defaults", Map.of("model", "m")));
        assertThat(text.getStackName()).isEqualTo(object.getStackName()).isEqualTo("Pairbatch");
        // What an estimate on a user's own machine must know.
        Template.fromStack(text).hasOutput("JobDefaults", Map.of("Value", "{\"model\":\"m\"}"));
        Template.fromStack(object).hasOutput("JobDefaults", Map.of("Value", "{\"model\":\"m\"}"));
    }
}
