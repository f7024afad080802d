package io.pairbatch.chaos.asl;

import io.pairbatch.chaos.asl.State.Handling;
import io.pairbatch.chaos.asl.State.Level;
import io.pairbatch.chaos.asl.State.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a definition and validates it.
final class DefinitionReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{(\\w+)}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_]\\w{0,79}");

    private final Map<String, String> substitutions;
    private final Set<String> stateNames = new HashSet<>();

    DefinitionReader(Map<String, String> substitutions) {
        this.substitutions = substitutions;
    }

    Level read(String json) {
        JsonNode node;
        try {
            node = JSON.readTree(substitute(json));
        } catch (JacksonException e) {
            throw new DefinitionException("definition", "not JSON", e);
        }
        Fields fields = new Fields(node, "definition");
        fields.required("QueryLanguage");
        fields.only("QueryLanguage", "JSONata");
        fields.only("Version", "1.0");
        Variables variables = new Variables();
        Level level = level(fields, variables);
        variables.check();
        return level;
    }

    private String substitute(String json) {
        Matcher found = SUBSTITUTION.matcher(json);
        return found.replaceAll(name -> {
            String value = substitutions.get(name.group(1));
            if (value == null) {
                throw new DefinitionException("definition", "no value for " + name.group());
            }
            // Inside a JSON string.
            String quoted = JSON.writeValueAsString(value);
            return Matcher.quoteReplacement(quoted.substring(1, quoted.length() - 1));
        });
    }

    private Level level(Fields fields, Variables variables) {
        String startAt = fields.text("StartAt");
        Fields named = fields.object("States");
        Map<String, State> states = new LinkedHashMap<>();
        Set<String> targets = new HashSet<>(Set.of(startAt));
        for (String name : List.copyOf(fields.required("States").propertyNames())) {
            if (!stateNames.add(name)) {
                throw named.wrong("two states are called " + name);
            }
            states.put(name, state(name, new Fields(named.required(name), name), variables, targets));
        }
        fields.end();
        for (String target : targets) {
            if (!states.containsKey(target)) {
                throw named.wrong("no state is called " + target);
            }
        }
        for (String name : states.keySet()) {
            if (!targets.contains(name)) {
                throw named.wrong("nothing leads to " + name);
            }
        }
        return new Level(startAt, Map.copyOf(states));
    }

    private State state(String name, Fields fields, Variables variables, Set<String> targets) {
        fields.only("QueryLanguage", "JSONata");
        String type = fields.text("Type");
        State state = switch (type) {
            case "Pass" -> new State.Pass(name, effects(fields, variables), next(fields, targets));
            case "Task" -> task(name, fields, variables, targets);
            case "Choice" -> choice(name, fields, variables, targets);
            case "Wait" ->
                new State.Wait(
                        name,
                        Template.read(fields.required("Seconds"), "Seconds", variables.read()),
                        effects(fields, variables),
                        next(fields, targets));
            case "Map" -> map(name, fields, variables, targets);
            case "Succeed" -> new State.Succeed(name, new Effects(Map.of(), template(fields, "Output", variables)));
            case "Fail" ->
                new State.Fail(name, template(fields, "Error", variables), template(fields, "Cause", variables));
            default -> throw fields.wrong("an unsupported type: " + type);
        };
        fields.end();
        return state;
    }

    private State task(String name, Fields fields, Variables variables, Set<String> targets) {
        String resource = fields.text("Resource");
        if (!resource.matches("arn:aws:states:::[a-z-]+:[A-Za-z]+")) {
            throw fields.wrong("an unsupported resource: " + resource);
        }
        return new State.Task(
                name,
                resource,
                template(fields, "Arguments", variables),
                template(fields, "TimeoutSeconds", variables),
                effects(fields, variables),
                handling(fields, variables, targets),
                next(fields, targets));
    }

    private State choice(String name, Fields fields, Variables variables, Set<String> targets) {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode node : fields.list("Choices")) {
            String path = "Choices[" + rules.size() + "]";
            Fields rule = new Fields(node, name + "/" + path);
            Template condition = Template.read(rule.required("Condition"), path + "/Condition", variables.read());
            if (condition instanceof Template.Constant constant && !(constant.value() instanceof Boolean)) {
                throw rule.wrong("Condition is not an expression");
            }
            rules.add(new Rule(condition, effects(rule, path + "/", variables), target(rule, "Next", targets)));
            rule.end();
        }
        String otherwise = fields.optionalText("Default");
        if (otherwise != null) {
            targets.add(otherwise);
        }
        return new State.Choice(name, List.copyOf(rules), effects(fields, variables), otherwise);
    }

    private State map(String name, Fields fields, Variables variables, Set<String> targets) {
        Template atMost = template(fields, "MaxConcurrency", variables);
        Fields processor = fields.object("ItemProcessor");
        if (processor.optional("ProcessorConfig") != null) {
            Fields config = processor.object("ProcessorConfig");
            config.only("Mode", "INLINE");
            config.end();
        }
        return new State.MapState(
                name,
                template(fields, "Items", variables),
                template(fields, "ItemSelector", variables),
                atMost == null ? new Template.Constant(0L) : atMost,
                level(processor, variables.inside()),
                effects(fields, variables),
                handling(fields, variables, targets),
                next(fields, targets));
    }

    private static Handling handling(Fields fields, Variables variables, Set<String> targets) {
        return new HandlingReader(fields, variables, targets).read();
    }

    private static Effects effects(Fields fields, Variables variables) {
        return effects(fields, "", variables);
    }

    /// @param path the location of the object with the fields in its state
    static Effects effects(Fields fields, String path, Variables variables) {
        JsonNode output = fields.optional("Output");
        Template left = output == null ? null : Template.read(output, path + "Output", variables.read());
        Map<String, Template> assign = new LinkedHashMap<>();
        if (fields.optional("Assign") != null) {
            for (Map.Entry<String, JsonNode> variable :
                    fields.required("Assign").properties()) {
                String name = variable.getKey();
                if (!VARIABLE.matcher(name).matches() || name.equals(Bindings.STATES)) {
                    throw fields.wrong("not a variable name: " + name);
                }
                variables.assigned().add(name);
                assign.put(name, Template.read(variable.getValue(), path + "Assign/" + name, variables.read()));
            }
        }
        return new Effects(assign, left);
    }

    private static @Nullable Template template(Fields fields, String name, Variables variables) {
        JsonNode node = fields.optional(name);
        return node == null ? null : Template.read(node, name, variables.read());
    }

    static String target(Fields fields, String name, Set<String> targets) {
        String target = fields.text(name);
        targets.add(target);
        return target;
    }

    private static @Nullable String next(Fields fields, Set<String> targets) {
        JsonNode end = fields.optional("End");
        if (end != null && !end.isBoolean()) {
            throw fields.wrong("End is not a boolean");
        }
        boolean ends = end != null && end.booleanValue();
        if (ends == (fields.optional("Next") != null)) {
            throw fields.wrong("has neither or both of Next and End");
        }
        return ends ? null : target(fields, "Next", targets);
    }
}
