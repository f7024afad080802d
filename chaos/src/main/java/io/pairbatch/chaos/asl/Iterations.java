package io.pairbatch.chaos.asl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The iterations of one run of a Map: their outputs, and the first failure, which ends all of them.
final class Iterations {

    /// Ends an iteration that is still running after its Map has failed.
    static final class Abandoned extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("its Map has failed already", null, false, false);
        }
    }

    private final @Nullable Iterations outer;
    private final List<@Nullable Object> outputs;
    private @Nullable StateFailure first;

    /// @param outer those of the enclosing Map
    Iterations(int size, @Nullable Iterations outer) {
        this.outer = outer;
        outputs = new ArrayList<>(Collections.nCopies(size, null));
    }

    void ended(int index, Object output) {
        outputs.set(index, output);
    }

    void failed(StateFailure failure) {
        if (first == null) {
            first = failure;
        }
    }

    /// Whether nobody waits for their results any more.
    boolean over() {
        return first != null || (outer != null && outer.over());
    }

    /// The outputs in the order of the items.
    List<Object> outputs() {
        if (first != null) {
            throw first;
        }
        List<Object> all = new ArrayList<>(outputs.size());
        for (Object output : outputs) {
            all.add(Objects.requireNonNull(output, "an iteration was not run"));
        }
        return all;
    }
}
