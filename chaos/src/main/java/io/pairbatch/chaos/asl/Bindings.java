package io.pairbatch.chaos.asl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the expressions of a state see during one run: the variables, and `$states`.
final class Bindings {

    /// The name of `$states`, without its sign.
    static final String STATES = "states";

    private final Scope scope;
    private final Object input;
    private final Context context;
    private @Nullable Object result;
    private @Nullable Object errorOutput;

    Bindings(Scope scope, Object input, Context context) {
        this.scope = scope;
        this.input = input;
        this.context = context;
    }

    Scope scope() {
        return scope;
    }

    Object input() {
        return input;
    }

    Context context() {
        return context;
    }

    void answered(Object value) {
        result = value;
    }

    /// Removes the result of the state.
    void failed(StateFailure failure) {
        result = null;
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("Error", failure.error());
        String text = failure.text();
        if (text != null) {
            output.put("Cause", text);
        }
        errorOutput = output;
    }

    /// The output of a state whose failure was caught.
    Object errorOutput() {
        return Objects.requireNonNull(errorOutput);
    }

    /// A variable's value, including `$states`; null if it does not exist.
    @Nullable
    Object variable(String name) {
        return name.equals(STATES) ? states() : scope.variable(name);
    }

    /// A field of `$states`; null if it does not exist at the moment.
    @Nullable
    Object ofStates(String field) {
        return switch (field) {
            case "input" -> input;
            case "result" -> result;
            case "errorOutput" -> errorOutput;
            case "context" -> context.value();
            default -> null;
        };
    }

    private Map<String, Object> states() {
        Map<String, Object> states = new LinkedHashMap<>();
        states.put("input", input);
        states.put("context", context.value());
        if (result != null) {
            states.put("result", result);
        }
        if (errorOutput != null) {
            states.put("errorOutput", errorOutput);
        }
        return states;
    }
}
