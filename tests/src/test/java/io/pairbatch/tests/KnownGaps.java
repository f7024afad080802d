package io.pairbatch.tests;

import io.pairbatch.cli.stack.LocalStack;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/// Where an emulator is known to differ from its service: such a case is skipped with its reason. It is run anyway, and
/// fails if it passes after all, so that its reason is removed.
///
/// @param reasons by the names of the cases; one of several is `name: argument`
record KnownGaps(Map<String, String> reasons) implements InvocationInterceptor {

    /// Those of the emulator that the suites run on.
    static KnownGaps of(Map<String, String> embedded, Map<String, String> onLocalStack) {
        return new KnownGaps(LocalStack.wanted() ? onLocalStack : embedded);
    }

    /// One reason for several cases.
    record Gap(String reason, List<String> cases) {}

    static Gap gaps(String reason, String... cases) {
        return new Gap("the emulator differs: " + reason, List.of(cases));
    }

    static Map<String, String> all(Gap... gaps) {
        Map<String, String> reasons = new HashMap<>();
        for (Gap gap : gaps) {
            gap.cases().forEach(name -> reasons.put(name, gap.reason()));
        }
        return reasons;
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext extension)
            throws Throwable {
        run(context.getExecutable().getName(), invocation);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> context, ExtensionContext extension)
            throws Throwable {
        run(context.getExecutable().getName() + ": " + context.getArguments().getFirst(), invocation);
    }

    private void run(String name, Invocation<Void> invocation) throws Throwable {
        String reason = reasons.get(name);
        if (reason == null) {
            invocation.proceed();
            return;
        }
        try {
            invocation.proceed();
        } catch (Exception | AssertionError e) {
            throw new TestAbortedException(reason, e);
        }
        throw new AssertionError("this gap is closed, remove its reason: " + reason);
    }
}
