package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RightsTest {

    private static final Path TEMPLATE = Path.of("../infra/src/test/resources/aws.template.json");

    @Test
    void everyResourceRoleAndRightOfTheTemplateIsOnThePage() throws IOException {
        JsonNode template = JsonMapper.shared().readTree(Files.readString(TEMPLATE));
        String page = Rights.of(template);

        assertThat(page)
                .contains("| AWS::S3::Bucket | 1 | stays, with its data |")
                .contains("| AWS::DynamoDB::Table | 1 | stays, with its data |")
                .contains("### Pairbatch-merger\n\nRole `Functionsmergerrole")
                .contains("| `s3:DeleteObject`, `s3:DeleteObjectVersion` | `${StorageBucket5CB7C8EA.arn}/jobs/*` |")
                .contains("assumed by lambda.amazonaws.com.")
                .contains("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:")
                .contains("**never** `s3:*`")
                .contains("| events.amazonaws.com | `${");
        assertThat(page).doesNotContain("{\"Ref\"", "Fn::", "``", "| |");
        for (Map.Entry<String, JsonNode> resource : template.path("Resources").properties()) {
            String type = resource.getValue().path("Type").asString("");
            assertThat(page).contains("| " + type + " |");
            if (type.equals("AWS::IAM::Role")) {
                assertThat(page).contains("Role `" + resource.getKey() + "`, assumed by ");
            }
        }
        for (JsonNode resource : template.path("Resources")) {
            for (JsonNode statement :
                    resource.path("Properties").path("PolicyDocument").path("Statement")) {
                JsonNode actions = statement.path("Action");
                (actions.isArray() ? actions.valueStream() : java.util.stream.Stream.of(actions))
                        .forEach(action -> assertThat(page).contains("`" + action.asString("") + "`"));
            }
        }
    }
}
