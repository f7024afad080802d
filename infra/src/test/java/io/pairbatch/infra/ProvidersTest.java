package io.pairbatch.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.json.JsonMapper;

/// Stacks that leave providers out.
class ProvidersTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOfTheOtherProviders(Backend only) {
        Template template = Template.fromStack(Templates.stack(Map.of("providers", only.code())));
        String all = JSON.writeValueAsString(template.toJSON()).toLowerCase(Locale.ROOT);
        for (Backend backend : Backend.values()) {
            if (backend == only) {
                assertThat(all).contains(backend.code());
            } else {
                assertThat(all).doesNotContain(backend.code()).doesNotContain(backend.url());
            }
        }
    }

    @Test
    void whatStaysIsTheSameAndHasItsName() {
        Map<String, Object> before = resources(Templates.aws());
        Map<String, Object> after = resources(Templates.oneProvider());
        assertThat(before.keySet()).containsAll(after.keySet());
        before.keySet().removeAll(after.keySet());
        assertThat(before.keySet())
                .as("gone")
                .allMatch(id -> id.matches("Storage(OpenAi|Anthropic)Key[0-9A-F]{8}"))
                .hasSize(2);
        Map<String, Object> unchanged = resources(Templates.aws());
        after.forEach((id, resource) -> {
            if (!List.of("AWS::IAM::Policy", "AWS::Lambda::Function")
                    .contains(String.valueOf(Templates.at(resource, "Type")))) {
                assertThat(resource).as(id).isEqualTo(unchanged.get(id));
            }
        });
    }

    @Test
    void theListMayBeOneOfTheContextFileAndAllOfThemAreTheDefault() {
        Template some = Template.fromStack(Templates.stack(Map.of("providers", List.of("openai", "gemini"))));
        assertThat(providers(some)).containsOnly("openai,gemini");
        String all = String.join(
                ", ",
                Arrays.stream(Backend.values()).map(Backend::code).toList().reversed());
        assertThat(Template.fromStack(Templates.stack(Map.of("providers", all))).toJSON())
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*S3Key")
                .isEqualTo(Templates.aws().toJSON());
    }

    private static List<Object> providers(Template template) {
        return Templates.resources(template, "AWS::Lambda::Function").values().stream()
                .map(function ->
                        Templates.at(function, "Properties", "Environment", "Variables", "PAIRBATCH_PROVIDERS"))
                .toList();
    }

    private static Map<String, Object> resources(Template template) {
        return new HashMap<>(Templates.object(template.toJSON().get("Resources")));
    }
}
