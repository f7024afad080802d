package io.pairbatch.chaos.asl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A path: its start, and the names and predicates after it.
///
/// JSONata distinguishes a list in the data from the results that a path has collected: the latter become the item
/// itself if there is one, and nothing if there is none. [Gathered] marks them while a path is evaluated.
record PathNode(Node head, List<Predicate> predicates, List<Step> steps) implements Node {

    /// A name, and the predicates after it.
    record Step(String name, List<Predicate> predicates) {}

    /// A position, or a condition.
    ///
    /// @param condition null for a position
    record Predicate(int position, @Nullable Node condition) {}

    private static final class Gathered extends ArrayList<Object> {

        private static final long serialVersionUID = 1L;
    }

    @Override
    public @Nullable Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
        Object value = filtered(head.of(bindings, context), predicates, bindings);
        for (int i = 0; i < steps.size() && value != null; i++) {
            Step step = steps.get(i);
            if (value instanceof Map<?, ?> map && step.predicates().isEmpty()) {
                value = map.get(step.name());
            } else {
                value = step(value, step, i == steps.size() - 1, bindings);
            }
        }
        return settled(value);
    }

    private static @Nullable Object step(Object value, Step step, boolean last, Bindings bindings)
            throws ExpressionFailed {
        List<Object> found = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : List.of(value)) {
            Object result = filtered(single(field(item, step.name())), step.predicates(), bindings);
            if (result != null) {
                found.add(result);
            }
        }
        if (last && found.size() == 1 && found.get(0) instanceof List && !(found.get(0) instanceof Gathered)) {
            return found.get(0);
        }
        Gathered all = new Gathered();
        for (Object result : found) {
            if (result instanceof List<?> list) {
                all.addAll(list);
            } else {
                all.add(result);
            }
        }
        return all.isEmpty() ? null : all;
    }

    private static @Nullable Object field(Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return map.get(name);
        }
        if (!(value instanceof List<?> list)) {
            return null;
        }
        Gathered all = new Gathered();
        for (Object item : list) {
            Object found = field(item, name);
            if (found instanceof List<?> more) {
                all.addAll(more);
            } else if (found != null) {
                all.add(found);
            }
        }
        return all;
    }

    private static @Nullable Object filtered(@Nullable Object value, List<Predicate> predicates, Bindings bindings)
            throws ExpressionFailed {
        Object left = value;
        for (int i = 0; i < predicates.size() && left != null; i++) {
            left = filtered(left, predicates.get(i), bindings);
        }
        return left;
    }

    private static @Nullable Object filtered(Object value, Predicate predicate, Bindings bindings)
            throws ExpressionFailed {
        List<?> items = value instanceof List<?> list ? list : List.of(value);
        Gathered held = new Gathered();
        Node condition = predicate.condition();
        if (condition == null) {
            int position = predicate.position() < 0 ? items.size() + predicate.position() : predicate.position();
            if (position < 0 || position >= items.size()) {
                return held;
            }
            Object item = items.get(position);
            if (item instanceof List) {
                return item;
            }
            held.add(item);
            return held;
        }
        for (Object item : items) {
            if (Operators.truth(condition.of(bindings, item))) {
                held.add(item);
            }
        }
        return held;
    }

    /// The collected results as a value, if there is none or one.
    private static @Nullable Object single(@Nullable Object value) {
        if (value instanceof Gathered all && all.size() < 2) {
            return all.isEmpty() ? null : all.get(0);
        }
        return value;
    }

    private static @Nullable Object settled(@Nullable Object value) {
        Object settled = single(value);
        return settled instanceof Gathered all ? new ArrayList<>(all) : settled;
    }
}
