package io.pairbatch.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The template under cfn-lint and the workflow under asl-validator, which others have written. `.ci/analysis` installs
/// both; without them the tests are skipped.
class LintTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path TESTS =
            Path.of("../.pairbatch/tests").toAbsolutePath().normalize();
    private static final Path CFN_LINT = TESTS.resolve("python/bin/cfn-lint");
    private static final Path ASL_VALIDATOR =
            TESTS.resolve("node/node_modules/asl-validator/dist/bin/asl-validator.js");

    /// Rules of cfn-lint whose findings are right and do no harm, with the property that they must be about.
    /// W3005: the CDK lets a function or a state machine wait for its role by name, so that it waits for the role's
    /// policy in the same list.
    private static final Map<String, String> ACCEPTED = Map.of("W3005", "DependsOn");

    @TempDir
    private Path folder;

    @Test
    void cfnLintFindsNothingElseInTheTemplates() throws Exception {
        for (Template template : List.of(Templates.aws(), Templates.oneProvider(), Templates.embedded())) {
            List<JsonNode> findings = lint(JSON.writeValueAsString(template.toJSON()));
            assertThat(findings)
                    .allSatisfy(finding -> assertThat(ACCEPTED.get(rule(finding)))
                            .as("%s", finding)
                            .isNotNull()
                            .isEqualTo(finding.at("/Location/Path/2").asString("")));
            assertThat(findings)
                    .as("accepted and found")
                    .extracting(LintTest::rule)
                    .containsAll(ACCEPTED.keySet());
        }
    }

    @Test
    void cfnLintFindsAPropertyThatDoesNotExistAValueThatIsNoneAndAResourceThatIsNotThere() throws Exception {
        String template = JSON.writeValueAsString(Templates.aws().toJSON());
        for (String right : List.of("PointInTimeRecoveryEnabled", "PAY_PER_REQUEST", "\"Ref\":\"AlertsTopic")) {
            assertThat(template).contains(right);
            template = template.replace(right, right + "s");
        }
        assertThat(lint(template)).extracting(LintTest::rule).contains("E3002", "E3030", "E1020");
    }

    @Test
    void aslValidatorFindsNothingInTheWorkflow() throws Exception {
        assertThat(validate(workflow())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "\"Next\": \"Not collected\", \"Next\": \"Nowhere\"",
        "\"Next\": \"Record the failure\", \"Next\": \"Record the fialure\"",
        "\"Condition\": \"{% $next = 'quiet' %}\", \"Condition\": \"{% $next = %}\"",
        "\"TimeoutSeconds\": 930, \"TimeoutSecond\": 930"
    })
    void aslValidatorFindsACatchThatLeadsNowhereAndWhatIsNoState(String right, String wrong) throws Exception {
        String workflow = workflow();
        assertThat(workflow).contains(right);
        assertThat(validate(workflow.replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(wrong))))
                .contains("is invalid");
    }

    private List<JsonNode> lint(String template) throws Exception {
        assumeTrue(Files.isExecutable(CFN_LINT), "skipped: no cfn-lint; .ci/analysis installs it");
        Path file = Files.writeString(folder.resolve("template.json"), inAws(template));
        List<JsonNode> findings = new ArrayList<>();
        JSON.readTree(run(CFN_LINT.toString(), "--format", "json", "--template", file.toString()))
                .forEach(findings::add);
        return findings;
    }

    private static String rule(JsonNode finding) {
        return finding.at("/Rule/Id").asString("");
    }

    /// What the validator says; nothing if it finds nothing.
    private String validate(String workflow) throws Exception {
        assumeTrue(Files.isRegularFile(ASL_VALIDATOR), "skipped: no asl-validator; .ci/analysis installs it");
        Path file = Files.writeString(folder.resolve("workflow.json"), inAws(workflow));
        String said = run(
                Objects.requireNonNullElse(System.getenv("PAIRBATCH_NODE"), "node"),
                ASL_VALIDATOR.toString(),
                "--json-path",
                file.toString());
        return said.endsWith("is valid") ? "" : said;
    }

    private static String workflow() throws IOException {
        return Files.readString(Path.of("../statemachine/pairwise-batch.asl.json"));
    }

    /// With the partition that CloudFormation puts in: without one, a state's resource is no ARN.
    private static String inAws(String text) {
        return text.replace("${Partition}", "aws");
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }
}
