package io.pairbatch.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What holds for every state of the workflow, including new ones.
class WorkflowDefinitionTest {

    private static final int LONGEST_FUNCTION_SECONDS = 900;
    private static final String STEPS = ".*(Splitter|Poller|Collector|Merger).*";

    private final String text = Files.readString(Path.of("../statemachine/pairwise-batch.asl.json"));
    private final JsonNode machine = new JsonMapper().readTree(text);
    private final Map<String, JsonNode> states = Map.copyOf(states());

    WorkflowDefinitionTest() throws IOException {}

    private Map<String, JsonNode> states() {
        Map<String, JsonNode> all = new HashMap<>();
        machine.path("States").properties().forEach(e -> {
            all.put(e.getKey(), e.getValue());
            e.getValue().at("/ItemProcessor/States").properties().forEach(i -> all.put(i.getKey(), i.getValue()));
        });
        return all;
    }

    @Test
    void everyTaskHasATimeoutAndARetryPolicy() {
        assertThat(tasks()).isNotEmpty().allSatisfy(task -> {
            assertThat(task.path("TimeoutSeconds").asInt(0)).isPositive();
            assertThat(task.path("Retry").size()).isPositive();
        });
    }

    @Test
    void everyStepIsRetriedInTheSameWay() {
        Set<JsonNode> policies = new HashSet<>();
        tasks().stream()
                .filter(task -> task.at("/Arguments/FunctionName").asString("").matches(STEPS))
                .forEach(task -> policies.add(task.path("Retry")));
        assertThat(policies).hasSize(1);
    }

    @Test
    void aTaskNeverEndsBeforeTheFunctionThatItCalls() {
        assertThat(tasks())
                .filteredOn(
                        task -> task.at("/Arguments/FunctionName").asString("").matches(STEPS))
                .hasSize(6)
                .allSatisfy(task ->
                        assertThat(task.path("TimeoutSeconds").asInt()).isGreaterThan(LONGEST_FUNCTION_SECONDS));
    }

    @Test
    void everyVariableThatIsReadIsSetAtTheStartOrByThePreviousStep() {
        Set<String> read = new HashSet<>();
        Matcher variables = Pattern.compile("\\$([a-z_]+)\\b(?!\\()").matcher(text.replace("$states", ""));
        while (variables.find()) {
            read.add(variables.group(1));
        }
        Set<String> set = new HashSet<>(List.of("next", "wait_seconds", "pause"));
        set.addAll(machine.at("/States/Begin/Assign").propertyNames());
        assertThat(set).containsAll(read);
    }

    @Test
    void everyStateIsReachedAndLeadsToOneThatExists() {
        List<String> targets = new ArrayList<>();
        Matcher next =
                Pattern.compile("\"(?:StartAt|Next|Default)\": \"([^\"]+)\"").matcher(text);
        while (next.find()) {
            targets.add(next.group(1));
        }
        assertThat(Set.copyOf(targets)).containsExactlyInAnyOrderElementsOf(states.keySet());
    }

    @Test
    void noProblemWithAnAnnouncementChangesHowTheJobEnded() {
        JsonNode announce = machine.at("/States/Announce");
        assertThat(announce.at("/Catch/0/ErrorEquals/0").asString("")).isEqualTo("States.ALL");
        assertThat(announce.at("/Catch/0/Next")).isEqualTo(announce.path("Next"));
        assertThat(announce.at("/Catch/0/Assign")).isEqualTo(announce.path("Assign"));
    }

    @Test
    void subscribersCanFilterAnnouncementsByStateAndJob() {
        // Checked here because the emulator drops the attributes that the workflow sends.
        assertThat(machine.at("/States/Announce").at("/Arguments/MessageAttributes").properties().stream()
                        .map(attribute -> attribute.getKey() + " "
                                + attribute.getValue().path("DataType").asString("") + " "
                                + attribute.getValue().path("StringValue").asString("")))
                .containsExactly("state String {% $announcement.state %}", "job String {% $announcement.job %}");
    }

    @Test
    void noArnIsHardCoded() {
        // China's and the governments' regions are partitions of their own.
        assertThat(text).contains("arn:${Partition}:states:::lambda:invoke").doesNotContain("arn:aws");
    }

    private List<JsonNode> tasks() {
        return states.values().stream()
                .filter(s -> s.path("Type").asString("").equals("Task"))
                .toList();
    }
}
