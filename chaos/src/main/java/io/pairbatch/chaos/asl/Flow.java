package io.pairbatch.chaos.asl;

import io.pairbatch.chaos.asl.State.Catcher;
import io.pairbatch.chaos.asl.State.Handling;
import io.pairbatch.chaos.asl.State.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One sequence of states on a level: that of the execution, or of an iteration of a Map.
final class Flow {

    /// The longest a task without a timeout may take, and the longest wait.
    private static final long LONGEST_SECONDS = 99_999_999;

    /// The maximum number of concurrent iterations on AWS if a Map does not limit them.
    private static final int INLINE_AT_MOST = 40;

    private final Execution execution;
    private final Services services;
    private final History history;
    private final Scope scope;
    private final @Nullable Map<String, Object> item;
    private final @Nullable Iterations within;

    /// @param item the context's part about the iteration
    /// @param within the iterations of the Map that this one belongs to
    Flow(Execution execution, Scope scope, @Nullable Map<String, Object> item, @Nullable Iterations within) {
        this.execution = execution;
        services = execution.services();
        history = execution.history();
        this.scope = scope;
        this.item = item;
        this.within = within;
    }

    /// The result of a state.
    ///
    /// @param next null at the level's end
    /// @param way which of the state's ways led there, as [Trace#took] names it
    record Step(Object output, @Nullable String next, String way) {

        Step(Object output, @Nullable String next) {
            this(output, next, next == null ? "End" : "Next");
        }
    }

    Object run(Level level, Object input) {
        Object passed = input;
        @Nullable String name = level.startAt();
        while (name != null) {
            State state = level.state(name);
            Step step = enter(state, passed);
            passed = step.output();
            name = step.next();
        }
        return passed;
    }

    Step enter(State state, Object input) {
        history.add(1);
        int entered = history.events();
        Bindings bindings = new Bindings(
                scope, input, new Context(execution.context(), state.name(), entered, services.now(), item));
        execution.trace().entered(execution, state.name());
        try {
            Step step = switch (state) {
                case State.Pass pass -> new Step(pass.effects().apply(bindings, input), pass.next());
                case State.Choice choice -> choose(choice, bindings);
                case State.Wait wait -> await(wait, bindings);
                case State.Task task ->
                    attempt(task.handling(), bindings, () -> {
                        Object result = call(task, bindings);
                        bindings.answered(result);
                        return new Step(task.effects().apply(bindings, result), task.next());
                    });
                case State.MapState map ->
                    attempt(map.handling(), bindings, () -> {
                        Object result = iterate(map, bindings);
                        bindings.answered(result);
                        return new Step(map.effects().apply(bindings, result), map.next());
                    });
                case State.Succeed succeed -> new Step(succeed.effects().apply(bindings, input), null);
                case State.Fail fail -> {
                    took(state.name(), "End");
                    throw failure(fail, bindings);
                }
            };
            took(state.name(), step.way());
            history.add(1);
            return step;
        } catch (StateFailure e) {
            throw place(e, bindings);
        }
    }

    private void took(String state, String way) {
        execution.trace().took(execution, state, way);
    }

    private Step choose(State.Choice choice, Bindings bindings) {
        for (int i = 0; i < choice.rules().size(); i++) {
            State.Rule rule = choice.rules().get(i);
            Object holds = rule.condition().evaluate(bindings);
            if (!(holds instanceof Boolean truth)) {
                throw StateFailure.type("Condition", "boolean", holds);
            }
            if (truth) {
                return new Step(rule.effects().apply(bindings, bindings.input()), rule.next(), "Choices[" + i + "]");
            }
        }
        if (choice.otherwise() == null) {
            throw StateFailure.found(
                    StateFailure.RUNTIME,
                    "Failed to transition out of the state. The state does not point to a next state.");
        }
        return new Step(choice.effects().apply(bindings, bindings.input()), choice.otherwise(), "Default");
    }

    private Step await(State.Wait wait, Bindings bindings) {
        sleep(Duration.ofSeconds(seconds(wait.seconds(), bindings, "Seconds", 0)));
        return new Step(wait.effects().apply(bindings, bindings.input()), wait.next());
    }

    private static StateFailure failure(State.Fail fail, Bindings bindings) {
        return StateFailure.given(
                text(fail.error(), bindings, "Error", "States.Fail"), text(fail.cause(), bindings, "Cause", ""));
    }

    private static String text(@Nullable Template template, Bindings bindings, String field, String missing) {
        if (template == null) {
            return missing;
        }
        Object value = template.evaluate(bindings);
        if (value instanceof String text) {
            return text;
        }
        throw StateFailure.type(field, "string", value);
    }

