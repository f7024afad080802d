package io.pairbatch.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Shows in a diff what a change means for an account. `-Dpairbatch.snapshots=write` rewrites the files.
class SnapshotTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"aws", "aws-one-provider", "embedded"})
    void theTemplateMatchesTheSnapshot(String target) throws IOException {
        Path file = Path.of("src/test/resources/" + target + ".template.json");
        String template = normalised(
                switch (target) {
                    case "aws" -> Templates.aws();
                    case "aws-one-provider" -> Templates.oneProvider();
                    default -> Templates.embedded();
                });
        if ("write".equals(System.getProperty("pairbatch.snapshots"))) {
            Files.writeString(file, template);
        }
        assertThat(template).isEqualTo(Files.readString(file));
    }

    /// Without values that change with a file's content: the package's digest, and the workflow's text.
    private static String normalised(Template template) {
        ObjectNode tree = (ObjectNode) JSON.valueToTree(template.toJSON());
        for (JsonNode resource : tree.path("Resources")) {
            if (resource.path("Properties").has("DefinitionString")) {
                ((ObjectNode) resource.path("Properties")).put("DefinitionString", "pairwise-batch.asl.json");
            }
        }
        return JSON.writeValueAsString(JSON.treeToValue(tree, Object.class))
                        .replaceAll("[0-9a-f]{64}\\.zip", "package.zip")
                + "\n";
    }
}
