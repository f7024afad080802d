package io.pairbatch.chaos.asl;

import io.pairbatch.chaos.asl.State.Level;
import java.util.Map;

/// A state machine's definition, read and validated once for all its executions.
public final class StateMachine {

    private final Level top;

    private StateMachine(Level top) {
        this.top = top;
    }

    /// Reads a definition in Amazon States Language. Refuses errors, and what this interpreter does not support.
    ///
    /// @param substitutions the values of the names that appear as `${Name}` in the definition
    public static StateMachine parse(String json, Map<String, String> substitutions) {
        return new StateMachine(new DefinitionReader(substitutions).read(json));
    }

    Level top() {
        return top;
    }
}
