package io.pairbatch.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.assertions.Template;

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
