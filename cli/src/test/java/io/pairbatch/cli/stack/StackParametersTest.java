package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StackParametersTest {

    private static final String PUBLIC = "https://api.openai.com/v1";

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.5Z");

    private static JsonNode template() throws IOException {
        return template("aws");
    }

    private static JsonNode template(String name) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(Path.of("../infra/src/test/resources/" + name + ".template.json")));
    }

    @Test
    void everyParameterOfTheTemplateIsPassedAndNoneIsLeftFromBefore() throws IOException {
        List<String> arguments = StackParameters.arguments(StackParameters.of(template(), NOW));

        assertThat(arguments)
                .startsWith("--no-previous-parameters")
                .contains(
                        "OpenAiBaseUrl=" + PUBLIC,
                        "OpenAiService=openai",
                        "CaCertificates=",
                        "DeployedAt=2026-01-01T12:00:00Z");
        assertThat(names(arguments))
                .containsExactlyInAnyOrderElementsOf(
                        template().path("Parameters").propertyNames());
    }

    private static Stream<String> names(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> !argument.startsWith("--"))
                .map(argument -> argument.substring(0, argument.indexOf('=')));
    }

    @Test
    void aProviderThatIsLeftOutHasNoParametersAndItsSecretIsNamedIfThereIsOne() throws IOException {
        Map<String, String> all = StackParameters.of(template(), NOW);
        Map<String, String> one = StackParameters.of(template("aws-one-provider"), NOW);

        assertThat(one).doesNotContainKeys("OpenAiBaseUrl", "OpenAiService", "AnthropicBaseUrl");
        assertThat(StackParameters.addresses(one).lines())
                .containsExactly(
                        "  openai left out",
                        "  anthropic left out",
                        "  gemini at https://generativelanguage.googleapis.com");
        assertThat(StackParameters.goes("Pairbatch-x", all, one).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "The secret Pairbatch-x/openai is deleted, with the key in it. Jobs of openai"),
                        line -> assertThat(line).startsWith("The secret Pairbatch-x/anthropic is deleted"));
        assertThatCode(() -> StackParameters.refuseOtherAddresses(all, one)).doesNotThrowAnyException();
        assertThat(StackParameters.goes("Pairbatch-x", one, one))
                .as("it had none before")
                .isEmpty();
        assertThat(StackParameters.goes("Pairbatch-x", one, all))
                .as("they come back")
                .isEmpty();
        assertThat(StackParameters.goes("Pairbatch-x", Map.of(), one))
                .as("the first deployment")
                .isEmpty();
    }

    @Test
    void aKeyIsNotSentToAnotherAddressUnasked() throws IOException {
        Map<String, String> wanted = StackParameters.of(template(), NOW);

        assertThatThrownBy(() -> StackParameters.refuseOtherAddresses(
                        Map.of(
                                "OpenAiBaseUrl",
                                "https://gateway.example/v1",
                                "AnthropicBaseUrl",
                                "https://api.anthropic.com"),
                        wanted))
                .hasMessage("The key in the stack would be sent to another address: openai is at"
                        + " https://gateway.example/v1 and would be at " + PUBLIC + ".")
                .extracting("remedy")
                .asString()
                .contains("-c openaiBaseUrl=https://gateway.example/v1,", "--new-addresses");
        assertThatCode(() -> StackParameters.refuseOtherAddresses(Map.of("OpenAiBaseUrl", PUBLIC), wanted))
                .doesNotThrowAnyException();
        assertThatCode(() -> StackParameters.refuseOtherAddresses(Map.of(), wanted))
                .as("the first deployment")
                .doesNotThrowAnyException();
    }
}