    private static long seconds(@Nullable Template template, Bindings bindings, String field, long least) {
        if (template == null) {
            return LONGEST_SECONDS;
        }
        Object value = template.evaluate(bindings);
        if (value instanceof Long number && number >= least && number <= LONGEST_SECONDS) {
            return number;
        }
        throw StateFailure.type(field, "integer of at least " + least, value);
    }

    private interface Attempt {

        Step run();
    }

    /// Runs a state that may fail: retries it according to its retriers, or continues at a catcher's target.
    private Step attempt(Handling handling, Bindings bindings, Attempt attempt) {
        String state = bindings.context().state();
        Attempts attempts = new Attempts(handling.retriers(), way -> took(state, way));
        while (true) {
            StateFailure failure;
            try {
                return attempt.run();
            } catch (StateFailure e) {
                failure = place(e, bindings);
            }
            execution.trace().failed(execution, state, failure.error(), failure.text());
            Duration pause = attempts.next(failure, services);
            if (pause == null) {
                return rescue(handling.catchers(), failure, bindings);
            }
            execution.trace().retrying(execution, state, pause);
            sleep(pause);
            bindings.context().retried();
        }
    }

    private Step rescue(List<Catcher> catchers, StateFailure failure, Bindings bindings) {
        for (int i = 0; i < catchers.size(); i++) {
            Catcher catcher = catchers.get(i);
            if (catcher.errors().match(failure)) {
                bindings.failed(failure);
                Object output = catcher.effects().apply(bindings, bindings.errorOutput());
                execution.trace().caught(execution, bindings.context().state(), failure.error(), catcher.next());
                return new Step(output, catcher.next(), "Catch[" + i + "]");
            }
        }
        throw failure;
    }

    private Object call(State.Task task, Bindings bindings) {
        Object arguments =
                task.arguments() == null ? bindings.input() : task.arguments().evaluate(bindings);
        Duration timeout = Duration.ofSeconds(seconds(task.timeout(), bindings, "TimeoutSeconds", 1));
        Effects.check(arguments, "arguments");
        // Scheduled and started.
        history.add(2);
        JsonNode answer;
        try {
            answer = services.invoke(task.resource(), Values.node(arguments), timeout);
        } catch (TaskFailed e) {
            leaveIfAbandoned();
            history.add(1);
            throw StateFailure.given(e.error(), e.text());
        }
        leaveIfAbandoned();
        history.add(1);
        execution.trace().answered(execution, task.name(), answer);
        Object result = Values.of(answer);
        Effects.check(result, "result");
        return result;
    }

    private Object iterate(State.MapState map, Bindings bindings) {
        Object items = map.items() == null ? bindings.input() : map.items().evaluate(bindings);
        if (!(items instanceof List<?> list)) {
            throw StateFailure.type("Items", "array", items);
        }
        Object atMost = map.atMost().evaluate(bindings);
        if (!(atMost instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
            throw StateFailure.type("MaxConcurrency", "integer of at least 0", atMost);
        }
        history.add(1);
        Iterations iterations = new Iterations(list.size(), within);
        List<Runnable> runs = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            int index = i;
            Object value = list.get(i);
            runs.add(() -> iteration(map, bindings, iterations, index, value));
        }
        try {
            services.runAll(runs, number == 0 ? INLINE_AT_MOST : number.intValue());
        } catch (StateFailure e) {
            leaveIfAbandoned();
            iterations.failed(e);
        }
        leaveIfAbandoned();
        if (iterations.over()) {
            history.add(1);
        }
        Object outputs = iterations.outputs();
        Effects.check(outputs, "result");
        history.add(1);
        return outputs;
    }

    private void iteration(State.MapState map, Bindings outer, Iterations iterations, int index, Object value) {
        if (iterations.over()) {
            throw new Iterations.Abandoned();
        }
        Map<String, Object> place = Context.item(index, value);
        try {
            history.add(1);
            Object input = value;
            if (map.selector() != null) {
                Context context = outer.context().with(place);
                input = map.selector().evaluate(new Bindings(scope, outer.input(), context));
            }
            iterations.ended(
                    index, new Flow(execution, new Scope(scope), place, iterations).run(map.processor(), input));
            history.add(1);
        } catch (StateFailure e) {
            iterations.failed(e);
            if (!e.endsExecution()) {
                history.add(1);
            }
            throw e;
        }
    }

    /// Names the state in the text of a failure that was found in it, and records the event of a failed expression.
    private StateFailure place(StateFailure failure, Bindings bindings) {
        if (failure.isPlaced()) {
            return failure;
        }
        if (failure.error().equals(StateFailure.QUERY)) {
            history.add(1);
        }
        return failure.in(bindings.context().state(), bindings.context().event());
    }

    private void sleep(Duration time) {
        services.sleep(time);
        leaveIfAbandoned();
    }

    private void leaveIfAbandoned() {
        if (within != null && within.over()) {
            throw new Iterations.Abandoned();
        }
    }
}
