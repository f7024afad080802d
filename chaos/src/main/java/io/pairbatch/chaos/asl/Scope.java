package io.pairbatch.chaos.asl;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of an execution, or of one iteration of a Map, which can also read the outer ones.
final class Scope {

    private final @Nullable Scope outer;
    private final Map<String, Object> variables = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    /// The variable's value; null if none was assigned.
    @Nullable
    Object variable(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /// Assigns variables of this scope; the definition was checked so that none of them belongs to `outer`.
    void assign(Map<String, Object> values) {
        variables.putAll(values);
    }

    Map<String, Object> all() {
        Map<String, Object> all = outer == null ? new LinkedHashMap<>() : outer.all();
        all.putAll(variables);
        return all;
    }
}
