package io.pairbatch.tests;

import java.lang.reflect.Method;
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
