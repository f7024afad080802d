package io.pairbatch.infra;

import static io.pairbatch.infra.Templates.at;
import static io.pairbatch.infra.Templates.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagReportFormat;
import io.pairbatch.backend.Backend;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.sns.Topic;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The stack under cdk-nag's AwsSolutions: nothing is found but what [Accepted] has a reason for, and each reason has
/// its finding.
class NagTest {

    /// Each choice of providers on AWS, and all other settings at once, on AWS and embedded: they change resources
    /// independently of each other.
    private static List<Map<String, Object>> settings() throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Set<Backend> providers : choices()) {
            all.add(Map.of("providers", Backend.codes(providers)));
        }
        Map<String, Object> java = Map.of("target", "embedded", "java", "/jdk/bin/java");
        all.add(java);
        all.add(others());
        Map<String, Object> embedded = new HashMap<>(others());
        embedded.putAll(java);
        embedded.put("providers", "openai");
        all.add(embedded);
        return all;
    }

    private static List<Set<Backend>> choices() {
        List<Set<Backend>> choices = new ArrayList<>(List.of(EnumSet.noneOf(Backend.class)));
        for (Backend backend : Backend.values()) {
            for (Set<Backend> choice : List.copyOf(choices)) {
                Set<Backend> more = EnumSet.copyOf(choice.isEmpty() ? Set.of(backend) : choice);
                more.add(backend);
                choices.add(more);
            }
        }
        return choices.subList(1, choices.size());
    }

    /// Every setting but `target`, `java` and `providers`, as none of them is by default.
    private static Map<String, Object> others() throws IOException {
        Path certificate = Files.writeString(
                Files.createTempFile(Files.createDirectories(Path.of("target")), "ca", ".pem"),
                "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n");
        Map<String, Object> others = new HashMap<>(Map.of(
                "stage", "pilot",
                "tags", "{\"project\":\"essays\"}",
                "permissionsBoundary", "arn:aws:iam::aws:policy/B",
                "bucketName", "kept-bucket",
                "tableName", "Kept-Table",
                "openaiService", "azure",
                "openaiBaseUrl", "https://ours.example/v1",
                "caCertificates", certificate.toString(),
                "defaults", "{\"study\":\"S\"}",
                "stateMachineFile", "../infra/../statemachine/pairwise-batch.asl.json"));
        others.putAll(Map.of("preflight", "off", "simulated", "true", "listsTrusted", "true"));
        for (String seconds :
                List.of("leaseMargin", "absenceGap", "lateWrite", "denied", "incomplete", "splitterTimeout")) {
            others.put(seconds + "Seconds", "61");
        }
        return others;
    }

    @Test
    void noSettingIsLeftAsItIsByDefault() throws Exception {
        for (RecordComponent setting : Settings.class.getRecordComponents()) {
            Set<Object> values = new HashSet<>();
            for (Map<String, Object> settings : settings()) {
                Settings read = Settings.fromContext(Templates.app(settings).getNode());
                values.add(Optional.ofNullable(setting.getAccessor().invoke(read)));
            }
            assertThat(values).as(setting.getName()).hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyFindingHasAReasonAndEveryReasonAFinding(Map<String, Object> settings) throws Exception {
        Findings findings = check(stack(settings));
        assertThat(findings.unaccepted())
                .as("mend it, or accept it at its resource with a reason (Accepted)")
                .isEmpty();
        assertThat(findings.needless()).as("accepted, but not found any more").isEmpty();
        assertThat(findings.accepted()).isGreaterThan(30);
    }

    @Test
    void whatNobodyAcceptedIsFoundAndSoIsWhatWasAcceptedForNothing() throws Exception {
        PairbatchStack stack = stack(Map.of());
        Topic open = Topic.Builder.create(stack, "Open").build();
        Accepted.finding(open, "AwsSolutions-SQS3", "A topic is no queue.");
        Findings findings = check(stack);
        assertThat(findings.unaccepted())
                .singleElement()
                .asString()
                .startsWith("/Pairbatch/Open/Resource AwsSolutions-SNS3");
        assertThat(findings.needless())
                .containsExactly("Pairbatch/Open/Resource AwsSolutions-SQS3 A topic is no queue.");
    }

    private record Findings(List<String> unaccepted, List<String> needless, int accepted) {}

    private static PairbatchStack stack(Map<String, Object> settings) {
        Map<String, Object> context = new HashMap<>(settings);
        // So that the template names its resources as the report does.
        context.put("aws:cdk:enable-path-metadata", true);
        return Templates.stack(context);
    }

    private static Findings check(PairbatchStack stack) throws Exception {
        Aspects.of(stack)
                .add(AwsSolutionsChecks.Builder.create()
                        .reportFormats(List.of(NagReportFormat.JSON))
                        .build());
        Template template = Template.fromStack(stack);
        List<String> used = new ArrayList<>();
        Path report = Path.of(
                ((App) stack.getNode().getRoot()).getOutdir(),
                "AwsSolutions-" + stack.getStackName() + "-NagReport.json");
        for (JsonNode line :
                JsonMapper.shared().readTree(Files.readString(report)).path("lines")) {
            if (line.path("compliance").asString("").equals("Suppressed")) {
                used.add(line.path("resourceId").asString("") + " "
                        + line.path("ruleId").asString("") + " "
                        + line.path("exceptionReason").asString(""));
            }
        }
        List<String> needless = new ArrayList<>();
        Templates.object(template.toJSON().get("Resources")).values().forEach(resource -> {
            for (Object rule : list(at(resource, "Metadata", "cdk_nag", "rules_to_suppress"))) {
                String start = at(resource, "Metadata", "aws:cdk:path") + " " + at(rule, "id") + " ";
                List<Object> wildcards = list(at(rule, "applies_to"));
                (wildcards.isEmpty() ? Stream.of("") : wildcards.stream().map(wildcard -> "[" + wildcard + "] "))
                        .map(wildcard -> start + wildcard + at(rule, "reason"))
                        .forEach(needless::add);
            }
        });
        needless.removeAll(used);
        return new Findings(errorsAndWarnings(stack), needless, used.size());
    }

    /// With the finding where a rule has several. The CDK has no other type for them.
    @SuppressWarnings("deprecation")
    private static List<String> errorsAndWarnings(PairbatchStack stack) {
        Annotations annotations = Annotations.fromStack(stack);
        return Stream.of(annotations.findError("*", Match.anyValue()), annotations.findWarning("*", Match.anyValue()))
                .flatMap(List::stream)
                .map(message -> message.getId() + " " + message.getEntry().getData())
                .toList();
    }
}
