package io.pairbatch.tests;

import io.pairbatch.cli.stack.LocalStack;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Skips the suites where they are to run on a LocalStack and there can be none on this machine, with the reason; fails
/// them instead where the system property `pairbatch.localstack.required` says so. Found by JUnit itself.
public final class OnLocalStack implements ExecutionCondition {

    /// The tag of suites that need what only LocalStack has.
    static final String ONLY = "only-localstack";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTags().contains(ONLY) && !LocalStack.wanted()) {
            return ConditionEvaluationResult.disabled("skipped: only for mvn -P localstack");
        }
        Optional<String> hindrance = LocalStack.hindrance();
        if (hindrance.isPresent() && Boolean.getBoolean("pairbatch.localstack.required")) {
            throw new IllegalStateException(hindrance.get());
        }
        return hindrance
                .map(why -> ConditionEvaluationResult.disabled("skipped: " + why))
                .orElseGet(() -> ConditionEvaluationResult.enabled("nothing hinders"));
    }
}
