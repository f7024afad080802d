package io.pairbatch.chaos.asl;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Enters one state of the workflow in this interpreter, as [StateCase] says.
final class StateRun implements Services {

    static final Execution.Id ID = Execution.Id.of("arn:aws:states:us-east-1:000000000000:stateMachine:cases", "one");
    private static final JsonNode INPUT = Script.json("{'detail': {'object': {'key': 'inbox/a/pairs.csv'}}}");

    private final StateCase of;
    private @Nullable JsonNode arguments;
    private int pauses;
    private String wait = "";

    private StateRun(StateCase of) {
        this.of = of;
    }

    /// What came of it.
    ///
    /// @param arguments of the call, null if there was none
    /// @param output null if it goes nowhere
    record Seen(
            String way,
            @Nullable JsonNode arguments,
            @Nullable JsonNode output,
            JsonNode assigns) {}

    /// The state would be tried again now.
    private static final class Retried extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Duration after;

        Retried(Duration after) {
            super("tried again", null, false, false);
            this.after = after;
        }
    }

    /// @param ways receives each of the state's ways that is gone
    static Seen of(StateCase one, StateMachine machine, Consumer<String> ways) {
        return new StateRun(one).run(machine, ways);
    }

    private Seen run(StateMachine machine, Consumer<String> ways) {
        Trace trace = new Trace() {
            @Override
            public void took(Execution execution, String state, String way) {
                ways.accept(way);
            }
        };
        Execution execution = new Execution(machine, ID, INPUT, this, trace);
        Flow flow = execution.begin();
        Map<String, Object> variables = new HashMap<>();
        of.variables().properties().forEach(each -> variables.put(each.getKey(), Values.of(each.getValue())));
        execution.scope().assign(variables);
        String way;
        JsonNode output = null;
        try {
            Flow.Step step = flow.enter(called(find(machine.top(), of.state())), Values.of(of.input()));
            output = Values.node(step.output());
            way = (step.next() == null ? "ends" : "to " + step.next()) + wait;
        } catch (Retried e) {
            way = "retry" + after(e.after);
        } catch (StateFailure e) {
            way = "fails " + e.error() + ": " + e.text();
        }
        return new Seen(way, arguments, output, changed(execution.variables()));
    }

    private static String after(Duration pause) {
        return " after " + pause.toSeconds() + " s";
    }

    private static State find(State.Level level, String name) {
        State state = level.states().get(name);
        return state != null
                ? state
                : level.states().values().stream()
                        .filter(State.MapState.class::isInstance)
                        .map(map -> ((State.MapState) map).processor().states().get(name))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
    }

    /// A Map is entered as one call that takes its items and returns what all iterations do.
    private static State called(State state) {
        return state instanceof State.MapState map
                ? new State.Task(map.name(), "iterations", map.items(), null, map.effects(), map.handling(), map.next())
                : state;
    }

    private ObjectNode changed(JsonNode variables) {
        ObjectNode changed = JsonMapper.shared().createObjectNode();
        variables.properties().forEach(each -> {
            boolean named = of.assigns().has(each.getKey());
            if (named || !each.getValue().equals(of.variables().get(each.getKey()))) {
                changed.set(each.getKey(), each.getValue());
            }
        });
        return changed;
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-01-01T00:00:00Z");
    }

    /// The attempts that the case says have been made are made first.
    @Override
    public void sleep(Duration time) {
        if (of.error() == null) {
            wait = after(time);
        } else if (++pauses > of.retries()) {
            throw new Retried(time);
        }
    }

    @Override
    public double random() {
        return 1;
    }

    @Override
    public JsonNode invoke(String resource, JsonNode given, Duration timeout) throws TaskFailed {
        arguments = given;
        JsonNode error = of.error();
        if (error != null) {
            throw new TaskFailed(
                    error.required("Error").stringValue(), error.path("Cause").asString(null));
        }
        if (of.result() == null) {
            throw new AssertionError(of.name() + ": the case has no result");
        }
        return of.result();
    }
}
