package io.pairbatch.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.prompt.Trait;
import io.pairbatch.prompt.TraitText;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StackRulesTest {

    private static final String TEMPLATE = "{TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}";

    private final Map<String, byte[]> bucket = new TreeMap<>();
    private final Map<String, String> beside = new TreeMap<>();
    private final List<String> asked = new ArrayList<>();

    private final JobSpecReader reader = new JobSpecReader(new StackRules(
            key -> {
                asked.add(key);
                return Optional.ofNullable(bucket.get(key));
            },
            new StandardRules(OpenAiService.of(OpenAiService.OPENAI))));

    @Test
    void aRegisteredTemplateIsReadLikeAFile() throws IOException {
        put("library/templates/mine.txt", "\uFEFFa\r\n" + TEMPLATE + "\r\n");
        assertThat(template("mine")).isEqualTo("a\n" + TEMPLATE);
        assertThat(reader.filesNeeded(layers("mine"))).isEmpty();
    }

    @Test
    void registeredNamesOverrideBuiltIns() throws IOException {
        put("library/templates/test1.txt", "mine " + TEMPLATE);
        assertThat(template("test1")).startsWith("mine ");
        assertThat(template("test2")).startsWith("Act as");

        bucket.put("library/traits/organization.json", TraitText.toFile(new Trait("Order", "\"Mine\".")));
        assertThat(read("{\"model\": \"m\", \"trait_name\": \"organization\"}"))
                .extracting(spec -> spec.prompt().trait())
                .isEqualTo(new Trait("Order", "\"Mine\"."));
    }

    @Test
    void aFileBesideTheJobOverridesARegisteredOne() throws IOException {
        put("library/templates/mine.txt", "registered " + TEMPLATE);
        beside.put("mine", "beside " + TEMPLATE);
        assertThat(template("mine")).startsWith("beside ");
        assertThat(reader.filesNamed(layers("mine"))).containsExactly("mine");
    }

    @Test
    void aDescriptionInTheJobOverridesARegisteredTrait() throws IOException {
        bucket.put("library/traits/wit.json", TraitText.toFile(new Trait("Wit", "Registered.")));
        assertThat(read("{\"model\": \"m\", \"trait_name\": \"wit\", \"trait_description\": \"Own.\"}")
                        .prompt()
                        .trait()
                        .description())
                .isEqualTo("Own.");
        assertThat(read("{\"model\": \"m\", \"trait_name\": \"wit\"}")
                        .prompt()
                        .trait()
                        .description())
                .isEqualTo("Registered.");
    }

    @Test
    void filesThatWerePutThereByHandAreValidated() {
        put("library/templates/mine.txt", "{SAMPLE_2}{TRAIT_NAME}");
        assertThatExceptionOfType(JobRejectedException.class)
                .isThrownBy(() -> template("mine"))
                .withMessage("TEMPLATE_INVALID: library/templates/mine.txt: found a template without"
                        + " {TRAIT_DESCRIPTION}, {SAMPLE_1}; expected a template with all four placeholders");
        for (String text : List.of(
                "[]",
                "{",
                "{\"name\": \"n\"}",
                "{\"name\": 1, \"description\": \"d\"}",
                "{\"name\": \" \", \"description\": \"d\"}",
                "{\"name\": \"n\", \"description\": \"d\", \"more\": 1}")) {
            put("library/traits/wit.json", text);
            assertThatExceptionOfType(JobRejectedException.class)
                    .as(text)
                    .isThrownBy(() -> read("{\"model\": \"m\", \"trait_name\": \"wit\"}"))
                    .satisfies(e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.TRAIT_INVALID));
        }
    }

    @Test
    void invalidNamesAreNotLookedUp() {
        assertThatExceptionOfType(JobRejectedException.class)
                .isThrownBy(() -> read("{\"model\": \"m\", \"trait_name\": \"../templates/mine\"}"))
                .withMessage(
                        "SPEC_MISSING_FIELD: job.json, field `trait_name`: found \"../templates/mine\", which is no known"
                                + " trait, and no `trait_description`; expected a registered or built-in name, or the trait's"
                                + " definition as `trait_description`");
        assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> template("no name"));
        assertThat(asked).containsOnly("library/templates/default.txt");
    }

    private void put(String key, String text) {
        bucket.put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private String template(String name) throws IOException {
        return reader.read(
                        layers(name),
                        file -> Optional.ofNullable(beside.get(file)).map(StackRulesTest::stream))
                .prompt()
                .template();
    }

    private JobSpec read(String json) throws IOException {
        return reader.read(List.of(SpecLayer.parse("job.json", stream(json))), file -> Optional.empty());
    }

    private static List<SpecLayer> layers(String template) throws IOException {
        return List.of(SpecLayer.parse("job.json", stream("""
                {"model": "gpt-4.1", "trait_name": "T", "trait_description": "D", "prompt_template": "%s"}
                """.formatted(template))));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
