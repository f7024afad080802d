package io.pairbatch.chaos.asl;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A state of the definition, read and validated. `next` is null in a state that ends its level.
sealed interface State {

    String name();

    record Pass(String name, Effects effects, @Nullable String next) implements State {}

    /// Calls a resource.
    ///
    /// @param arguments null for the state's input
    /// @param timeout null for AWS's maximum
    record Task(
            String name,
            String resource,
            @Nullable Template arguments,
            @Nullable Template timeout,
            Effects effects,
            Handling handling,
            @Nullable String next)
            implements State {}

    /// Continues according to the first rule that holds.
    ///
    /// @param effects of the state itself: used if no rule holds
    /// @param otherwise the default; null if there is none
    record Choice(
            String name,
            List<Rule> rules,
            Effects effects,
            @Nullable String otherwise) implements State {}

    record Rule(Template condition, Effects effects, String next) {}

    record Wait(
            String name,
            Template seconds,
            Effects effects,
            @Nullable String next) implements State {}

    /// Runs a level of states for each item.
    ///
    /// @param items null for the state's input
    /// @param selector null if the item is the input of its iteration
    record MapState(
            String name,
            @Nullable Template items,
            @Nullable Template selector,
            Template atMost,
            Level processor,
            Effects effects,
            Handling handling,
            @Nullable String next)
            implements State {}

    record Succeed(String name, Effects effects) implements State {}

    record Fail(
            String name, @Nullable Template error, @Nullable Template cause) implements State {}

    /// Connected states: the machine's own, or those of a Map's processor.
    record Level(String startAt, Map<String, State> states) {

        State state(String name) {
            State state = states.get(name);
            if (state == null) {
                throw new IllegalStateException("no state " + name);
            }
            return state;
        }
    }

    /// What happens after a failure.
    record Handling(List<Retrier> retriers, List<Catcher> catchers) {}

    /// How a failure is retried.
    ///
    /// @param interval seconds before the first retry
    /// @param longest the maximum number of seconds before a retry
    record Retrier(
            Errors errors, double interval, int maxAttempts, double backoffRate, double longest, boolean fullJitter) {}

    record Catcher(Errors errors, Effects effects, String next) {}
}
