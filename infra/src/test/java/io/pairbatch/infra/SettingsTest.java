package io.pairbatch.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void allProblemsOfTheContextAreToldAtOnce() {
        assertThatThrownBy(() -> Templates.stack(Map.of(
                        "target", "moon",
                        "splitterTimeoutSeconds", "901",
                        "absenceGapSeconds", "soon",
                        "defaults", "[]",
                        "functionsZip", "no/such.zip")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "target is \"moon\"",
                        "splitterTimeoutSeconds is 901",
                        "absenceGapSeconds is \"soon\"",
                        "defaults is no JSON object",
                        "no/such.zip");
    }

    @Test
    void theEmbeddedTargetNeedsAJava() {
        assertThatThrownBy(() -> Templates.stack(Map.of("target", "embedded"))).hasMessageContaining("java is missing");
    }

    @Test
    void defaultsMayBeATextOrAnObjectOfTheContextFile() {
        var text = Templates.stack(Map.of("defaults", "{\"model\":\"m\"}"));
        var object = Templates.stack(Map.of("defaults", Map.of("model", "m")));
        assertThat(text.getStackName()).isEqualTo(object.getStackName()).isEqualTo("Pairbatch");
    }
}
