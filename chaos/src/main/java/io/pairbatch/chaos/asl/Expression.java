package io.pairbatch.chaos.asl;

import org.jspecify.annotations.Nullable;

/// A JSONata expression, parsed once and used by all executions.
interface Expression {

    /// Evaluates the expression.
    ///
    /// @return null if it yields nothing
    @Nullable
    Object evaluate(Bindings bindings) throws ExpressionFailed;
}
