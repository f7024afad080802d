package io.pairbatch.chaos.asl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The results of a state, a rule of a Choice or a catcher: variables and an output. Both are evaluated with the old
/// values of the variables.
///
/// @param output null if the field is absent
record Effects(Map<String, Template> assign, @Nullable Template output) {

    /// The maximum size in bytes of a state's input or output, of a variable, and of what one state assigns.
    static final int LARGEST = 256 * 1024;

    static final Effects NONE = new Effects(Map.of(), null);

    /// Applies both.
    ///
    /// @param otherwise the output if the definition sets none
    /// @return the output
    Object apply(Bindings bindings, Object otherwise) {
        Object left = otherwise;
        if (output != null) {
            left = output.evaluate(bindings);
            if (!output.isConstant()) {
                check(left, "output");
            }
        }
        if (!assign.isEmpty()) {
            Map<String, Object> values = LinkedHashMap.newLinkedHashMap(assign.size());
            for (Map.Entry<String, Template> variable : assign.entrySet()) {
                values.put(variable.getKey(), variable.getValue().evaluate(bindings));
            }
            check(values, "variables");
            bindings.scope().assign(values);
        }
        return left;
    }

    static void check(Object value, String what) {
        if (Values.bytesAtMost(value) > LARGEST && Values.bytes(value) > LARGEST) {
            throw StateFailure.found(
                    StateFailure.TOO_LARGE,
                    "The state's " + what + " exceed the maximum number of bytes service limit (" + LARGEST + ").");
        }
    }
}
