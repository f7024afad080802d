package io.pairbatch.chaos.asl;

import org.jspecify.annotations.Nullable;

/// A part of an expression that this interpreter evaluates itself.
interface Node {

    /// Evaluates the part.
    ///
    /// @param context what names refer to: an item, inside a predicate; null outside
    /// @return null if it yields nothing
    @Nullable
    Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed;

    /// Whether it yields true, false or nothing, never a number: then a predicate treats it as a condition, not as a
    /// position.
    default boolean isCondition() {
        return false;
    }

    record Literal(Object value) implements Node {

        @Override
        public Object of(Bindings bindings, @Nullable Object context) {
            return value;
        }
    }

    record Variable(String name) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) {
            return bindings.variable(name);
        }
    }

    /// A field of `$states`: the same as a variable, without computing all of its fields.
    record OfStates(String field) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) {
            return bindings.ofStates(field);
        }
    }

    /// A field of `$states.context`.
    record OfContext(String field) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) {
            return bindings.context().field(field);
        }
    }

    record Context() implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) {
            return context;
        }
    }

    /// `condition ? then : otherwise`.
    ///
    /// @param otherwise null if it is absent
    record Conditional(Node condition, Node then, @Nullable Node otherwise) implements Node {

        @Override
        public @Nullable Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            if (Operators.truth(condition.of(bindings, context))) {
                return then.of(bindings, context);
            }
            return otherwise == null ? null : otherwise.of(bindings, context);
        }
    }
}
