package io.pairbatch.chaos.asl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The names of the variables that the states of a level assign and read, including the levels inside it.
final class Variables {

    private final Set<String> assigned = new HashSet<>();
    private final Set<String> read = new HashSet<>();
    private final List<Variables> inner = new ArrayList<>();

    Set<String> assigned() {
        return assigned;
    }

    Set<String> read() {
        return read;
    }

    /// Those of an inner level.
    Variables inside() {
        Variables level = new Variables();
        inner.add(level);
        return level;
    }

    /// Checks that every variable that is read is assigned somewhere, and that no level assigns a variable of an outer
    /// one.
    void check() {
        check(Set.of());
    }

    private void check(Set<String> around) {
        for (String name : assigned) {
            if (around.contains(name)) {
                throw new DefinitionException("$" + name, "a variable of an outer level is assigned in an inner one");
            }
        }
        Set<String> visible = new HashSet<>(around);
        visible.addAll(assigned);
        for (String name : read) {
            if (!visible.contains(name) && !name.equals(Bindings.STATES)) {
                throw new DefinitionException("$" + name, "no state assigns this variable");
            }
        }
        inner.forEach(level -> level.check(visible));
    }
}
